import type { OperatedHost } from '../operated-host';
import { consequencesOf, consequencesOfRemaking, type ConsequenceSet } from './consequences';

/** What other values of these keys would take down and bring back: a bundle, or components (rules G17, O2). */
export function consequencesOfChange(host: OperatedHost, pid: string, keys: readonly string[]): ConsequenceSet {
  const restarted = host.configurations.restartedBy(pid, keys);
  const remade = host.components.remadeBy(pid, keys).filter(({ bundle }) => bundle !== restarted);
  const ofComponents = consequencesOfRemaking(host, remade);
  return restarted ? both(consequencesOf(host, { kind: 'restart', bundles: [restarted] }), ofComponents) : ofComponents;
}

/** Each of them once. */
export function both(a: ConsequenceSet, b: ConsequenceSet): ConsequenceSet {
  return {
    installs: united(a.installs, b.installs),
    uninstalls: united(a.uninstalls, b.uninstalls),
    settings: united(a.settings, b.settings),
    permissions: united(a.permissions, b.permissions),
    stops: united(a.stops, b.stops),
    starts: united(a.starts, b.starts),
    unresolves: united(a.unresolves, b.unresolves),
    disables: united(a.disables, b.disables),
    enables: united(a.enables, b.enables),
    remakes: united(a.remakes, b.remakes),
    services: united(a.services, b.services),
    components: united(a.components, b.components),
    routes: united(a.routes, b.routes),
    requestsInFlight: a.requestsInFlight + b.requestsInFlight,
  };
}

function united<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Map([...a, ...b].map((each) => [JSON.stringify(each), each])).values()];
}
