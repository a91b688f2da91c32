import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** What the server writes when it serves. */
  readonly ready: RegExp;
  /** Deleted when this process ends without having stopped the server. */
  readonly folder: string;
}

/** Kills the server and deletes its folder when its standard input ends: when the process that held it has died. */
const reaper = 'read answer; [ "$answer" = done ] || { kill -9 "$1"; rm -rf "$2"; }';

/**
 * A server for tests. Does not keep this process alive, and does not outlive it, also when it is killed.
 */
export class ServerProcess {
  #child: ChildProcess | undefined;
  #reaper: ChildProcess | undefined;
  #suspended = false;

  constructor(private readonly command: ServerCommand) {}

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('server is not running');
    return this.#child.pid;
  }

  /** Resolves when the server serves; at once when it does already. @throws Error with the end of what it wrote */
  async start(more: readonly string[] = []): Promise<void> {
    if (this.#running) return;
    const { program, args, folder } = this.command;
    const child = spawn(program, [...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    await this.#untilReady(child);
    this.#reaper = spawn('/bin/sh', ['-c', reaper, 'reaper', String(child.pid), folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    for (const handle of [child, child.stdout, child.stderr, this.#reaper, this.#reaper.stdin])
      (handle as Socket | null)?.unref();
  }

  /** Sends the signal, and resolves when the process has ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || !this.#running) return;
    this.resume();
    child.ref();
    child.kill(signal);
    await once(child, 'exit');
    this.#reaper?.stdin?.end('done\n');
  }

  /** Stops the process from answering, as a network that fails does, until `resume`. */
  async suspend(): Promise<void> {
    process.kill(this.pid, 'SIGSTOP');
    this.#suspended = true;
    while (!isStopped(this.pid)) await new Promise(setImmediate);
  }

  resume(): void {
    if (this.#suspended) process.kill(this.pid, 'SIGCONT');
    this.#suspended = false;
  }

  get #running(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const look = (chunk: Buffer): void => {
        output = (output + chunk.toString()).slice(-4000);
        if (this.command.ready.test(output)) resolve();
      };
      // Goes on being read, or the server would stop when the pipe is full.
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`${this.command.program} ended:\n${output}`)));
    });
  }
}

/** The signal is quicker than its effect: threads that are just running go on for a while. Linux tells; elsewhere, hope. */
function isStopped(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return true;
  return readdirSync(threads).every((id) => /\) [tT] /.test(readFileSync(`${threads}/${id}/stat`, 'latin1')));
}
