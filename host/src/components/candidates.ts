import type { Bundle, BundleContext, ComponentReport, ServiceReference } from '@oxtender/bundle-api';
import type { ReferenceTracker } from './reference-tracker';

/**
 * What comes nearest to an unsatisfied reference, and why it does not do: services of the token that the target or the
 * version shuts out, components that would provide it, bundles whose manifest says that they provide it (rule C30).
 */
export function nearestCandidates(
  tracker: ReferenceTracker,
  context: BundleContext,
  providers: readonly ComponentReport[],
): string[] {
  const { declaration, fault, size, minimum } = tracker;
  const { token } = declaration;
  if (fault !== undefined) return [`its target is no filter: ${fault}`];
  const few = size > 0 ? [`it wants ${minimum} of them, and there ${size === 1 ? 'is' : 'are'} ${size}`] : [];
  const misfits = context.getAllServiceReferences(token).filter((reference) => !tracker.has(reference));
  const shut = misfits.map((reference) => misfit(tracker, reference));
  const components = providers
    .filter(({ provides }) => provides.includes(token.id))
    .map(({ name, bundle, state }) => `component ${name} of ${bundle.symbolicName} would provide it, but is ${state}`);
  const bundles = context
    .getBundles()
    .filter((bundle) => declaredProvides(bundle).includes(token.id))
    .flatMap((bundle) => idleProvider(bundle, providers));
  const found = [...few, ...shut, ...components, ...bundles];
  return found.length > 0 ? found : ['no installed bundle is known to provide it'];
}

function misfit({ declaration: { scope }, target }: ReferenceTracker, reference: ServiceReference): string {
  const who = `service ${String(reference.getProperty('service.id'))} of ${reference.bundle?.symbolicName ?? 'a bundle'}`;
  if (target !== undefined) return `${who} does not match ${target}`;
  return scope === 'prototypeRequired' ? `${who} is no prototype` : `${who} has another major version`;
}

/** A bundle that provides the service, and does not now. */
function idleProvider(bundle: Bundle, reports: readonly ComponentReport[]): string[] {
  if (bundle.state !== 'ACTIVE') return [`bundle ${bundle.symbolicName} provides it, but is ${bundle.state}`];
  return reports
    .filter((report) => report.bundle === bundle && report.state !== 'active' && report.state !== 'satisfied')
    .map(({ name, state }) => `bundle ${bundle.symbolicName} provides it, but its component ${name} is ${state}`);
}

function declaredProvides(bundle: Bundle): readonly string[] {
  return (bundle.headers.services as { provides?: readonly string[] } | undefined)?.provides ?? [];
}
