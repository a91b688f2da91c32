import type { Bundle, ComponentReport, PlannedOperation, ServiceReference } from '@oxtender/bundle-api';
import type { Publication } from '../../http/publication';
import { shortName } from '../bundle-names';
import type { OperatedHost } from '../operated-host';
import { idOf, lossesBy, type LostServices, servicesOf, servicesOfComponent } from './losses';

/** What an operation would do (rule O2). */
export interface ConsequenceSet {
  readonly installs: readonly string[];
  readonly uninstalls: readonly string[];
  /** What is kept for later of bundles that neither start nor stop now. */
  readonly settings: readonly string[];
  /** What new bundles may touch, where they say so (rule X4). */
  readonly permissions: readonly string[];
  readonly stops: readonly string[];
  readonly starts: readonly string[];
  readonly unresolves: readonly string[];
  /** Components that an operator switches. */
  readonly disables: readonly string[];
  readonly enables: readonly string[];
  /** Components that a configuration, or the loss of a service, makes anew, or for the first time. */
  readonly remakes: readonly string[];
  readonly services: readonly LostService[];
  /** Other components that would lose a service that they cannot do without, and find no other. */
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
  uninstalls: [],
  settings: [],
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
  const { framework, components, context } = host;
  const { stops, starts, unresolves, services } = framework.operator.consequencesOf(operation);
  const lost: LostServices = { gone: new Set(stops.flatMap(servicesOf)), brief: new Set() };
  const others = components.list().filter(({ bundle }) => !stops.includes(bundle));
  const { waiting, remade } = lossesBy(context, others, lost);
  const publications = publicationsOf(host, lost);
  return {
    ...nothing,
    stops: stops.map(shortName),
    starts: starts.map(shortName),
    unresolves: unresolves.filter((bundle) => !starts.includes(bundle)).map(shortName),
    services: grouped(
      services.map(({ objectClass, provider, users }) => ({ service: objectClass.join(', '), provider, users })),
    ),
    remakes: remade.map(componentName),
    components: waiting.map(componentName),
    routes: routesOf(host, publications, (bundle) => (stops.includes(bundle) ? operation.kind : undefined)),
    requestsInFlight: inFlight(publications),
  };
}

/** @param settingOf - what the operation keeps for a bundle, if that is something else than now */
export function withSettings(
  set: ConsequenceSet,
  bundles: readonly Bundle[],
  settingOf: (bundle: Bundle) => string | undefined,
): ConsequenceSet {
  const idle = bundles.filter((bundle) => ![...set.stops, ...set.starts].includes(shortName(bundle)));
  const settings = idle.map((bundle) => ({ name: shortName(bundle), setting: settingOf(bundle) }));
  return {
    ...set,
    settings: settings.flatMap(({ name, setting }) => (setting === undefined ? [] : [`${name} ${setting}`])),
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
  return { ...withoutComponents(host, switched, 'gone'), disables: switched.map(componentName) };
}

/** Of making components anew: what goes comes back with them. */
export function consequencesOfRemaking(host: OperatedHost, remade: readonly ComponentReport[]): ConsequenceSet {
  const others = withoutComponents(host, remade, 'brief');
  return { ...others, remakes: [...remade.map(componentName), ...others.remakes] };
}

function withoutComponents(
  host: OperatedHost,
  taken: readonly ComponentReport[],
  how: keyof LostServices,
): ConsequenceSet {
  const { components, context } = host;
  const own = new Set(taken.flatMap(servicesOfComponent));
  const lost: LostServices = { gone: new Set(), brief: new Set(), [how]: new Set(own) };
  const services = context.getAllServiceReferences().filter((reference) => own.has(idOf(reference)));
  const isTaken = (report: ComponentReport): boolean =>
    taken.some(({ bundle, name }) => bundle === report.bundle && name === report.name);
  const others = components.list().filter((report) => !isTaken(report));
  const { waiting, remade } = lossesBy(context, others, lost);
  const publications = publicationsOf(host, lost);
  return {
    ...nothing,
    services: grouped(services.map(described)),
    remakes: remade.map(componentName),
    components: waiting.map(componentName),
    routes: routesOf(host, publications, () => undefined),
    requestsInFlight: inFlight(publications),
  };
}

function publicationsOf({ whiteboard }: OperatedHost, { gone, brief }: LostServices): Publication[] {
  return whiteboard.publications.filter(({ live }) => [gone, brief].some((ids) => ids.has(idOf(live.reference))));
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

const componentName = ({ name, bundle }: ComponentReport): string => `${name} of ${shortName(bundle)}`;
