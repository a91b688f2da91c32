import { CommanderError } from 'commander';
import { ExitCode, Failure, reasonOf } from './cli/failure';
import './cli/folder-commands';
import './cli/lookup-commands';
import './cli/mail-commands';
import { program } from './cli/program';

async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return ExitCode.Done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
    process.stderr.write(`eas-device: ${reasonOf(error)}\n`);
    return error instanceof Failure ? error.exitCode : ExitCode.Failed;
  }
}

void main().then((exitCode) => (process.exitCode = exitCode));
