import type { BundleContext } from '../../framework/bundle';
import type { ServiceToken } from '../../framework/token';
import { ServiceTracker } from '../../framework/tracker/service-tracker';

/**
 * The service of a token as soon as there is one; it stays in use until the context's bundle stops.
 *
 * @throws the signal's reason when it aborts before
 * @public
 */
export async function whenService<T>(
  context: BundleContext,
  token: ServiceToken<T>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<T> {
  const tracker = new ServiceTracker<T>(context, token).open();
  const abort = (): void => void tracker.close();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  const service = await tracker.waitForService(0);
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  if (service === undefined) throw new Error(`the bundle stopped before there was a ${token.id}`);
  return service;
}
