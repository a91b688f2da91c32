import type { ConsoleCommand } from '@oxtender/bundle-api';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pidOf } from '../../../configuration/pid';
import { editProperties, rawValue } from '../../../configuration/properties-file';
import type { OperatedHost } from '../../operated-host';
import { argument } from '../command';
import { plannedChanges, schemaOf } from './changes';
import { mergeCommand } from './merge';
import { pidArgument } from './show';

const file = { name: 'file', description: '<pid>.properties', required: true, file: true };
const pidOption = { name: 'pid', description: 'the PID, when the file is named otherwise' };

/** `config set|delete|check|put|merge`: changing it. `config edit` of the CLI is check and put around an editor. */
export const configChangeCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'config set',
    description: 'write values; comments and other keys stay',
    args: [pidArgument, { name: 'key=value', description: 'values', required: true, many: true }],
    run: ({ args }) => store(host, argument(args, 0, 'pid'), edited(host, args)),
    preview: ({ args }) => Promise.resolve(plannedChanges(host, argument(args, 0, 'pid'), edited(host, args))),
  },
  {
    name: 'config delete',
    description: 'delete a configuration, or one key of it: its default counts then',
    args: [pidArgument, { name: 'key', description: 'one key' }],
    run: async ({ args }) => {
      const { pid, text } = without(host, args);
      if (args[1] !== undefined) return store(host, pid, text);
      const changes = plannedChanges(host, pid, text);
      await host.configuration.admin.getConfiguration(pid).delete();
      return changes;
    },
    preview: ({ args }) => {
      const { pid, text } = without(host, args);
      return Promise.resolve(plannedChanges(host, pid, text));
    },
  },
  {
    name: 'config check',
    description: 'check a file before it is put in place: faults, and what the change would restart',
    args: [file],
    options: [pidOption],
    run: ({ args, options }) => {
      const { pid, text } = fromFile(args, options);
      return Promise.resolve(plannedChanges(host, pid, text));
    },
    text: (changes) => ((changes as object[]).length === 0 ? 'good, and nothing would change' : ''),
  },
  {
    name: 'config put',
    description: 'put a checked file in place of a configuration',
    args: [file],
    options: [pidOption],
    run: ({ args, options }) => {
      const { pid, text } = fromFile(args, options);
      return store(host, pid, text);
    },
    preview: ({ args, options }) => {
      const { pid, text } = fromFile(args, options);
      return Promise.resolve(plannedChanges(host, pid, text));
    },
  },
  mergeCommand(host),
];

/** @returns what changed. @throws Error, and nothing is written, when the text is wrong */
async function store(host: OperatedHost, pid: string, text: string): Promise<object[]> {
  const changes = plannedChanges(host, pid, text);
  await host.configuration.admin.store(pid, text);
  return changes;
}

/** The text with the values of the command line in it. */
function edited(host: OperatedHost, [pid = '', ...assignments]: readonly string[]): string {
  const schema = schemaOf(host, pid);
  const changes = new Map(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at < 1) throw new Error(`expected KEY=VALUE, not ${assignment}`);
      const [written, value] = [assignment.slice(0, at), assignment.slice(at + 1)];
      const key = schema?.spell(written) ?? written;
      return [key, schema?.isArray(key) === true ? value : rawValue(value)] as const;
    }),
  );
  return editProperties(host.configuration.admin.textOf(pid) ?? '', changes);
}

function without({ configuration: { admin } }: OperatedHost, args: readonly string[]): { pid: string; text: string } {
  const pid = argument(args, 0, 'pid');
  const text = admin.textOf(pid);
  if (text === undefined) throw new Error(`there is no configuration ${pid}: see oxtender config list`);
  return { pid, text: args[1] === undefined ? '' : editProperties(text, new Map([[args[1], undefined]])) };
}

function fromFile(args: readonly string[], options: Readonly<Record<string, unknown>>): { pid: string; text: string } {
  const path = argument(args, 0, 'file');
  const pid = typeof options.pid === 'string' ? options.pid : pidOf(basename(path));
  if (pid === undefined) throw new Error(`${path} is not named <pid>.properties: give --pid`);
  return { pid, text: readFileSync(path, 'utf8') };
}
