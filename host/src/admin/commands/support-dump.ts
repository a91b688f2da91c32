import { type CommandCall, type ConsoleCommand, type DeviceRecord, DeviceRegistry } from '@oxtender/bundle-api';
import { knownSecrets } from '../../support/known-secrets';
import { Redactor } from '../../support/redactor';
import { type DumpPart, writeSupportDump } from '../../support/support-dump';
import type { CommandSet } from '../command-set';
import { Explainer } from '../explain/explainer';
import { explanationText } from '../explain/text';
import { isFine } from '../explain/cause';
import type { OperatedHost } from '../operated-host';
import { configurations, systemInfo } from './meta';

/** What other commands show, in files of their own. */
const shown: readonly (readonly [file: string, command: string, description: string])[] = [
  ['bundles.json', 'bundles', 'bundles with versions, states and what they wait for'],
  ['components.json', 'scr list', 'components and their references'],
  ['services.json', 'services', 'services in the registry'],
  ['http.json', 'http', 'routes'],
  ['health.json', 'health', 'health checks'],
  ['jobs.json', 'jobs', 'scheduled jobs'],
  ['leaks.json', 'leaks', 'replaced bundles that are still in memory'],
  ['boot.json', 'boot', 'what the start took'],
  ['config.json', 'config list', 'configurations, and whether they are good'],
  ['updatetasks.json', 'updatetasks list', 'update tasks of the database'],
  ['history.json', 'history', 'what operators did'],
];

/** `support-dump`. */
export const supportDumpCommands = (host: OperatedHost, commands: () => CommandSet): ConsoleCommand[] => [
  {
    name: 'support-dump',
    description: 'write one archive with everything that a supporter asks for, without secrets',
    args: [{ name: 'file', description: 'where to: a .tar.gz', required: true, file: true, carried: 'out' }],
    run: (call) => {
      const redactor = new Redactor(knownSecrets(host.configuration));
      return writeSupportDump(call.args[0] ?? '', partsOf(host, commands(), call), {
        ...call,
        redactor,
        work: host.data,
      });
    },
    preview: (call) => Promise.resolve(partsOf(host, commands(), call).map(({ name }) => name)),
    text: (names) => (names as string[]).join('\n'),
  },
];

function partsOf(host: OperatedHost, commands: CommandSet, call: CommandCall): DumpPart[] {
  const quiet: CommandCall = { ...call, args: [], options: {}, progress: nothing, emit: nothing };
  return [...ownParts(host, quiet), ...shownParts(commands, quiet)];
}

const nothing = (): void => undefined;

function ownParts(host: OperatedHost, { signal }: CommandCall): DumpPart[] {
  const { doctor, logging, metrics, context } = host;
  return [
    { name: 'system.json', description: 'versions, memory, start level', collect: () => systemInfo(host) },
    { name: 'configuration.json', description: 'values in force', collect: () => configurations(host) },
    { name: 'explain.txt', description: 'why bundles and components do not run', collect: () => explanations(host) },
    {
      name: 'doctor.json',
      description: 'what oxtender doctor finds',
      collect: () => doctor.examine({ only: [], signal, progress: nothing }),
    },
    { name: 'log.jsonl', description: 'the last lines of the log', collect: () => logging.entries() },
    { name: 'metrics.txt', description: 'figures, as Prometheus reads them', collect: () => metrics.expose() },
    {
      name: 'devices.json',
      description: 'how many devices there are, by kind',
      collect: async () => {
        const reference = context.getServiceReference(DeviceRegistry);
        const registry = reference && context.getService(reference);
        return registry ? countsOf(await registry.list()) : 'no device registry is running\n';
      },
    },
  ];
}

function shownParts(commands: CommandSet, call: CommandCall): DumpPart[] {
  return shown.flatMap(([name, command, description]) => {
    const known = commands.find(command)?.command;
    if (!known) return [];
    const options = Object.fromEntries((known.options ?? []).map((option) => [option.name, option.default]));
    return [{ name, description, collect: () => known.run({ ...call, options }) }];
  });
}

function explanations(host: OperatedHost): string {
  const explainer = new Explainer(host);
  const bundles = host.context.getBundles().filter(({ id }) => id !== 0);
  const names = [...bundles.map(({ symbolicName }) => symbolicName), ...host.components.list().map(({ name }) => name)];
  const causes = names.map((name) => explainer.explain(name)).filter((cause) => !isFine(cause));
  return causes.length === 0 ? 'everything runs\n' : `${causes.map(explanationText).join('\n\n')}\n`;
}

/** Figures only: who they belong to is nobody's business. */
function countsOf(devices: readonly DeviceRecord[]): object {
  const by = (key: (device: DeviceRecord) => string): Record<string, number> => {
    const counts = new Map<string, number>();
    for (const device of devices) counts.set(key(device), (counts.get(key(device)) ?? 0) + 1);
    return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
  };
  return {
    devices: devices.length,
    users: new Set(devices.map(({ contextId, userId }) => `${contextId}/${userId}`)).size,
    types: by(({ type }) => type),
    protocols: by(({ protocol, protocolVersion }) => `${protocol} ${protocolVersion ?? 'of unknown version'}`),
    access: by(({ access }) => access),
    wipes: by(({ wipe }) => wipe?.state ?? 'none'),
    lastSeen: by(({ lastSeen }) => new Date(lastSeen).toISOString().slice(0, 10)),
  };
}
