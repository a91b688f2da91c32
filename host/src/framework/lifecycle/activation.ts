import { BundleError } from '@oxtender/bundle-api';
import { HostBundleContext } from '../bundle-context';
import { within } from '../clock';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { Permissions } from '../permissions';
import { createActivator } from './activator';
import { cleanUp } from './clean-up';
import { announceStarted, dress, quiesce } from './extender-calls';
import { Started } from './started';

/**
 * RESOLVED to ACTIVE (rules L12 to L17). With `lazily`, to STARTING, where it waits for its first use.
 *
 * @throws BundleError ACTIVATOR_ERROR, START_TIMEOUT: the bundle is RESOLVED again, and clean
 */
export function activate(host: HostFramework, installation: Installation, lazily: boolean): Promise<void> {
  const started = begin(host, installation);
  return lazily ? beLazy(host, installation, started) : complete(host, installation, started);
}

async function beLazy(host: HostFramework, installation: Installation, started: Started): Promise<void> {
  started.lazy = true;
  host.events.bundleEvent('LAZY_ACTIVATION', installation.bundle);
  try {
    await prepare(host, installation, started);
  } catch (cause) {
    return fail(host, installation, started, activatorError(installation, cause));
  }
  await announceStarted(host, started);
}

/** The first use of a lazily started bundle: now its activator is called. */
export async function endLaziness(host: HostFramework, installation: Installation): Promise<void> {
  const { started } = installation;
  if (started?.lazy) await complete(host, installation, started);
}

function begin(host: HostFramework, installation: Installation): Started {
  const { manifest } = installation.current;
  const permissions = manifest.permissions
    ? new Permissions(installation.symbolicName, manifest.permissions)
    : Permissions.all;
  const context = new HostBundleContext(host, installation.ledger, permissions);
  const started = new Started(context, installation.current, () => host.operations.activateLazy(installation));
  installation.context = context;
  installation.started = started;
  installation.state = 'STARTING';
  installation.startOrder = host.nextStartOrder();
  installation.tainted = false;
  return started;
}

async function complete(host: HostFramework, installation: Installation, started: Started): Promise<void> {
  const wasPrepared = started.lazy;
  started.lazy = false;
  host.events.bundleEvent('STARTING', installation.bundle);
  host.crashGuard.enter(installation);
  try {
    if (!wasPrepared) await prepare(host, installation, started);
    const starting = callStart(host, installation, started);
    if (starting) await starting;
  } catch (cause) {
    host.crashGuard.leave(installation);
    return fail(host, installation, started, activatorError(installation, cause));
  }
  host.crashGuard.leave(installation);
  installation.state = 'ACTIVE';
  installation.startedAt = host.clock.now();
  installation.lastError = undefined;
  host.events.bundleEvent('STARTED', installation.bundle);
  const announcing = announceStarted(host, started);
  if (announcing) await announcing;
}

/** Loads the components' modules and makes the activator; nothing of the bundle runs but its modules. */
async function prepare(host: HostFramework, installation: Installation, started: Started): Promise<void> {
  const { loader, manifest } = started.generation;
  const begun = performance.now();
  loader.activate();
  for (const path of manifest.components ?? []) started.components.set(path, await loader.load(path));
  if (manifest.activator !== undefined) {
    const loaded = loader.load(manifest.activator);
    started.activator = createActivator(loaded instanceof Promise ? await loaded : loaded, manifest.activator);
  }
  installation.timings.load = performance.now() - begun;
  const dressing = dress(host, started);
  if (dressing) await dressing;
}

/** Nothing to wait for when the activator does not. */
function callStart(host: HostFramework, installation: Installation, started: Started): Promise<void> | undefined {
  const begun = performance.now();
  const starting = started.activator?.start(started.context);
  const done = (): void => {
    started.activated = true;
    installation.timings.start = performance.now() - begun;
  };
  if (starting) return startInTime(host, started, starting).then(done);
  done();
  return undefined;
}

async function startInTime(host: HostFramework, started: Started, starting: Promise<void>): Promise<void> {
  const limit = host.properties.number('host.startTimeout');
  if ((await within(host.clock, limit, starting)) !== 'timeout') return;
  stopWhenLate(host, started, starting);
  throw new BundleError('START_TIMEOUT', `${started.bundle.symbolicName} did not start within ${limit} ms`);
}

/** A start that comes back after its time-out is undone, on the dead context (rule L14). */
function stopWhenLate(host: HostFramework, { bundle, activator, context }: Started, starting: Promise<void>): void {
  starting
    .then(() => activator?.stop?.(context))
    .catch((error: unknown) => host.report('WARNING', bundle, error, 'late end of a start that had timed out'));
}

async function fail(
  host: HostFramework,
  installation: Installation,
  started: Started,
  error: BundleError,
): Promise<never> {
  installation.state = 'STOPPING';
  installation.lastError = error.message;
  host.events.bundleEvent('STOPPING', installation.bundle);
  await quiesce(host, started);
  await cleanUp(host, installation, started);
  throw error;
}

function activatorError({ symbolicName }: Installation, cause: unknown): BundleError {
  if (cause instanceof BundleError && cause.code === 'START_TIMEOUT') return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new BundleError('ACTIVATOR_ERROR', `${symbolicName} failed to start: ${text}`, { cause });
}
