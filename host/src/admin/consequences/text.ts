import type { ConsequenceSet, LostRoute, LostService } from './consequences';

/** For a person. */
export function consequencesText(result: unknown): string {
  const set = result as ConsequenceSet;
  const restarts = set.stops.filter((name) => set.starts.includes(name));
  const others = (names: readonly string[]): readonly string[] => names.filter((name) => !restarts.includes(name));
  const lines = [
    line('installs', set.installs),
    line('may touch', set.permissions),
    line('uninstalls', set.uninstalls),
    line('from now on', set.settings),
    line('restarts', restarts),
    line('stops', others(set.stops)),
    line('starts', others(set.starts)),
    line('becomes unresolved', set.unresolves),
    line('disables', set.disables),
    line('enables', set.enables),
    line('makes anew', set.remakes),
    line('services that go', set.services.map(serviceText)),
    line('components that wait then', set.components),
    ...routeTitles.map(([answer, title]) => line(title, pathsWith(set.routes, answer))),
    ...(set.requestsInFlight > 0 ? [`requests in flight: ${set.requestsInFlight}`] : []),
  ].filter((text) => text !== '');
  return lines.length > 0 ? lines.join('\n') : nothingText;
}

export const nothingText = 'nothing would change';

const routeTitles: readonly (readonly [LostRoute['answer'], string])[] = [
  ['after the update', 'routes whose new requests wait'],
  [503, 'routes that answer 503'],
  [404, 'routes that answer 404'],
];

function pathsWith(routes: readonly LostRoute[], answer: LostRoute['answer']): string[] {
  return routes.filter((route) => route.answer === answer).map(({ path }) => path);
}

function serviceText({ service, of, usedBy, count }: LostService): string {
  const times = count > 1 ? ` × ${count}` : '';
  return `${service}${times} of ${of}${usedBy.length > 0 ? ` (used by ${usedBy.join(', ')})` : ''}`;
}

function line(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}: ${items.join(', ')}`;
}
