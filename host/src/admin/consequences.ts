import type { PlannedOperation } from '@oxtender/bundle-api';
import { shortName } from './bundle-names';
import type { OperatedHost } from './operated-host';

/** What an operation would do (rule O2). */
export interface ConsequenceSet {
  readonly stops: readonly string[];
  readonly starts: readonly string[];
  readonly unresolves: readonly string[];
  readonly services: readonly { readonly service: string; readonly of: string; readonly usedBy: readonly string[] }[];
  /** Components of other bundles that would lose a service that they cannot do without. */
  readonly components: readonly string[];
  readonly routes: readonly string[];
  readonly requestsInFlight: number;
}

export function consequencesOf(
  { framework, components, whiteboard }: OperatedHost,
  operation: PlannedOperation,
): ConsequenceSet {
  const { stops, starts, unresolves, services } = framework.operator.consequencesOf(operation);
  const lost = new Set<number>();
  for (const bundle of stops)
    for (const reference of bundle.getRegisteredServices()) lost.add(reference.getProperty('service.id') as number);
  const affected = losers(components.list(), lost);
  const stopping = new Set([...stops, ...affected.map(({ bundle }) => bundle)]);
  const publications = whiteboard.publications.filter(({ bundle }) => stopping.has(bundle));
  return {
    stops: stops.map(shortName),
    starts: starts.map(shortName),
    unresolves: unresolves.map(shortName),
    services: services.map(({ objectClass, provider, users }) => ({
      service: objectClass.join(', '),
      of: shortName(provider),
      usedBy: users.map(shortName),
    })),
    components: affected
      .filter(({ bundle }) => !stops.includes(bundle))
      .map(({ name, bundle }) => `${name} of ${shortName(bundle)}`),
    routes: publications.flatMap(({ routes }) => routes.map(({ path }) => (path === '' ? '/' : path))),
    requestsInFlight: publications.reduce((sum, { traffic }) => sum + traffic.inFlight, 0),
  };
}

type Reports = ReturnType<OperatedHost['components']['list']>;

/** Components that lose a mandatory service, and those that lose theirs by that, and so on. */
function losers(reports: Reports, lost: Set<number>): Reports {
  const found = new Set<Reports[number]>();
  for (let grown = true; grown;) {
    grown = false;
    for (const report of reports) {
      if (
        found.has(report) ||
        !report.references.some(
          ({ cardinality, bound }) => cardinality.startsWith('1') && bound.some((id) => lost.has(id)),
        )
      )
        continue;
      found.add(report);
      grown = true;
      for (const reference of report.bundle.getRegisteredServices()) {
        // What a component registers by hand does not say whose it is: any component of the bundle may be the one.
        const owner = reference.getProperty('component.name');
        if (owner === undefined || owner === report.name) lost.add(reference.getProperty('service.id') as number);
      }
    }
  }
  return [...found];
}

/** For a person. */
export function consequencesText(result: unknown): string {
  const { stops, starts, unresolves, services, components, routes, requestsInFlight } = result as ConsequenceSet;
  const lines = [
    line('stops', stops),
    line('starts', starts),
    line('becomes unresolved', unresolves),
    line(
      'services that go',
      services.map(
        ({ service, of, usedBy }) => `${service} of ${of}${usedBy.length > 0 ? ` (used by ${usedBy.join(', ')})` : ''}`,
      ),
    ),
    line('components that wait then', components),
    line('routes that answer 503', routes),
    ...(requestsInFlight > 0 ? [`requests in flight: ${requestsInFlight}`] : []),
  ].filter((text) => text !== '');
  return lines.length > 0 ? lines.join('\n') : 'nothing would change';
}

function line(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}: ${items.join(', ')}`;
}
