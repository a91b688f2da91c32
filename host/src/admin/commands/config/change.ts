import type { ConsoleCommand } from '@oxtender/bundle-api';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pidOf } from '../../../configuration/pid';
import type { OperatedHost } from '../../operated-host';
import { argument } from '../command';
import { type PlannedChange, plannedChanges, planOf, planText } from './changes';
import { editedText } from './edited-text';
import { mergeCommand } from './merge';
import { pidArgument } from './show';

const file = { name: 'file', description: '<pid>.properties', required: true, file: true };
const pidOption = { name: 'pid', description: 'the PID, when the file is named otherwise' };

/** `config set|delete|check|put|merge`: changing it. `config edit` of the CLI is check and put around an editor. */
export const configChangeCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'config set',
    description: 'write values, all at once; comments and other keys stay',
    args: [pidArgument, { name: 'key=value', description: 'values', many: true }],
    options: [{ name: 'reset', description: 'keys that get their defaults again', many: true }],
    run: ({ args, options }) => store(host, argument(args, 0, 'pid'), () => edited(host, args, options)),
    preview: ({ args, options }) =>
      Promise.resolve(planOf(host, argument(args, 0, 'pid'), edited(host, args, options))),
    text: planText,
  },
  {
    name: 'config delete',
    description: 'delete a configuration, or one key of it: its default counts then',
    args: [pidArgument, { name: 'key', description: 'one key' }],
    run: async ({ args }) => {
      const { pid, text } = without(host, args);
      if (args[1] !== undefined) return store(host, pid, () => without(host, args).text);
      const changes = plannedChanges(host, pid, text);
      await host.configuration.admin.getConfiguration(pid).delete();
      return changes;
    },
    preview: ({ args }) => {
      const { pid, text } = without(host, args);
      return Promise.resolve(planOf(host, pid, text));
    },
    text: planText,
  },
  {
    name: 'config check',
    description: 'check a file before it is put in place: faults, and what the change would restart',
    args: [file],
    options: [pidOption],
    run: ({ args, options }) => {
      const { pid, text } = fromFile(args, options);
      return Promise.resolve(planOf(host, pid, text));
    },
    text: (plan) => `the file is good\n${planText(plan)}`,
  },
  {
    name: 'config put',
    description: 'put a checked file in place of a configuration',
    args: [file],
    options: [pidOption],
    run: ({ args, options }) => {
      const { pid, text } = fromFile(args, options);
      return store(host, pid, () => text);
    },
    preview: ({ args, options }) => {
      const { pid, text } = fromFile(args, options);
      return Promise.resolve(planOf(host, pid, text));
    },
    text: planText,
  },
  mergeCommand(host),
];

/** @returns what changed. @throws Error, and nothing is written, when the text is wrong */
async function store(host: OperatedHost, pid: string, edit: () => string): Promise<PlannedChange[]> {
  let changes: PlannedChange[] = [];
  await host.configuration.admin.store(pid, () => {
    const text = edit();
    changes = plannedChanges(host, pid, text);
    return text;
  });
  return changes;
}

/** The text with what the command line says in it. */
function edited(
  host: OperatedHost,
  args: readonly string[],
  { reset = [] }: Readonly<Record<string, unknown>>,
): string {
  const [pid = '', ...assignments] = args;
  const keys = [reset].flat().map(String);
  if (assignments.length + keys.length === 0) throw new Error('give KEY=VALUE, or --reset KEY');
  return editedText(host, pid, { assignments, reset: keys });
}

function without(host: OperatedHost, args: readonly string[]): { pid: string; text: string } {
  const pid = argument(args, 0, 'pid');
  const exists = host.configuration.admin.textOf(pid) !== undefined;
  if (!exists) throw new Error(`there is no configuration ${pid}: see oxtender config list`);
  return { pid, text: args[1] === undefined ? '' : editedText(host, pid, { assignments: [], reset: [args[1]] }) };
}

function fromFile(args: readonly string[], options: Readonly<Record<string, unknown>>): { pid: string; text: string } {
  const path = argument(args, 0, 'file');
  const pid = typeof options.pid === 'string' ? options.pid : pidOf(basename(path));
  if (pid === undefined) throw new Error(`${path} is not named <pid>.properties: give --pid`);
  return { pid, text: readFileSync(path, 'utf8') };
}
