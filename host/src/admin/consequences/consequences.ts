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
  /** Components that a configuration makes anew, or for the first time. */
  readonly remakes: readonly string[];
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
  remakes: [],
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
    routes: routesOf(host, publications, (bundle) => (stops.includes(bundle) ? operation.kind : undefined)),
    requestsInFlight: inFlight(publications),
  };
}

/** Of switching components off, or on: then they come up, and what waited for them. */
export function consequencesOfSwitching(
  host: OperatedHost,
  reports: readonly ComponentReport[],
  enabled: boolean,
): ConsequenceSet {
  const switched = reports.filter(({ state }) => (state === 'disabled') === enabled);
  if (enabled) return { ...nothing, enables: switched.map(componentName) };
  return { ...withoutComponents(host, switched), disables: switched.map(componentName) };
}

/** Of making components anew: what goes comes back with them. */
export function consequencesOfRemaking(host: OperatedHost, remade: readonly ComponentReport[]): ConsequenceSet {
  return { ...withoutComponents(host, remade), remakes: remade.map(componentName) };
}

function withoutComponents(host: OperatedHost, gone: readonly ComponentReport[]): ConsequenceSet {
  const { components, whiteboard, context } = host;
  const lost = new Set(gone.flatMap(servicesOfComponent));
  const services = context.getAllServiceReferences().filter((reference) => lost.has(idOf(reference)));
  const affected = losers(components.list(), lost).filter(
    (report) => !gone.some(({ bundle, name }) => bundle === report.bundle && name === report.name),
  );
  const publications = whiteboard.publications.filter(({ live }) => lost.has(idOf(live.reference)));
  return {
    ...nothing,
    services: grouped(services.map(described)),
    components: affected.map(componentName),
    routes: routesOf(host, publications, () => undefined),
    requestsInFlight: inFlight(publications),
  };
}

/** @param operationOn - what is done to a bundle itself; those that wait for it run on, without their routes */
function routesOf(
  { whiteboard }: OperatedHost,
  publications: readonly Publication[],
  operationOn: (bundle: Bundle) => PlannedOperation['kind'] | undefined,
): LostRoute[] {
  const answerOf = (bundle: Bundle, path: string): LostRoute['answer'] => {
    const kind = operationOn(bundle);
    if (kind === 'update') return 'after the update';
    const answer = kind === 'uninstall' ? 404 : whiteboard.answerWithout(bundle, path);
    return kind === 'disable' && answer === 503 ? whiteboard.disabledStatus : answer;
  };
  return publications.flatMap(({ bundle, routes }) =>
    routes.map(({ path }) => ({ path: path === '' ? '/' : path, answer: answerOf(bundle, path) })),
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
