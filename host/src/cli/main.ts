import { resolve } from 'node:path';
import { dataFolder } from '../launch/command-line';
import { HostClient } from './client';
import { CommandLine, type Terminal } from './command-line';

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  // A serial console has no width, and a spinner that knows none erases for ever.
  interactive: process.stderr.isTTY && process.stderr.columns > 0,
};

const words = process.argv.slice(2);
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

void new CommandLine(new HostClient(resolve(dataFolderIn(words) ?? dataFolder())), terminal)
  .execute(words, { signal: interrupted.signal })
  .then((status) => {
    process.exitCode = status;
  });

/** The host must be known before the command line can be read: it describes the commands. */
function dataFolderIn(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '--data' || word.startsWith('--data='));
  const word = argv[at];
  return word === '--data' ? argv[at + 1] : word?.slice('--data='.length);
}
