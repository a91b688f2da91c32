import type { Bundle, ComponentReport } from '@oxtender/bundle-api';
import { ComponentCycleError } from './activations';

/**
 * The way from a component that waits back to itself: all that would provide a service that it waits for wait for it,
 * directly or not, so that none of them is ever satisfied (rule C22).
 */
export function cycleThrough(
  report: ComponentReport,
  all: readonly ComponentReport[],
): ComponentCycleError | undefined {
  const path = wayTo(keyOf(report), report, { all, ways: new Map() });
  return path && new ComponentCycleError([report.name, ...path.map(({ name }) => name)]);
}

/** The reports, where components need each other with the way in the reason. */
export function withCycles(reports: readonly ComponentReport[], all: readonly ComponentReport[]): ComponentReport[] {
  return reports.map((report) => {
    const cycle = cycleThrough(report, all);
    return cycle ? { ...report, reason: `${report.reason ?? 'it waits'}; ${cycle.message}` } : report;
  });
}

interface Search {
  readonly all: readonly ComponentReport[];
  /** Found so far, by component; undefined also while it is looked for. */
  readonly ways: Map<string, ComponentReport[] | undefined>;
}

function wayTo(goal: string, { references }: ComponentReport, search: Search): ComponentReport[] | undefined {
  for (const { service } of references.filter(({ satisfied }) => !satisfied)) {
    const providers = search.all.filter(({ provides }) => provides.includes(service));
    const ways = providers.map((provider) => wayOver(goal, provider, search));
    if (ways.every((way) => way !== undefined) && ways[0]) return ways[0];
  }
  return undefined;
}

function wayOver(goal: string, provider: ComponentReport, search: Search): ComponentReport[] | undefined {
  const key = keyOf(provider);
  if (key === goal) return [provider];
  if (search.ways.has(key)) return search.ways.get(key);
  search.ways.set(key, undefined);
  const way = wayTo(goal, provider, search);
  const found = way && [provider, ...way];
  search.ways.set(key, found);
  return found;
}

const keyOf = ({ bundle, name }: { bundle: Bundle; name: string }): string => `${bundle.id} ${name}`;
