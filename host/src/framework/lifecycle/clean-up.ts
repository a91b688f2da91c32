import { HostBundleContext } from '../bundle-context';
import { within } from '../clock';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { undress } from './extender-calls';
import type { Started } from './started';

/**
 * Takes back all that a start gave and the bundle left behind, then says RESOLVED and STOPPED. Runs always, and to the
 * end, whatever failed before (rule L20).
 */
export async function cleanUp(
  host: HostFramework,
  installation: Installation,
  started: Started,
  options: { keepModules?: boolean } = {},
): Promise<void> {
  const { ledger, bundle } = installation;
  const { context, generation } = started;
  if (ledger.registered.size > 0) {
    await host.registry.unregisterAll(ledger, host.properties.number('host.serviceDrain'));
  }
  const disposing = HostBundleContext.dispose(context);
  if (disposing) await disposed(host, context, disposing);
  forget(host, installation);
  const undressing = undress(host, started);
  if (undressing) await undressing;
  HostBundleContext.invalidate(context);
  if (ledger.registered.size > 0) await host.registry.unregisterAll(ledger, 0); // registered while it was taken apart
  forget(host, installation);
  if (!options.keepModules) host.leaks.unload(installation, generation, started);
  installation.context = undefined;
  installation.started = undefined;
  installation.state = 'RESOLVED';
  host.events.bundleEvent('STOPPED', bundle);
}

function forget({ registry, events }: HostFramework, { ledger, bundle }: Installation): void {
  registry.releaseAll(ledger);
  registry.removeListeners(ledger);
  events.removeAllOf(bundle);
}

async function disposed(host: HostFramework, { bundle }: HostBundleContext, disposing: Promise<void>): Promise<void> {
  const limit = host.properties.number('host.stopTimeout');
  const released = disposing.catch((error: unknown) => {
    host.report('ERROR', bundle, error, 'a subscription failed to release');
  });
  if ((await within(host.clock, limit, released)) === 'timeout') {
    host.report('WARNING', bundle, new Error(`subscriptions were not released within ${limit} ms`));
  }
}
