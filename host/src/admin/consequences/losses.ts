import type { Bundle, BundleContext, ComponentReport, ReferenceReport, ServiceReference } from '@oxtender/bundle-api';

/** Ids of all services of a bundle. */
export function servicesOf(bundle: Bundle): number[] {
  return bundle.getRegisteredServices().map(idOf);
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
  return own.map(idOf);
}

/** Ids of services that go for good, and of those that come back at once. Both grow by what goes with them. */
export interface LostServices {
  readonly gone: Set<number>;
  readonly brief: Set<number>;
}

/** What becomes of components when services go. */
export interface Losses {
  /** Too few services are left for one of their references. */
  readonly waiting: readonly ComponentReport[];
  /** They come back at once, with other services or without. */
  readonly remade: readonly ComponentReport[];
}

/** Components that lose services, those that lose theirs by that, and so on. */
export function lossesBy(context: BundleContext, reports: readonly ComponentReport[], lost: LostServices): Losses {
  const found = { waiting: new Set<ComponentReport>(), remade: new Set<ComponentReport>() };
  const standing = reports.filter(({ state }) => ['satisfied', 'activating', 'active'].includes(state));
  for (let grown = true; grown;) {
    grown = false;
    for (const report of standing) {
      const effect = effectOn(context, report, lost);
      if (!effect || found[effect].has(report) || found.waiting.has(report)) continue;
      grown = true;
      found.remade.delete(report);
      found[effect].add(report);
      const more = effect === 'waiting' ? lost.gone : lost.brief;
      for (const id of servicesOfComponent(report)) more.add(id);
    }
  }
  return { waiting: [...found.waiting], remade: [...found.remade] };
}

function effectOn(
  context: BundleContext,
  report: ComponentReport,
  { gone, brief }: LostServices,
): keyof Losses | undefined {
  const left = report.references.map((reference) => ({
    reference,
    ids: candidates(context, report, reference).filter((id) => !gone.has(id)),
    minimum: minimumOf(report, reference),
  }));
  if (left.some(({ ids, minimum }) => ids.length < minimum)) return 'waiting';
  const shaken = left.some(
    ({ reference: { policy, bound }, ids, minimum }) =>
      ids.filter((id) => !brief.has(id)).length < minimum ||
      (policy.startsWith('static') && bound.some((id) => gone.has(id) || brief.has(id))),
  );
  return shaken ? 'remade' : undefined;
}

/** Ids of the services that the reference could have: not the component's own (rule C21). */
function candidates(context: BundleContext, report: ComponentReport, reference: ReferenceReport): number[] {
  const { service, target = '' } = reference;
  const own = servicesOfComponent(report);
  const found = context.getAllServiceReferences(undefined, `(&(objectClass=${service})${target})`);
  return found.map(idOf).filter((id) => !own.includes(id));
}

function minimumOf({ properties }: ComponentReport, { name, cardinality }: ReferenceReport): number {
  const asked = Number(properties[`${name}.cardinality.minimum`] ?? 0);
  return Math.max(cardinality.startsWith('1') ? 1 : 0, Number.isInteger(asked) ? asked : 0);
}

/** `service.id`. */
export const idOf = (reference: ServiceReference): number => reference.getProperty('service.id') as number;
