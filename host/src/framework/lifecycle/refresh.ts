import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { deactivate } from './deactivation';
import { resolveWhatCan, unresolve } from './resolve';

/** Wires in these namespaces carry modules; all others only say that something is there (rule U10). */
const moduleNamespaces: ReadonlySet<string> = new Set(['bundle']);

/** The bundles, and those that import modules from them, directly or not, in the order of ids (rule U9). */
export function dependencyClosure(host: HostFramework, installations: Iterable<Installation>): Installation[] {
  const closure = new Set(installations);
  for (const provider of closure) {
    for (const other of host.bundles) if (imports(other, provider)) closure.add(other);
  }
  return [...closure].sort((a, b) => a.id - b.id);
}

/** Those whose old generation others still import from. */
export function removalPending(host: HostFramework): Installation[] {
  return [...host.bundles].filter((provider) =>
    [...host.bundles].some((other) =>
      wiresTo(other, provider).some((wire) => wire.providerGeneration !== provider.current.number),
    ),
  );
}

/** Stops the closure, wires it anew, starts again what ran; one PACKAGES_REFRESHED at the end. */
export async function refresh(host: HostFramework, closure: readonly Installation[]): Promise<void> {
  const running = closure.filter((installation) => installation.running);
  const stopping = [...running].sort((a, b) => b.startOrder - a.startOrder);
  for (const installation of stopping) {
    await attempt(host, installation, () =>
      host.operations.alone(installation, 'refresh', () => deactivate(host, installation)),
    );
  }
  for (const installation of closure) unresolve(host, installation);
  resolveWhatCan(
    host,
    closure.filter(({ state }) => state === 'INSTALLED'),
  );
  for (const installation of running.sort((a, b) => a.startOrder - b.startOrder)) {
    await attempt(host, installation, () => host.operations.startAgain(installation));
  }
  host.events.frameworkEvent({ type: 'PACKAGES_REFRESHED', bundle: host.system });
}

function imports(other: Installation, provider: Installation): boolean {
  return other !== provider && wiresTo(other, provider).length > 0;
}

function wiresTo(other: Installation, provider: Installation): { providerGeneration: number }[] {
  const wires = other.current.wires ?? [];
  return wires.filter((wire) => wire.provider === provider.bundle && moduleNamespaces.has(wire.requirement.ns));
}

async function attempt(host: HostFramework, { bundle }: Installation, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    host.report('ERROR', bundle, error, 'refresh');
  }
}
