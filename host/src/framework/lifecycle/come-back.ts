import { BundleError } from '@oxtender/bundle-api';
import type { Generation } from '../generation';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { deactivate } from './deactivation';
import { unresolve } from './resolve';

/** Puts a generation in the place of the current one; the bundle does not run meanwhile. */
export function swap(host: HostFramework, installation: Installation, next: Generation): void {
  const { current } = installation;
  unresolve(host, installation);
  host.resolver.remove(current.resource);
  installation.current = next;
  installation.corruption = undefined;
  host.resolver.add(next.resource);
}

interface FailedUpdate {
  readonly from: Generation;
  readonly to: Generation;
  /** Before the update. */
  readonly previous: Generation | undefined;
  readonly running: boolean;
  readonly cause: unknown;
}

/** The new generation cannot stay: the old one takes its place again (rules U5, U6). Always throws. */
export async function comeBack(
  host: HostFramework,
  installation: Installation,
  { from, to, previous, running, cause }: FailedUpdate,
): Promise<never> {
  const { bundle, symbolicName } = installation;
  if (installation.running) await stopBroken(host, installation);
  swap(host, installation, to);
  installation.previous = previous === from ? undefined : previous;
  host.leaks.unload(installation, from);
  host.content.removeGeneration(installation, from);
  host.events.bundleEvent('UPDATED', bundle);
  host.report('ERROR', bundle, cause, `generation ${from.number} does not start: rolled back`);
  const text = cause instanceof Error ? cause.message : String(cause);
  try {
    await host.persist();
    if (running) await host.operations.startInside(installation);
  } catch (second) {
    installation.lastError = `neither ${from.version} nor ${to.version} starts`;
    const both = new AggregateError([cause, second], installation.lastError);
    throw new BundleError('ACTIVATOR_ERROR', `${symbolicName}: ${installation.lastError}`, { cause: both });
  }
  throw new BundleError(
    'ACTIVATOR_ERROR',
    `${symbolicName} ${from.version} did not start, ${to.version} is back${inMemory(from, to)}: ${text}`,
    { cause },
  );
}

/** A folder that is used in place has the new content still. */
function inMemory(from: Generation, to: Generation): string {
  const { folder } = to.content;
  if (folder === undefined || folder !== from.content.folder) return '';
  return ` until it is stopped (${folder} has ${from.version})`;
}

async function stopBroken(host: HostFramework, installation: Installation): Promise<void> {
  try {
    await deactivate(host, installation, { keepModules: true });
  } catch (error) {
    host.report('ERROR', installation.bundle, error, 'stop before the roll-back failed');
  }
}
