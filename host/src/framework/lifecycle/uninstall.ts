import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';
import { deactivate } from './deactivation';
import { unresolve } from './resolve';

/** Stops the bundle and takes it out (rule U11). Its wires to others' bundles go; others' wires to it stay until refresh. */
export async function uninstall(host: HostFramework, installation: Installation, purge: boolean): Promise<void> {
  const { bundle } = installation;
  try {
    await deactivate(host, installation);
  } catch (error) {
    host.report('ERROR', bundle, error, 'stop before uninstalling failed');
  }
  unresolve(host, installation);
  host.resolver.remove(installation.current.resource);
  host.bundles.delete(installation);
  installation.state = 'UNINSTALLED';
  await host.persist();
  host.content.remove(installation);
  host.bundleFolder.forget(installation);
  if (purge && host.bundles.named(installation.symbolicName).length === 0) await host.dataFolders.remove(bundle);
  host.events.bundleEvent('UNINSTALLED', bundle);
}
