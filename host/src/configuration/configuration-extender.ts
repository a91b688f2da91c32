import type { Bundle, BundleEvent, Clock, ConfigurationEvent, Logger } from '@oxtender/bundle-api';
import { ConfigurationAdmin, ConfigurationListener, ConfigurationPlugin } from '@oxtender/bundle-api';
import type { ConfigurationReading, ConfigurationSource } from '../components/configuration-source';
import { FolderWatcher } from '../files/folder-watcher';
import type { Extender } from '../framework/extender';
import type { HostFramework } from '../framework/host-framework';
import { LiveServices } from '../tracking/live-services';
import type { HostConfigurationAdmin } from './configuration-admin';
import { ManagedServices } from './managed-services';
import type { SchemaRegistry } from './schema-registry';

export interface ConfigurationExtenderOptions {
  readonly admin: HostConfigurationAdmin;
  readonly schemas: SchemaRegistry;
  readonly clock: Clock;
  readonly log: Logger;
  /** Watched for changes; undefined when configurations are in memory. */
  readonly folder: string | undefined;
}

interface Watch {
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

  open({ system }: HostFramework): void {
    const { context } = system;
    const { admin, folder, clock, log } = this.options;
    if (!context) return;
    context.registerService(ConfigurationAdmin, admin);
    this.#plugins = new LiveServices(context, ConfigurationPlugin);
    this.#listeners = new LiveServices(context, ConfigurationListener);
    this.#managed = new ManagedServices(context, this, log);
    context.addBundleListener((event) => this.#onBundle(event), { synchronous: true });
    for (const bundle of context.getBundles()) this.options.schemas.update(bundle);
    this.#opened = [admin.onChange((event) => this.#onChange(event)), this.#managed, this.#plugins, this.#listeners];
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
    const reading = this.options.admin.read(bundle, pid);
    if (!reading.properties || !this.#plugins || this.#plugins.values().length === 0) return reading;
    return { ...reading, properties: this.#plugged(pid, reading.properties) };
  }

  factoryPids(bundle: Bundle, factoryPid: string): string[] {
    return this.options.admin.factoryPids(bundle, factoryPid);
  }

  watch(_bundle: Bundle, pids: readonly string[], changed: (deleted: boolean) => void | Promise<void>): Disposable {
    const watch = { pids, changed };
    this.#watches.add(watch);
    return { [Symbol.dispose]: () => void this.#watches.delete(watch) };
  }

  /** Resolves when managed services have everything that changed so far. */
  async delivered(): Promise<void> {
    await this.#managed?.idle();
  }

  #onBundle({ type, bundle }: BundleEvent): void {
    if (type !== 'INSTALLED' && type !== 'UPDATED' && type !== 'UNINSTALLED') return;
    for (const pid of this.options.schemas.update(bundle)) this.options.admin.schemaChanged(pid);
    if (type === 'UNINSTALLED') this.options.admin.unbind(bundle.location);
  }

  #onChange(event: ConfigurationEvent): void {
    this.#tellListeners(event);
    this.#managed?.changed(event);
    for (const { pids, changed } of [...this.#watches]) {
      if (!pids.some((pid) => pid === event.pid || pid === event.factoryPid || event.pid.startsWith(`${pid}|`)))
        continue;
      void Promise.resolve(changed(event.type === 'CM_DELETED')).catch((error: unknown) =>
        this.options.log.error('a component could not take its configuration', { pid: event.pid, error }),
      );
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
