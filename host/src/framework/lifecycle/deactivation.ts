import { BundleError } from '@oxtender/bundle-api';
import { within } from '../clock';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { cleanUp } from './clean-up';
import { quiesce } from './extender-calls';
import type { Started } from './started';

/**
 * STARTING or ACTIVE to RESOLVED (rules L19, L20, L22).
 *
 * @param options - `keepModules`: the generation may be started again after a failed update
 * @throws BundleError ACTIVATOR_ERROR, STOP_TIMEOUT, after the clean-up is done
 */
export async function deactivate(
  host: HostFramework,
  installation: Installation,
  options: { keepModules?: boolean } = {},
): Promise<void> {
  const { started } = installation;
  if (!started) return;
  const wasActive = installation.state === 'ACTIVE';
  installation.state = 'STOPPING';
  installation.startedAt = undefined;
  host.events.bundleEvent('STOPPING', installation.bundle);
  const quiescing = quiesce(host, started);
  if (quiescing) await quiescing;
  const error = wasActive ? await callStop(host, installation, started) : undefined;
  await cleanUp(host, installation, started, options);
  if (error) throw error;
}

/** Returns the failure, for the clean-up comes before it is thrown. */
async function callStop(
  host: HostFramework,
  installation: Installation,
  started: Started,
): Promise<BundleError | undefined> {
  const { symbolicName, bundle } = installation;
  try {
    const stopping = started.activator?.stop?.(started.context);
    if (!stopping) return undefined;
    const limit = host.properties.number('host.stopTimeout');
    if ((await within(host.clock, limit, stopping)) !== 'timeout') return undefined;
    installation.tainted = true;
    stopping.catch((error: unknown) =>
      host.report('WARNING', bundle, error, 'late failure of a stop that had timed out'),
    );
    return new BundleError('STOP_TIMEOUT', `${symbolicName} did not stop within ${limit} ms; its code may still run`);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    return new BundleError('ACTIVATOR_ERROR', `${symbolicName} failed to stop: ${text}`, { cause });
  }
}
