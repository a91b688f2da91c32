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
  await host.registry.unregisterAll(ledger, host.properties.number('host.serviceDrain'));
  await dispose(host, context);
  forget(host, installation);
  if (host.extenders.length > 0) await undress(host, started);
  HostBundleContext.invalidate(context);
  await host.registry.unregisterAll(ledger, 0); // what the bundle registered while it was taken apart
  forget(host, installation);
  if (!options.keepModules) host.leaks.unload(installation, generation);
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

async function dispose(host: HostFramework, context: HostBundleContext): Promise<void> {
  const limit = host.properties.number('host.stopTimeout');
  const disposing = HostBundleContext.dispose(context).catch((error: unknown) => {
    host.report('ERROR', context.bundle, error, 'a subscription failed to release');
  });
  if ((await within(host.clock, limit, disposing)) === 'timeout') {
    host.report('WARNING', context.bundle, new Error(`subscriptions were not released within ${limit} ms`));
  }
}
