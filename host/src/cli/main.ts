import { Command, CommanderError } from 'commander';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import colors from 'picocolors';
import type { CommandDescription } from '../admin/protocol';
import { runCommand } from '../launch/command-line';
import { ClientError, HostClient } from './client';
import { addCommands, type Invocation } from './program';
import { render } from './render';
import { Progress } from './progress';

/** Exit status: the command failed; it was called wrongly, or there is no host (rule O1). */
const failed = 1;
const misused = 2;

async function main(argv: readonly string[]): Promise<void> {
  const client = new HostClient(resolve(dataFolderIn(argv) ?? './data'));
  const program = new Command('oxtender')
    .description('Operate an OXtender host: its bundles, configuration, health and log.')
    .option('--data <dir>', 'data folder of the host', './data')
    .option('--json', 'print JSON, for scripts')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  // The host itself is loaded for this command alone: the others are to be there at once.
  program.addCommand(runCommand(async (options) => (await import('../launch/run.js')).run(options)).exitOverride());
  const missing = await addHostCommands(program, client, argv);
  try {
    await program.parseAsync(
      argv.filter((word) => word !== '--json'),
      { from: 'user' },
    );
  } catch (error) {
    if (missing && error instanceof CommanderError && error.code === 'commander.unknownCommand') throw missing;
    throw error;
  }
}

/** The host knows its commands, and those of its bundles. Undefined, or why they are not known. */
async function addHostCommands(
  program: Command,
  client: HostClient,
  argv: readonly string[],
): Promise<ClientError | undefined> {
  if (argv[0] === 'run') return undefined;
  try {
    const { result } = await client.request({ kind: 'describe' });
    addCommands(program, result as CommandDescription[], (invocation) =>
      invoke(client, invocation, argv.includes('--json')),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    program.configureOutput({ outputError: () => undefined }).addHelpText('after', `\n${error.message}`);
    return error;
  }
}

async function invoke(
  client: HostClient,
  { command, args, options, dryRun }: Invocation,
  json: boolean,
): Promise<void> {
  const progress = new Progress(process.stderr.isTTY && !json);
  const print = (text: string): void => {
    if (text !== '') process.stdout.write(`${text}\n`);
  };
  try {
    const request = { kind: 'run', command: command.name, args, options, dryRun, user: userInfo().username } as const;
    const { result, text } = await client.request(request, (answer) => {
      if (answer.kind === 'progress') progress.show(answer.text);
      if (answer.kind === 'record') print(json ? JSON.stringify(answer.record) : recordText(answer.record));
    });
    progress.end();
    print(json ? JSON.stringify(result ?? null, null, 2) : (text ?? render(result)));
  } finally {
    progress.end();
  }
}

/** A record that knows its line, as those of the log do, is that line. */
function recordText(record: unknown): string {
  const { text } = (record ?? {}) as { text?: unknown };
  return typeof text === 'string' ? text : render(record);
}

function dataFolderIn(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '--data' || word.startsWith('--data='));
  const word = argv[at];
  return word === '--data' ? argv[at + 1] : word?.slice('--data='.length);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : misused;
    return;
  }
  process.stderr.write(`${colors.red('error:')} ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ClientError && error.code === 'NO_HOST' ? misused : failed;
});
