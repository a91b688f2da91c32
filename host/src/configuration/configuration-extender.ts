import type { Bundle, BundleEvent, BundleManifest, Clock, ConfigurationEvent, Logger } from '@oxtender/bundle-api';
import { ConfigurationAdmin, ConfigurationListener, ConfigurationPlugin } from '@oxtender/bundle-api';
import type { ConfigurationReading, ConfigurationSource } from '../components/configuration-source';
import { sweepTemporaryFiles } from '../files/atomic-file';
import { FolderWatcher } from '../files/folder-watcher';
import type { BundleTable } from '../framework/bundle-table';
import type { Extender } from '../framework/extender';
import type { HostFramework } from '../framework/host-framework';
import { LiveServices } from '../tracking/live-services';
import type { HostConfigurationAdmin } from './configuration-admin';
import { ManagedServices } from './managed-services';
import { mayConfigure, permittedAdmins } from './permitted-configurations';
import { basePid, factoryPidOf } from './pid';
import type { SchemaRegistry } from './schema-registry';

export interface ConfigurationExtenderOptions {
  readonly admin: HostConfigurationAdmin;
  readonly schemas: SchemaRegistry;
  readonly clock: Clock;
  readonly log: Logger;
  /** Watched for changes; undefined when configurations are in memory. */
  readonly folder: string | undefined;
}

/** Of what a bundle may not see. */
const noReading: ConfigurationReading = {
  properties: undefined,
  secrets: [],
  gentle: [],
  exists: false,
  reason: undefined,
};

interface Watch {
  readonly bundle: Bundle;
  readonly pids: readonly string[];
  readonly changed: (deleted: boolean) => void | Promise<void>;
}

/** Brings configurations to bundles: as a service, to components, to managed services (reference section 10). */
export class ConfigurationExtender implements Extender, ConfigurationSource {
  readonly name = 'configuration';
  readonly phase = 'configuration';
  readonly #watches = new Set<Watch>();
  #plugins: LiveServices<ConfigurationPlugin> | undefined;
  #listeners: LiveServices<ConfigurationListener> | undefined;
  #managed: ManagedServices | undefined;
  #watcher: FolderWatcher | undefined;
  #opened: Disposable[] = [];

  constructor(private readonly options: ConfigurationExtenderOptions) {}

  /** What a crash left behind goes: the folder is this process's alone. */
  prepare(): void {
    if (this.options.folder !== undefined) sweepTemporaryFiles(this.options.folder);
  }

