import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HostClient } from '../../src/cli/client';
import { CommandLine } from '../../src/cli/command-line';

const dist = join(__dirname, '../../src');
/** The program `oxtender`. */
export const cli = join(__dirname, '../../../bin/oxtender.js');

export interface LogLine {
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** The host as a process of its own. */
export class MainProcess {
  readonly lines: LogLine[] = [];
  readonly output: string[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #ended: Promise<number | null>;

  private constructor(
    readonly data: string,
    readonly child: ChildProcess,
  ) {
    this.#ended = once(child, 'exit').then(([status]) => status as number | null);
    createInterface({ input: child.stderr! }).on('line', (line) =>
      this.#add(this.lines, line.startsWith('{') ? (JSON.parse(line) as LogLine) : { msg: line }),
    );
    createInterface({ input: child.stdout! }).on('line', (line) => this.#add(this.output, line));
    void this.#ended.then(() => this.#tell());
  }

  /** @param program - what runs it: the host by itself, or `oxtender run` */
  static start(
    data: string,
    args: readonly string[] = [],
    program: readonly string[] = [join(dist, 'main.js')],
  ): MainProcess {
    const child = spawn(process.execPath, [...program, '--data', data, '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new MainProcess(data, child);
    running.add(started);
    return started;
  }

  /** The URL, once it is ready. */
  async ready(): Promise<string> {
    const line = await this.#until(() => this.output.find((each) => each.startsWith('ready ')));
    return line.slice('ready '.length);
  }

  /** A line of the log with this message, now or later. */
  async logged(message: string, after = 0): Promise<LogLine> {
    return this.#until(() => this.lines.slice(after).find(({ msg }) => msg === message));
  }

  async loggedLike(matches: (line: LogLine) => boolean): Promise<LogLine> {
    return this.#until(() => this.lines.find(matches));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The exit status. */
  async ended(): Promise<number | null> {
    const status = await this.#ended;
    running.delete(this);
    return status;
  }

  /** Runs a command line of the CLI against this host, in this process. */
  async oxtender(...words: string[]): Promise<CliResult> {
    const written = { out: '', error: '' };
    const terminal = {
      out: (text: string) => void (written.out += text),
      error: (text: string) => void (written.error += text),
      interactive: false,
    };
    const status = await new CommandLine(new HostClient(this.data), terminal).execute(words);
    return { status, ...written };
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.child.exitCode !== null) throw new Error(`the host ended: ${JSON.stringify(this.lines.slice(-3))}`);
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  #add<T>(list: T[], item: T): void {
    list.push(item);
    this.#tell();
  }

  #tell(): void {
    const waiting = [...this.#listeners];
    this.#listeners.clear();
    for (const resolve of waiting) resolve();
  }
}

const running = new Set<MainProcess>();

/** For `afterEach`. */
export async function killAll(): Promise<void> {
  for (const each of running) {
    each.kill('SIGKILL');
    await each.ended();
  }
}

export interface CliResult {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** Runs the CLI as a program. */
export function oxtender(args: readonly string[], options: { input?: string; home?: string } = {}): Promise<CliResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...(options.home !== undefined && { HOME: options.home }) };
    const child = execFile(process.execPath, [cli, ...args], { env }, (_failure, out, error) =>
      resolve({ status: child.exitCode ?? -1, out, error }),
    );
    child.stdin?.end(options.input ?? '');
  });
}
