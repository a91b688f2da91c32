import type { Bundle, ComponentReport } from '@oxtender/bundle-api';
import { ComponentCycleError } from './activations';

/**
 * The way from a component that waits back to itself: those that would provide what it waits for wait for it, directly
 * or not, so that none of them is ever satisfied (rule C22).
 */
export function cycleThrough(
  report: ComponentReport,
  all: readonly ComponentReport[],
): ComponentCycleError | undefined {
  const path = wayTo(keyOf(report), report, all, new Set());
  return path && new ComponentCycleError([report.name, ...path.map(({ name }) => name)]);
}

/** The reports, where components need each other with the way in the reason. */
export function withCycles(reports: readonly ComponentReport[], all: readonly ComponentReport[]): ComponentReport[] {
  return reports.map((report) => {
    const cycle = cycleThrough(report, all);
    return cycle ? { ...report, reason: `${report.reason ?? 'it waits'}; ${cycle.message}` } : report;
  });
}

function wayTo(
  goal: string,
  { references }: ComponentReport,
  all: readonly ComponentReport[],
  seen: Set<string>,
): ComponentReport[] | undefined {
  const wanted = references.filter(({ satisfied }) => !satisfied).map(({ service }) => service);
  const providers = wanted.flatMap((service) => all.filter(({ provides }) => provides.includes(service)));
  for (const provider of providers) {
    const key = keyOf(provider);
    if (key === goal) return [provider];
    if (seen.has(key)) continue;
    seen.add(key);
    const way = wayTo(goal, provider, all, seen);
    if (way) return [provider, ...way];
  }
  return undefined;
}

const keyOf = ({ bundle, name }: { bundle: Bundle; name: string }): string => `${bundle.id} ${name}`;