  open({ system, bundles }: HostFramework): void {
    const { context } = system;
    const { admin, folder, clock, log } = this.options;
    if (!context) return;
    context.registerService(ConfigurationAdmin, { scope: 'bundle', factory: permittedAdmins(admin) });
    this.#plugins = new LiveServices(context, ConfigurationPlugin);
    this.#listeners = new LiveServices(context, ConfigurationListener);
    this.#managed = new ManagedServices(context, this, log);
    context.addBundleListener((event) => this.#onBundle(event, bundles), { synchronous: true });
    for (const { bundle, current } of bundles) this.#takeSchemas(bundle, current.manifest);
    this.#opened = [
      admin.onChange((event, changedKeys) => this.#onChange(event, changedKeys)),
      this.#managed,
      this.#plugins,
      this.#listeners,
    ];
    if (folder !== undefined) {
      const failed = (error: unknown): void =>
        log.warn('the configuration folder could not be read', { folder, error });
      const scan = (): void => admin.rescan();
      this.#watcher = new FolderWatcher({ folder, clock, failed, scan });
    }
  }

  async close(): Promise<void> {
    await this.#watcher?.[Symbol.asyncDispose]();
    for (const each of this.#opened) each[Symbol.dispose]();
    this.#opened = [];
  }

  /** With what plugins make of it (rule G10). */
  read(bundle: Bundle, pid: string): ConfigurationReading {
    if (!mayConfigure(bundle, pid)) return { ...noReading, reason: `the manifest does not permit ${pid}` };
    const reading = this.options.admin.read(bundle, pid);
    if (!reading.properties || !this.#plugins || this.#plugins.values().length === 0) return reading;
    return { ...reading, properties: this.#plugged(pid, reading.properties) };
  }

  factoryPids(bundle: Bundle, factoryPid: string): string[] {
    return mayConfigure(bundle, factoryPid) ? this.options.admin.factoryPids(bundle, factoryPid) : [];
  }

  watch(bundle: Bundle, pids: readonly string[], changed: Watch['changed']): Disposable {
    const watch = { bundle, pids, changed };
    this.#watches.add(watch);
    return { [Symbol.dispose]: () => void this.#watches.delete(watch) };
  }

  /** The running bundle that a change of one of the keys restarts: `x-restart: bundle` (rule G17). */
  restartedBy(pid: string, keys: readonly string[]): Bundle | undefined {
    const base = factoryPidOf(pid) ?? basePid(pid);
    const owner = this.options.schemas.ownerOf(base);
    const schema = this.options.schemas.get(base);
    return owner?.state === 'ACTIVE' && keys.some((key) => schema?.restartLevel(key) === 'bundle') ? owner : undefined;
  }

  /** Resolves when managed services have everything that changed so far. */
  async delivered(): Promise<void> {
    await this.#managed?.idle();
  }

  #onBundle({ type, bundle }: BundleEvent, bundles: BundleTable): void {
    if (type === 'INSTALLED' || type === 'UPDATED')
      this.#takeSchemas(bundle, bundles.installation(bundle).current.manifest);
    if (type !== 'UNINSTALLED') return;
    this.#takeSchemas(bundle, {});
    this.options.admin.unbind(bundle.location);
  }

  #takeSchemas(bundle: Bundle, { configuration = {} }: BundleManifest): void {
    for (const pid of this.options.schemas.update(bundle, configuration)) this.options.admin.schemaChanged(pid);
  }

  #onChange(event: ConfigurationEvent, changedKeys: readonly string[]): void {
    this.#tellListeners(event);
    this.#managed?.changed(event);
    const restarted = this.restartedBy(event.pid, changedKeys);
    if (restarted) void this.#restart(restarted, event.pid);
    for (const watch of [...this.#watches]) {
      if (watch.bundle !== restarted && concerns(event, watch.pids)) this.#call(watch, event);
    }
  }

  #call({ changed }: Watch, { pid, type }: ConfigurationEvent): void {
    Promise.resolve(changed(type === 'CM_DELETED')).catch((error: unknown) =>
      this.options.log.error('a component could not take its configuration', { pid, error }),
    );
  }

  async #restart(bundle: Bundle, pid: string): Promise<void> {
    this.options.log.info('a bundle is restarted by its configuration', { pid, bundle: bundle.symbolicName });
    try {
      await bundle.stop({ transient: true });
      await bundle.start({ transient: true });
    } catch (error) {
      this.options.log.error('a bundle could not be restarted', { pid, bundle: bundle.symbolicName, error });
    }
  }

  /** Synchronous ones in the stack of the change, the others after it (rule G9). */
  #tellListeners(event: ConfigurationEvent): void {
    for (const { reference, service } of this.#listeners?.values() ?? []) {
      const call = async (): Promise<void> => service?.configurationEvent(event);
      const failed = (error: unknown): void =>
        this.options.log.error('a configuration listener failed', { bundle: reference.bundle?.symbolicName, error });
      if (reference.getProperty('synchronous') === true) call().catch(failed);
      else queueMicrotask(() => void call().catch(failed));
    }
  }

  #plugged(pid: string, properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const changed: Record<string, unknown> = { ...properties };
    const rankingOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
    const plugins = (this.#plugins?.values() ?? []).map((live) => ({
      live,
      ranking: rankingOf(live.reference.getProperty('service.cmRanking')),
    }));
    for (const { live, ranking } of plugins.toSorted((a, b) => a.ranking - b.ranking)) {
      const targets = live.reference.getProperty('cm.target');
      if (Array.isArray(targets) ? !targets.includes(pid) : typeof targets === 'string' && targets !== pid) continue;
      const mayChange = ranking >= 0 && ranking <= 1000;
      try {
        live.service?.modifyConfiguration(pid, mayChange ? changed : { ...changed });
      } catch (error) {
        this.options.log.error('a configuration plugin failed', {
          pid,
          bundle: live.reference.bundle?.symbolicName,
          error,
        });
      }
    }
    return Object.freeze(changed);
  }
}

function concerns({ pid, factoryPid }: ConfigurationEvent, pids: readonly string[]): boolean {
  return pids.some((each) => each === pid || each === factoryPid || pid.startsWith(`${each}|`));
}
