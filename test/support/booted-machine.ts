import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DataFolder } from './host-process';
import { overlayOf, type SpareMachineOutcome } from './spare-machine';

const systemd = '/lib/systemd/systemd';

/** What boots: the script, and nothing of the machine's own services. */
const unit = `[Unit]
Description=What the test does
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/bash /spare/script
ExecStopPost=/bin/sh -c 'echo $EXIT_STATUS > /spare/status; systemctl exit'
StandardOutput=append:/spare/output
StandardError=append:/spare/output
`;

/**
 * A copy of this machine, as {@link SpareMachine}, that systemd has booted: the script is a unit of it, and it goes down when the
 * script ends. Its name spaces and its control group are its own.
 */
export class BootedMachine implements Disposable {
  readonly #folder = new DataFolder();

  /** Why this machine cannot have one; undefined when it can. */
  static async obstacle(): Promise<string | undefined> {
    if (process.getuid?.() !== 0) return 'it needs root';
    if (!existsSync(systemd)) return 'systemd is not installed';
    if (cgroups() === undefined) return 'there is no cgroup2 file system';
    try {
      using machine = new BootedMachine();
      const { status, text } = await machine.run('test "$(cat /proc/1/comm)" = systemd', 20_000);
      return status === 0 ? undefined : `systemd did not boot: ${text.trim().slice(-300)}`;
    } catch (error) {
      return `systemd cannot boot: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /**
   * Runs a script of bash in it.
   *
   * @param limit - milliseconds
   * @throws Error where no control group can be made
   */
  async run(script: string, limit = 200_000): Promise<SpareMachineOutcome> {
    const shared = join(this.#folder.path, 'spare');
    mkdirSync(shared, { recursive: true });
    writeFileSync(join(shared, 'script'), script);
    const group = join(cgroups() ?? '', `oxtender-test-${process.pid}`);
    mkdirSync(group);
    try {
      const started = ['-c', `echo $$ > ${group}/cgroup.procs; exec unshare "$@"`, 'bash', ...this.#command(shared)];
      const child = spawn('bash', started, {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limit,
        killSignal: 'SIGKILL',
      });
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await once(child, 'close');
      const status = existsSync(join(shared, 'status')) ? Number(readFileSync(join(shared, 'status'), 'utf8')) : null;
      const output = join(shared, 'output');
      return { status, text: existsSync(output) ? readFileSync(output, 'utf8') : text };
    } finally {
      while (!isEmpty(group)) await nextTurn();
      removeGroup(group);
    }
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }

  /** Arguments of unshare(1). */
  #command(shared: string): string[] {
    const layers = join(this.#folder.path, 'layers');
    const place = join(this.#folder.path, 'machine');
    for (const folder of [layers, place]) mkdirSync(folder, { recursive: true });
    const outside = [
      ...overlayOf(layers, place),
      `mount -t tmpfs tmpfs ${place}/run`,
      `mount -t sysfs -o ro sysfs ${place}/sys`,
      `mount -t cgroup2 cgroup2 ${place}/sys/fs/cgroup`,
      `mkdir ${place}/spare`,
      `mount --bind ${shared} ${place}/spare`,
      // At a boot /tmp is emptied, where the packages of tests lie.
      `ln -sf /dev/null ${place}/etc/tmpfiles.d/tmp.conf`,
      `printf '%s' "$1" > ${place}/etc/systemd/system/spare.service`,
      'ip link set lo up',
      `exec env container=spare chroot ${place} ${systemd} --unit=spare.service --log-target=console`,
    ];
    const spaces = ['--mount', '--net', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child'];
    return [...spaces, 'bash', '-c', outside.join('\n'), 'bash', unit];
  }
}

/** Where the one hierarchy of control groups is mounted. */
function cgroups(): string | undefined {
  const lines = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return lines.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1];
}

/** False while processes of it are still being taken down. cgroups(7), "cgroup.events file". */
function isEmpty(group: string): boolean {
  return /^populated 0$/m.test(readFileSync(join(group, 'cgroup.events'), 'utf8'));
}

/** Those that systemd made in it first. */
function removeGroup(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(group, entry.name));
  rmdirSync(group);
}
