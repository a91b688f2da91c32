import { BundleError } from '@oxtender/bundle-api';
import { explain, formatExplanation } from '../../resolver/explain';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';

type Wires = ReturnType<HostFramework['resolver']['resolve']>['wires'];

/**
 * Resolves the bundles and whatever they need: all of them or none (rule R11).
 *
 * @throws BundleError RESOLVE_ERROR whose message and `details` are the diagnosis (rules L11, R12)
 */
export function resolve(host: HostFramework, installations: readonly Installation[]): void {
  const begun = performance.now();
  commit(host, wiresOf(host, installations));
  for (const { timings } of installations) timings.resolve = performance.now() - begun;
}

/** What resolving would wire; changes nothing. @throws BundleError RESOLVE_ERROR */
export function wiresOf(host: HostFramework, installations: readonly Installation[]): Wires {
  const { wires, unresolvable } = host.resolver.resolve(installations.map(({ current }) => current.resource));
  const [failed] = unresolvable;
  if (failed) {
    const explanation = explain(host.resolver, host.resolverState, failed);
    throw new BundleError('RESOLVE_ERROR', formatExplanation(explanation), { details: explanation });
  }
  return wires;
}

/** Resolves as many of the bundles as can be. */
export function resolveWhatCan(host: HostFramework, installations: readonly Installation[]): void {
  commit(host, host.resolver.resolve(installations.map(({ current }) => current.resource)).wires);
}

function commit(host: HostFramework, wires: Wires): void {
  const resolved: Installation[] = [];
  for (const [resource, own] of wires) {
    const installation = host.bundles.find(resource.bundle);
    if (installation?.state !== 'INSTALLED') continue;
    installation.current.wires = own;
    installation.state = 'RESOLVED';
    resolved.push(installation);
  }
  for (const { bundle } of resolved) host.events.bundleEvent('RESOLVED', bundle);
}

/** RESOLVED to INSTALLED. */
export function unresolve(host: HostFramework, installation: Installation): void {
  if (installation.state !== 'RESOLVED') return;
  installation.current.wires = undefined;
  installation.state = 'INSTALLED';
  host.events.bundleEvent('UNRESOLVED', installation.bundle);
}
