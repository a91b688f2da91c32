import type { Bundle, ComponentReport, PlannedOperation, ServiceReference } from '@oxtender/bundle-api';
import type { Publication } from '../../http/publication';
import { shortName } from '../bundle-names';
import type { OperatedHost } from '../operated-host';
import { losers, servicesOf, servicesOfComponent } from './losses';

/** What an operation would do (rule O2). */
export interface ConsequenceSet {
  readonly installs: readonly string[];
  /** What new bundles may touch, where they say so (rule X4). */
  readonly permissions: readonly string[];
  readonly stops: readonly string[];
  readonly starts: readonly string[];
  readonly unresolves: readonly string[];
  /** Components that an operator switches. */
  readonly disables: readonly string[];
  readonly enables: readonly string[];
  readonly services: readonly LostService[];
  /** Other components that would lose a service that they cannot do without. */
  readonly components: readonly string[];
  readonly routes: readonly LostRoute[];
  readonly requestsInFlight: number;
}

/** Services of one kind that go. */
export interface LostService {
  readonly service: string;
  readonly of: string;
  readonly usedBy: readonly string[];
  readonly count: number;
}

/** A path with what a new request gets there: an HTTP status, or its answer when the update is done. */
export interface LostRoute {
  readonly path: string;
  readonly answer: 404 | 503 | 'after the update';
}

export const nothing: ConsequenceSet = {
  installs: [],
  permissions: [],
  stops: [],
  starts: [],
  unresolves: [],
  disables: [],
  enables: [],
  services: [],
  components: [],
  routes: [],
  requestsInFlight: 0,
};

export function consequencesOf(host: OperatedHost, operation: PlannedOperation): ConsequenceSet {
  const { framework, components, whiteboard } = host;
  const { stops, starts, unresolves, services } = framework.operator.consequencesOf(operation);
  const lost = new Set(stops.flatMap(servicesOf));
  const affected = losers(components.list(), lost);
  const publications = whiteboard.publications.filter(({ live }) => lost.has(idOf(live.reference)));
  return {
    ...nothing,
    stops: stops.map(shortName),
    starts: starts.map(shortName),
    unresolves: unresolves.filter((bundle) => !starts.includes(bundle)).map(shortName),
    services: grouped(
      services.map(({ objectClass, provider, users }) => ({ service: objectClass.join(', '), provider, users })),
    ),
    components: affected.filter(({ bundle }) => !stops.includes(bundle)).map(componentName),
    routes: routesOf(publications, (bundle) => (stops.includes(bundle) ? ownAnswer(host, operation) : 503)),
    requestsInFlight: inFlight(publications),
  };
}

/** Of switching components off, or on: then they come up, and what waited for them. */
export function consequencesOfSwitching(
  { components, whiteboard, context }: OperatedHost,
  reports: readonly ComponentReport[],
  enabled: boolean,
): ConsequenceSet {
  const switched = reports.filter(({ state }) => (state === 'disabled') === enabled);
  if (enabled) return { ...nothing, enables: switched.map(componentName) };
  const lost = new Set(switched.flatMap(servicesOfComponent));
  const affected = losers(components.list(), lost).filter(
    (report) => !switched.some(({ bundle, name }) => bundle === report.bundle && name === report.name),
  );
  const services = context
    .getAllServiceReferences()
    .filter((reference) => switched.some((report) => servicesOfComponent(report).includes(idOf(reference))));
  const publications = whiteboard.publications.filter(({ live }) => lost.has(idOf(live.reference)));
  return {
    ...nothing,
    disables: switched.map(componentName),
    services: grouped(services.map(described)),
    components: affected.map(componentName),
    routes: routesOf(publications, () => 503),
    requestsInFlight: inFlight(publications),
  };
}

/** What requests for the bundle that is operated on get: those of others that wait for it are a busy server (rule H9). */
function ownAnswer({ whiteboard }: OperatedHost, { kind }: PlannedOperation): LostRoute['answer'] {
  if (kind === 'update') return 'after the update';
  if (kind === 'uninstall') return 404;
  return kind === 'disable' ? whiteboard.disabledStatus : 503;
}

function routesOf(
  publications: readonly Publication[],
  answerOf: (bundle: Bundle) => LostRoute['answer'],
): LostRoute[] {
  return publications.flatMap(({ bundle, routes }) =>
    routes.map(({ path }) => ({ path: path === '' ? '/' : path, answer: answerOf(bundle) })),
  );
}

function inFlight(publications: readonly Publication[]): number {
  return publications.reduce((sum, { traffic }) => sum + traffic.inFlight, 0);
}

interface Service {
  readonly service: string;
  readonly provider: Bundle | undefined;
  readonly users: readonly Bundle[];
}

function described(reference: ServiceReference): Service {
  return {
    service: (reference.getProperty('objectClass') as string[]).join(', '),
    provider: reference.bundle,
    users: reference.getUsingBundles(),
  };
}

/** A bundle may have many of a kind: commands, checks. */
function grouped(services: readonly Service[]): LostService[] {
  const groups = new Map<string, LostService>();
  for (const { service, provider, users } of services) {
    const of = provider ? shortName(provider) : '';
    const usedBy = users.map(shortName);
    const key = JSON.stringify([service, of, usedBy]);
    groups.set(key, { service, of, usedBy, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

const idOf = (reference: ServiceReference): number => reference.getProperty('service.id') as number;

const componentName = ({ name, bundle }: ComponentReport): string => `${name} of ${shortName(bundle)}`;
