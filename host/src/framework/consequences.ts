import type { Bundle, Consequences, PlannedOperation } from '@oxtender/bundle-api';
import type { HostFramework } from './host-framework';
import type { Installation } from './installation';
import { assertEnabled } from './lifecycle/operations';
import { dependencyClosure } from './lifecycle/refresh';
import { wiresOf } from './lifecycle/resolve';

interface Plan {
  readonly stops?: readonly Installation[];
  readonly starts?: readonly Installation[];
  readonly unresolves?: readonly Installation[];
}

type Planner = (host: HostFramework, bundles: readonly Installation[], level: number) => Plan;

/** What each operation would do, by its kind. */
const planners: Readonly<Record<PlannedOperation['kind'], Planner>> = {
  start: (host, bundles) => ({ starts: startable(host, bundles) }),
  restart: (host, bundles) => ({
    stops: bundles.filter(isRunning),
    starts: [...bundles.filter(isRunning), ...startable(host, bundles)],
  }),
  stop: (_host, bundles) => ({ stops: bundles.filter(isRunning) }),
  update: (_host, bundles) => ({
    stops: bundles.filter(isRunning),
    starts: bundles.filter(isRunning),
    unresolves: bundles,
  }),
  uninstall: (_host, bundles) => ({ stops: bundles.filter(isRunning), unresolves: bundles }),
  disable: (_host, bundles) => ({ stops: bundles.filter(isRunning), unresolves: bundles }),
  enable: (host, bundles) => ({
    starts: bundles.filter((each) => !each.running && !host.isForbidden(each) && isReached(host, each)),
  }),
  refresh: (host, bundles) => {
    const closure = dependencyClosure(host, bundles);
    return { stops: closure.filter(isRunning), starts: closure.filter(isRunning), unresolves: closure };
  },
  startLevel: (host, _bundles, level) => ({
    stops: [...host.bundles].filter((each) => each.running && each.startLevel > level),
    starts: [...host.bundles].filter((each) => each.startLevel <= level && isDue(host, each)),
  }),
  bundleLevel: (host, bundles, level) => {
    const reached = level <= host.startLevels.level;
    return reached ? { starts: bundles.filter((each) => isDue(host, each)) } : { stops: bundles.filter(isRunning) };
  },
};

/**
 * What an operation would stop, start and take away, if it were done now (rule O2).
 *
 * @throws BundleError what it would be refused with
 */
export function consequencesOf(host: HostFramework, { kind, bundles, level = 0 }: PlannedOperation): Consequences {
  const installations = bundles.map((bundle) => host.bundles.installation(bundle));
  const { stops = [], starts = [], unresolves = [] } = planners[kind](host, installations, level);
  return {
    stops: stops.map(facade),
    starts: starts.map(facade),
    unresolves: unresolves.filter(({ state }) => state !== 'INSTALLED').map(facade),
    services: stops.flatMap(servicesOf),
  };
}

const facade = ({ bundle }: Installation): Bundle => bundle;

const isRunning = ({ running }: Installation): boolean => running;

/** Those that a start would start now. @throws BundleError INVALID_OPERATION, RESOLVE_ERROR */
function startable(host: HostFramework, bundles: readonly Installation[]): Installation[] {
  const idle = bundles.filter((each) => !each.running);
  for (const each of idle) assertEnabled(host, each);
  const reached = idle.filter((each) => isReached(host, each));
  wiresOf(
    host,
    reached.filter(({ state }) => state === 'INSTALLED'),
  );
  return reached;
}

const isReached = ({ startLevels }: HostFramework, each: Installation): boolean => each.startLevel <= startLevels.level;

function isDue(host: HostFramework, each: Installation): boolean {
  return !each.running && each.autostart !== 'stopped' && !host.isDisabled(each);
}

function servicesOf({ ledger }: Installation): Consequences['services'] {
  return Array.from(ledger.registered, (record) => ({
    objectClass: record.tokens.map((token) => token.id),
    provider: ledger.bundle,
    users: record.reference.getUsingBundles(),
  }));
}
