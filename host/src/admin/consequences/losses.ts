import type { Bundle, ComponentReport } from '@oxtender/bundle-api';

/** Ids of all services of a bundle. */
export function servicesOf(bundle: Bundle): number[] {
  return bundle.getRegisteredServices().map((reference) => reference.getProperty('service.id') as number);
}

/**
 * Ids of the services that go with a component. What a component registers by hand does not say whose it is: any component
 * of the bundle may be the one.
 */
export function servicesOfComponent({ bundle, name }: ComponentReport): number[] {
  const own = bundle.getRegisteredServices().filter((reference) => {
    const owner = reference.getProperty('component.name');
    return owner === undefined || owner === name;
  });
  return own.map((reference) => reference.getProperty('service.id') as number);
}

/** Components that lose a mandatory service, and those that lose theirs by that, and so on. */
export function losers(reports: readonly ComponentReport[], lost: Set<number>): ComponentReport[] {
  const found = new Set<ComponentReport>();
  for (let grown = true; grown;) {
    grown = false;
    for (const report of reports) {
      if (found.has(report) || !needsOneOf(report, lost)) continue;
      found.add(report);
      grown = true;
      for (const id of servicesOfComponent(report)) lost.add(id);
    }
  }
  return [...found];
}

function needsOneOf({ references }: ComponentReport, lost: ReadonlySet<number>): boolean {
  return references.some(({ cardinality, bound }) => cardinality.startsWith('1') && bound.some((id) => lost.has(id)));
}
