import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { promisify } from 'node:util';

export const root = resolve(__dirname, '..', '..', '..');

const run = promisify(execFile);

/** A data folder of the test's own; removed when disposed. */
export class DataFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'oxtender-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface StartOptions {
  readonly seed?: 'demo' | 'none';
  /** Configuration for this run: `--set key=value`. */
  readonly set?: Readonly<Record<string, string>>;
  /** Beside the test's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The real host in a process of its own, started as a person starts it. */
export class HostProcess implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly data: string,
    readonly process: ChildProcess,
    /** Lines of the log, as far as they were written. */
    readonly log: string[],
    readonly logLines: Interface,
  ) {}

  static async start(data: string, options: StartOptions = {}): Promise<HostProcess> {
    const set = Object.entries(options.set ?? {}).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const args = ['--port', '0', '--data', data, '--seed', options.seed ?? 'demo', ...set];
    return HostProcess.run(data, join(root, 'scripts', 'start'), args, options.env);
  }

  /** Another program that is a host, as the packages install one. */
  static async run(
    data: string,
    program: string,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<HostProcess> {
    const env = { ...process.env, OXTENDER_PREPARED: '1', ...more };
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    const logLines = createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const lines = createInterface({ input: child.stdout });
    const ready = (async () => {
      for await (const line of lines) {
        const match = /^ready (http:\S+)$/.exec(line);
        if (match?.[1] !== undefined) return match[1];
      }
      throw new Error(`the host ended before it was ready:\n${log.slice(-40).join('\n')}`);
    })();
    return new HostProcess(await ready, data, child, log, logLines);
  }

  /** Runs `oxtender` against this host; its output as text. */
  async cli(...args: readonly string[]): Promise<string> {
    const program = join(root, 'host', 'bin', 'oxtender.js');
    const { stdout } = await run(process.execPath, [program, '--data', this.data, ...args], { cwd: root });
    return stdout;
  }

  /** The same where bad news is no error: all that it wrote, and its exit status. */
  async cliOutcome(...args: readonly string[]): Promise<{ status: number; text: string }> {
    try {
      return { status: 0, text: await this.cli(...args) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, text: stdout + stderr };
    }
  }

  /** The same where it may fail: what it wrote, and its exit status. */
  async cliStatus(...args: readonly string[]): Promise<{ status: number; text: string }> {
    try {
      return { status: 0, text: await this.cli(...args) };
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { status: code, text: stderr };
    }
  }

  /** Waits for a line of the log that comes after the first `from` lines. */
  async logged(matches: (line: string) => boolean, from = 0): Promise<string> {
    for (;;) {
      const found = this.log.slice(from).find(matches);
      if (found !== undefined) return found;
      await once(this.logLines, 'line');
    }
  }

  /** A figure of the host's metrics, the sum over its labels; 0 when there is none. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const values = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'));
    return Array.from(values, ([, value]) => Number(value)).reduce((sum, value) => sum + value, 0);
  }

  /** Waits until a figure is as wanted. */
  async metricIs(name: string, wanted: (value: number) => boolean): Promise<void> {
    while (!wanted(await this.metric(name)));
  }

  /** @returns the exit status */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const ended = once(this.process, 'exit') as Promise<[number | null]>;
    this.process.kill(signal);
    return (await ended)[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
  }
}
