import type { Bundle, CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import { missingServices } from '../missing-services';
import type { OperatedHost } from '../operated-host';

/** `bundles`, `lb`: the bundles and their states (rule O3). */
export const bundlesCommands = (host: OperatedHost): ConsoleCommand[] => [
  listing(host, 'bundles'),
  { ...listing(host, 'lb'), description: 'short for bundles' },
];

function listing(host: OperatedHost, name: string): ConsoleCommand {
  return {
    name,
    description: 'list the bundles with their states',
    args: [{ name: 'bundle', description: 'names, ids or patterns', many: true }],
    options: [
      { name: 'location', description: 'show locations', type: 'boolean' },
      { name: 'symbolic', description: 'show full symbolic names', type: 'boolean' },
      { name: 'update-location', description: 'show where updates come from', type: 'boolean' },
    ],
    run: (call) => Promise.resolve(rows(host, call)),
  };
}

function rows(host: OperatedHost, { args, options }: CommandCall): object[] {
  const { context, framework } = host;
  const bundles = args.length > 0 ? findBundles(context, args) : context.getBundles().filter(({ id }) => id !== 0);
  return bundles.map((bundle) => {
    const { startLevel, startedAt, autostart } = framework.operator.status(bundle);
    return {
      id: bundle.id,
      state: bundle.state,
      note: noteOn(host, bundle),
      level: startLevel,
      version: bundle.version,
      name: options.symbolic === true ? bundle.symbolicName : shortName(bundle),
      symbolicName: bundle.symbolicName,
      started: startedAt === undefined ? null : new Date(startedAt).toISOString(),
      autostart,
      ...(options.location === true && { location: bundle.location }),
      ...(options.updateLocation === true && { updateLocation: bundle.headers.updateLocation ?? bundle.location }),
    };
  });
}

/** Waiting for services, failed, refused, disabled, tainted, an old generation in use. */
function noteOn({ framework, components, configuration }: OperatedHost, bundle: Bundle): string {
  const { disabled, tainted } = framework.operator.status(bundle);
  const reports = components.list(bundle);
  const unsatisfied = reports.flatMap(({ references }) => references.filter(({ satisfied }) => !satisfied));
  const waiting = new Set([...missingServices(bundle), ...unsatisfied.map(({ service }) => service)]);
  const failed = reports.filter(({ state }) => state === 'failed').map(({ name }) => name);
  const pids = Object.keys(bundle.headers.configuration ?? {});
  const refused = configuration.admin.rejectedOf(pids);
  const notes = [
    ...(disabled ? ['disabled'] : []),
    ...(waiting.size > 0 ? [`waiting: ${[...waiting].join(', ')}`] : []),
    ...(failed.length > 0 ? [`failed: ${failed.join(', ')}`] : []),
    ...(refused.length > 0 ? [`configuration refused: ${refused.map(({ pid }) => pid).join(', ')}`] : []),
    ...(tainted ? ['tainted'] : []),
    ...(framework.wiring.removalPending().includes(bundle) ? ['old generation in use'] : []),
  ];
  return notes.join('; ');
}
