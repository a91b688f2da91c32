import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder, root } from './host-process';

export interface SpareMachineOutcome {
  readonly status: number | null;
  /** All that was written. */
  readonly text: string;
}

/**
 * A copy of this machine that programs may do with as they like: its files lie above those of the machine (overlayfs), its network is
 * a loopback of its own. Everything in it ends with the script.
 */
export class SpareMachine implements Disposable {
  readonly #folder = new DataFolder();

  /** False without root, where the kernel has no overlays or name spaces for us, or where the project lies on another disk. */
  static get isPossible(): boolean {
    using machine = new SpareMachine();
    return (
      process.getuid?.() === 0 &&
      spawnSync('unshare', machine.#command(`test -e ${root}/package.json`), { timeout: 20_000 }).status === 0
    );
  }

  /** Runs a script of bash in it. */
  async run(script: string): Promise<SpareMachineOutcome> {
    const child = spawn('unshare', this.#command(script), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, text };
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }

  /** Arguments of unshare(1): name spaces for mounts, network and processes, all of which end with the first one. */
  #command(script: string): string[] {
    const layers = join(this.#folder.path, 'layers');
    const place = join(this.#folder.path, 'machine');
    for (const folder of [layers, place]) mkdirSync(folder, { recursive: true });
    const inside = join(this.#folder.path, 'script');
    writeFileSync(inside, script);
    const outside = [...overlayOf(layers, place), 'ip link set lo up', `exec chroot ${place} bash ${inside}`];
    return ['--mount', '--net', '--pid', '--fork', '--kill-child', 'bash', '-c', outside.join('\n')];
  }
}

/** Mounts the files of this machine at `place`, where whatever is written is gone in the end. */
export function overlayOf(layers: string, place: string): string[] {
  return [
    'set -e',
    `mount -t tmpfs tmpfs ${layers}`,
    `mkdir ${layers}/above ${layers}/work`,
    `mount -t overlay overlay -o lowerdir=/,upperdir=${layers}/above,workdir=${layers}/work ${place}`,
    `mount -t proc proc ${place}/proc`,
    `mount --rbind /dev ${place}/dev`,
  ];
}

/** Becomes `nodejs` of Debian where Node.js is from elsewhere; packages that dpkg configures may start services. */
export const preparedForPackages = `
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
rm -f /usr/sbin/policy-rc.d /etc/dpkg/dpkg.cfg.d/docker*
# Where Node.js is no package of Debian's, it is one here.
dpkg -s nodejs > /dev/null 2>&1 || {
  printf 'Package: nodejs\nStatus: install ok installed\nMaintainer: none\nArchitecture: all\nVersion: 20.19.0\nDescription: elsewhere\n\n' >> /var/lib/dpkg/status
  ln -s "$(command -v node)" /usr/bin/node
}
`;
