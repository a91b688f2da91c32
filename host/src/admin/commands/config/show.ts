import type { ConsoleCommand } from '@oxtender/bundle-api';
import { describeFaults } from '../../../configuration/configuration-admin';
import { basePid, factoryPidOf } from '../../../configuration/pid';
import { splitRaw } from '../../../configuration/properties-file';
import { masked } from '../../../configuration/values';
import { shortName } from '../../bundle-names';
import type { OperatedHost } from '../../operated-host';
import { argument } from '../command';
import { schemaOf } from './changes';

export const pidArgument = { name: 'pid', description: 'PID, as in <pid>.properties', required: true };

/** `config list|get|diff|path|history`: what there is. */
export const configShowCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'config list',
    description: 'configurations, whose they are, and whether they are good',
    run: () => Promise.resolve(listing(host)),
  },
  {
    name: 'config get',
    description: 'the values of a configuration, and where they come from',
    args: [pidArgument, { name: 'key', description: 'one key' }],
    run: ({ args }) => Promise.resolve(valuesOf(host, argument(args, 0, 'pid'), args[1])),
  },
  {
    name: 'config diff',
    description: 'values that differ from the defaults, and what a change of them restarts',
    args: [pidArgument],
    run: ({ args }) =>
      Promise.resolve(valuesOf(host, argument(args, 0, 'pid')).filter(({ from }) => from !== 'default')),
  },
  {
    name: 'config schema',
    description: 'the JSON Schema of a configuration: its keys, their types, limits and defaults',
    args: [pidArgument],
    run: ({ args }) => Promise.resolve(sourceOf(host, argument(args, 0, 'pid'))),
    text: (schema) => JSON.stringify(schema, null, 2),
  },
  {
    name: 'config path',
    description: 'the file of a configuration',
    args: [pidArgument],
    run: ({ args }) => Promise.resolve(host.configuration.admin.fileOf(argument(args, 0, 'pid'))),
  },
  {
    name: 'config history',
    description: 'changes of configurations by operators',
    run: async () => {
      const own = (await host.audit.read()).entries.filter(({ command }) => command.startsWith('config '));
      return own.map(({ time, user, command, args, outcome }) => ({
        time,
        user,
        command: [command, ...args].join(' '),
        outcome,
      }));
    },
  },
];

function listing({ configuration: { admin, schemas } }: OperatedHost): object[] {
  const existing = admin.listConfigurations().map(({ pid }) => pid);
  return [...new Set([...existing, ...schemas.pids])].sort().map((pid) => {
    const rejected = admin.rejected.find((each) => each.pid === pid);
    const owner = schemas.ownerOf(factoryPidOf(pid) ?? basePid(pid));
    return {
      pid,
      bundle: owner ? shortName(owner) : pid === 'host' ? 'host' : '',
      state: rejected ? 'refused' : existing.includes(pid) ? 'file' : 'defaults',
      reason: rejected ? describeFaults(rejected.file, rejected.faults) : '',
    };
  });
}

/** @throws Error when nobody declares one */
function sourceOf(host: OperatedHost, pid: string): object {
  const schema = schemaOf(host, pid);
  if (!schema) throw new Error(`no bundle declares a schema for ${pid}: see oxtender config list`);
  return schema.source;
}

interface ValueRow {
  readonly key: string;
  readonly value: unknown;
  /** As its file has it, where that is something else: with placeholders. Of a secret it is shown as little. */
  readonly written?: string | readonly string[];
  readonly from: string;
  readonly restarts: string;
  readonly title: string | undefined;
}

/** Without secrets (rule G18). @throws Error for what is not there, or refused */
function valuesOf(host: OperatedHost, pid: string, only?: string): ValueRow[] {
  const { admin } = host.configuration;
  const schema = schemaOf(host, pid);
  const { properties, faults } = admin.evaluationOf(pid);
  if (!properties) throw new Error(describeFaults(admin.fileOf(pid), faults));
  const rows = Object.entries(masked(properties, schema)).map(([key, value]): ValueRow => {
    const restarts = schema?.restartLevel(key) ?? 'component';
    const from = admin.originOf(pid, key);
    const written = from === '--set' || schema?.isSecret(key) === true ? undefined : unexpanded(host, pid, key);
    return { key, value, ...(written && { written }), from, restarts, title: schema?.keys[key]?.title };
  });
  const chosen = only === undefined ? rows : rows.filter(({ key }) => key.toLowerCase() === only.toLowerCase());
  if (chosen.length === 0)
    throw new Error(only === undefined ? `there is no configuration ${pid}` : `${pid} has no key ${only}`);
  return chosen;
}

/** The text of a value with placeholders; undefined for one without. */
function unexpanded(host: OperatedHost, pid: string, key: string): string | readonly string[] | undefined {
  const entry = host.configuration.admin.entriesOf(pid).find((each) => each.key.toLowerCase() === key.toLowerCase());
  if (!entry?.value.includes('${')) return undefined;
  return schemaOf(host, pid)?.isArray(key) === true ? splitRaw(entry.raw) : entry.value;
}
