import { Command, CommanderError } from 'commander';
import { userInfo } from 'node:os';
import { errorColors } from './colors';
import type { CommandDescription } from '@oxtender/bundle-api';
import { dataFolder } from '../launch/command-line';
import { ClientError, type HostClient } from './client';
import { addLocalCommands } from './local-commands';
import { CarriedFiles } from './carried-files';
import { addCommands, type Invocation } from './program';
import { Progress } from './progress';
import { printable, printableJson } from './printable';
import { render } from './render';
import { withSecrets } from './secret-options';

/** Exit status (rule O1). */
export const ExitStatus = { done: 0, failed: 1, misused: 2 } as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** Where a command's output goes. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** A person watches: progress is shown. */
  readonly interactive: boolean;
}

export interface ExecuteOptions {
  /** Interrupts the command. */
  readonly signal?: AbortSignal;
}

/** Runs command lines against one host. */
export class CommandLine {
  /** Of the command that runs: it may be done, and have bad news. */
  #status: ExitStatus = ExitStatus.done;

  constructor(
    readonly client: HostClient,
    private readonly terminal: Terminal,
  ) {}

  /** One command line, without the program's name. Errors are told on the terminal. */
  async execute(words: readonly string[], options: ExecuteOptions = {}): Promise<ExitStatus> {
    this.#status = ExitStatus.done;
    const { program, missing } = await this.#program(words, options);
    try {
      await program.parseAsync(
        words.filter((word) => word !== '--json'),
        { from: 'user' },
      );
      return this.#status;
    } catch (error) {
      if (!(error instanceof CommanderError)) return this.#fail(error);
      if (missing && error.code === 'commander.unknownCommand') return this.#fail(missing);
      return error.exitCode === 0 ? ExitStatus.done : ExitStatus.misused;
    }
  }

  /** The host's commands as it describes them. @throws ClientError */
  async describe(): Promise<CommandDescription[]> {
    return (await this.client.request({ kind: 'describe' })).result as CommandDescription[];
  }

  async #program(
    words: readonly string[],
    options: ExecuteOptions,
  ): Promise<{ program: Command; missing?: ClientError }> {
    const { terminal } = this;
    const program = new Command('oxtender')
      .description('Operate an OXtender host: its bundles, configuration, health and log.')
      .option('--data <dir>', 'data folder of the host', dataFolder())
      .option('--json', 'print JSON, for scripts')
      .exitOverride()
      .configureHelp({ showGlobalOptions: true })
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.error(text) });
    const local = addLocalCommands(program, this, terminal);
    if (local.includes(words.find((word) => !word.startsWith('-')) ?? '')) return { program };
    try {
      const json = words.includes('--json');
      addCommands(program, await this.describe(), (invocation) => this.#invoke(invocation, json, options));
      return { program };
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      // The one thing to say is that there is no host: not that its command is unknown.
      program.configureOutput({ outputError: () => undefined }).addHelpText('after', `\n${error.message}`);
      return { program, missing: error };
    }
  }

  async #invoke(invocation: Invocation, json: boolean, { signal }: ExecuteOptions): Promise<void> {
    const { command, dryRun } = invocation;
    const options = await withSecrets(invocation);
    await using carried = await CarriedFiles.prepare(invocation, this.client.data);
    const args = carried?.args ?? invocation.args;
    const progress = new Progress(this.terminal.interactive && !json);
    const print = (text: string): void => {
      if (text !== '') this.terminal.out(`${text}\n`);
    };
    try {
      const given = carried && { given: invocation.args };
      const user = userInfo().username;
      const request = { kind: 'run', command: command.name, args, ...given, options, dryRun, user } as const;
      const answer = await this.client.request(request, {
        ...(signal && { signal }),
        onAnswer: (each) => {
          if (each.kind === 'progress') progress.show(printable(each.text));
          if (each.kind === 'record') print(json ? printableJson(each.record) : recordText(each.record));
        },
      });
      progress.end();
      if (!dryRun) await carried?.deliver();
      if (answer.failed) this.#status = ExitStatus.failed;
      print(json ? printableJson(answer.result ?? null, 2) : textOf(answer));
    } finally {
      progress.end();
    }
  }

  #fail(error: unknown): ExitStatus {
    this.terminal.error(
      `${errorColors.red('error:')} ${printable(error instanceof Error ? error.message : String(error))}\n`,
    );
    return error instanceof ClientError && error.code === 'NO_HOST' ? ExitStatus.misused : ExitStatus.failed;
  }
}

/** A record that knows its line, as those of the log do, is that line. */
function recordText(record: unknown): string {
  const { text } = (record ?? {}) as { text?: unknown };
  return typeof text === 'string' ? printable(text) : render(record);
}

function textOf({ text, result }: { readonly text?: string; readonly result?: unknown }): string {
  return text === undefined ? render(result) : printable(text);
}
