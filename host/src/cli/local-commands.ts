import type { Command } from 'commander';
import { runCommand } from '../launch/command-line';
import type { CommandLine, Terminal } from './command-line';
import { completions, completionScript, isShell } from './completion';
import { editConfiguration } from './config-edit';
import { groupIn } from './program';
import { runShell } from './shell';

/** Adds the commands that the CLI does by itself, with or without a host. Returns the names of those that need no host. */
export function addLocalCommands(program: Command, line: CommandLine, terminal: Terminal): string[] {
  // The host itself is loaded for this command alone: the others are to be there at once.
  program.addCommand(runCommand(async (options) => (await import('../launch/run.js')).run(options)).exitOverride());
  program
    .command('shell')
    .description('an interactive session with completion and history')
    .action(() => runShell(line));
  program
    .command('completion <shell>')
    .description('print a completion script: source <(oxtender completion bash)')
    .action((shell: string) => {
      if (!isShell(shell)) program.error(`error: there is completion for bash and zsh, not for ${shell}`);
      else terminal.out(completionScript(shell));
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) =>
      terminal.out((await completions(line, words)).map((each) => `${each}\n`).join('')),
    );
  groupIn(program, 'config')
    .command('edit <pid>')
    .description('edit a configuration in $EDITOR; it is checked before it is put in place')
    .action((pid: string) => editConfiguration(line.client, pid, terminal));
  return ['run', 'shell', 'completion', 'complete'];
}
