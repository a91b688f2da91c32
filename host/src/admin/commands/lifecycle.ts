import type {
  Bundle,
  BundleStatus,
  CommandCall,
  CommandParameter,
  ConsoleCommand,
  PlannedOperation,
} from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import { consequencesOf, withSettings } from '../consequences/consequences';
import { consequencesText } from '../consequences/text';
import type { OperatedHost } from '../operated-host';
import { forEach } from './command';

interface LifecycleVerb {
  readonly name: string;
  readonly description: string;
  readonly plan: PlannedOperation['kind'];
  readonly options?: readonly CommandParameter[];
  /** What it keeps for later, if that is something else than now. */
  readonly setting?: (now: BundleStatus, options: CommandCall['options']) => string | undefined;
  readonly act: (bundle: Bundle, host: OperatedHost, call: CommandCall) => Promise<void>;
}

const transient: CommandParameter = { name: 'transient', description: 'until the host restarts', type: 'boolean' };

const verbs: readonly LifecycleVerb[] = [
  {
    name: 'enable',
    description: 'let bundles run again, now and after a restart',
    plan: 'enable',
    setting: ({ disabled }) => (disabled ? 'is enabled' : undefined),
    act: async (bundle, { framework }) => {
      await framework.operator.setEnabled(bundle, true);
      if (!framework.operator.status(bundle).disabled) await bundle.start();
    },
  },
  {
    name: 'disable',
    description: 'stop bundles and keep them from running, also after a restart',
    plan: 'disable',
    setting: ({ disabled }) => (disabled ? undefined : 'is disabled'),
    act: (bundle, { framework }) => framework.operator.setEnabled(bundle, false),
  },
  {
    name: 'start',
    description: 'start bundles',
    plan: 'start',
    setting: ({ autostart }, options) =>
      options.transient !== true && autostart === 'stopped' ? 'starts with the host' : undefined,
    options: [transient],
    act: (bundle, _host, { options }) => bundle.start({ transient: options.transient === true }),
  },
  {
    name: 'stop',
    description: 'stop bundles; what uses their services waits until they are back',
    plan: 'stop',
    setting: ({ autostart }, options) =>
      options.transient !== true && autostart !== 'stopped' ? 'does not start with the host' : undefined,
    options: [
      transient,
      { name: 'cascade', description: 'stop the bundles that use their services first', type: 'boolean' },
    ],
    act: async (bundle, host, { options }) => {
      for (const each of affectedBy(bundle, options)) await each.stop({ transient: options.transient === true });
    },
  },
  {
    name: 'restart',
    description: 'stop and start bundles',
    plan: 'restart',
    act: async (bundle) => {
      await bundle.stop({ transient: true });
      await bundle.start({ transient: true });
    },
  },
];

/** `enable`, `disable`, `start`, `stop`, `restart`. */
export const lifecycleCommands = (host: OperatedHost): ConsoleCommand[] => verbs.map((verb) => commandOf(verb, host));

function commandOf(verb: LifecycleVerb, host: OperatedHost): ConsoleCommand {
  const { name, description, plan, options = [], act, setting } = verb;
  return {
    name,
    description,
    args: [{ name: 'bundle', description: 'names, ids or patterns', required: true, many: true }],
    options,
    async run(call) {
      const bundles = findBundles(host.context, call.args);
      await forEach(bundles, (bundle) => {
        call.progress(`${name} ${shortName(bundle)}`);
        return act(bundle, host, call);
      });
      return bundles.map((bundle) => ({ id: bundle.id, name: shortName(bundle), state: stateOf(bundle, host) }));
    },
    preview: ({ args, options: given }) => {
      const named = findBundles(host.context, args).flatMap((bundle) => affectedBy(bundle, given));
      const bundles = [...new Set(named)];
      const set = consequencesOf(host, { kind: plan, bundles });
      const settingOf = (bundle: Bundle) => setting?.(host.framework.operator.status(bundle), given);
      return Promise.resolve(withSettings(set, bundles, settingOf));
    },
    text: (result) => (Array.isArray(result) ? linesOf(result as StateRow[]) : consequencesText(result)),
  };
}

interface StateRow {
  readonly name: string;
  readonly state: string;
}

function linesOf(rows: readonly StateRow[]): string {
  return rows.map(({ name, state }) => `${name} is ${state}`).join('\n');
}

function stateOf(bundle: Bundle, { framework }: OperatedHost): string {
  return framework.operator.status(bundle).disabled ? `${bundle.state} (disabled)` : bundle.state;
}

/** The bundle; with `--cascade` those that use its services before it. */
function affectedBy(bundle: Bundle, { cascade }: CommandCall['options']): Bundle[] {
  return cascade === true ? [...usersOf(bundle), bundle] : [bundle];
}

/** Those that use services of the bundle, directly or not; the furthest first. */
function usersOf(bundle: Bundle, seen = new Set<Bundle>([bundle])): Bundle[] {
  const users = bundle.getRegisteredServices().flatMap((service) => service.getUsingBundles());
  return [...new Set(users)].flatMap((user) => {
    if (user.id === 0 || seen.has(user)) return [];
    seen.add(user);
    return [...usersOf(user, seen), user];
  });
}
