import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IllegalStateError } from '@oxtender/bundle-api';
import type { Bundle, BundleContext, BundlePackage, Clock, FrameworkEventType, Logger } from '@oxtender/bundle-api';
import { hostResource, type Resource } from '../resolver/resource';
import { Resolver, type ResolverState } from '../resolver/resolver';
import { ServiceRegistry } from '../registry/service-registry';
import { BundleTable } from './bundle-table';
import { systemClock } from './clock';
import { DisabledList } from './disabled-list';
import { EventDispatcher } from './event-dispatcher';
import { type Extender, type StopPhase, stopPhases } from './extender';
import { FrameworkProperties } from './framework-properties';
import type { Autostart, Installation } from './installation';
import { deactivate } from './lifecycle/deactivation';
import { Operations } from './lifecycle/operations';
import { unresolve } from './lifecycle/resolve';
import { LeakMonitor } from './modules/leak-monitor';
import { silentLogger } from './silent-logger';
import { StartLevels } from './start-levels';
import { BundleFolder } from './store/bundle-folder';
import { ContentStore } from './store/content-store';
import { CrashGuard } from './store/crash-guard';
import { DataFolders } from './store/data-folders';
import { FrameworkState } from './store/framework-state';
import { SystemBundle } from './system-bundle';

/** How the core of a framework is made: bundles, services and modules. `createFramework` adds what serves bundles. */
export interface CoreOptions {
  /** Folder of the persistent state; none: everything is in memory, and gone with the framework. */
  readonly store?: string;
  /** Parent of the bundles' data folders; default `data` below the store. */
  readonly dataFolder?: string;
  /** The operators' folder `bundle.d`; none: settings are in the store alone. */
  readonly bundleFolder?: string;
  readonly clock?: Clock;
  /** See {@link FrameworkProperties}. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
  /** Parts of the host that serve bundles. */
  readonly extenders?: readonly Extender[];
  /** From `init` to `stop`, rejections that a bundle leaves unhandled do not end the process (rule X6). */
  readonly guardProcess?: boolean;
}

/** The parts of one framework, and the few things that take several of them. Inside the host only. */
export class HostFramework {
  readonly clock: Clock;
  readonly log: Logger;
  readonly properties: FrameworkProperties;
  readonly extenders: readonly Extender[];
  /** In the order in which they dress a starting bundle. */
  readonly dressers: readonly Extender[];
  /** In the order in which they quiesce a stopping bundle: before its signal is aborted, and after. */
  readonly quiescers: { readonly beforeSignal: readonly Extender[]; readonly afterSignal: readonly Extender[] };
  readonly package = hostPackage();
  readonly system: SystemBundle;
  readonly bundles: BundleTable;
  readonly events: EventDispatcher;
  readonly registry: ServiceRegistry;
  readonly resolver: Resolver;
  readonly resolverState: ResolverState;
  readonly operations: Operations;
  readonly startLevels: StartLevels;
  readonly state: FrameworkState;
  /** What the host itself provides. */
  readonly resource: Resource;
  readonly content: ContentStore;
  readonly dataFolders: DataFolders;
  readonly bundleFolder: BundleFolder;
  readonly crashGuard: CrashGuard;
  readonly leaks: LeakMonitor;
  readonly guardsProcess: boolean;
  /** The operator's patterns, beside those of the property `host.disabled`. */
  #disabled = new DisabledList([]);
  readonly #disabledByProperty: DisabledList;
  #starts = 0;

  constructor(options: CoreOptions = {}) {
    const { store } = options;
    this.clock = options.clock ?? systemClock;
    this.log = options.logger ?? silentLogger;
    this.properties = new FrameworkProperties(options.properties);
    this.extenders = options.extenders ?? [];
    const inPhase = (phase: StopPhase): Extender[] => this.extenders.filter((each) => each.phase === phase);
    this.dressers = stopPhases.toReversed().flatMap(inPhase);
    const [http, ...others] = stopPhases;
    this.quiescers = { beforeSignal: inPhase(http), afterSignal: others.flatMap(inPhase) };
    this.events = new EventDispatcher(this.log);
    this.system = new SystemBundle(this);
    this.bundles = new BundleTable(this);
    const report = this.report.bind(this);
    this.registry = new ServiceRegistry({ system: this.system.ledger, clock: this.clock, report });
    this.resolverState = {
      isResolved: ({ bundle }) => bundle === this.system || isResolved(this.bundles.find(bundle)),
      isDisabled: ({ bundle }) => this.isDisabled(this.bundles.find(bundle)),
    };
    this.resolver = new Resolver(this.resolverState, {
      includePrerelease: this.properties.flag('host.resolver.includePrerelease'),
    });
    const { system, package: own } = this;
    this.resource = hostResource({ bundle: system, generation: 1, symbolicName: system.symbolicName, package: own });
    this.resolver.add(this.resource);
    this.operations = new Operations(this);
    this.startLevels = new StartLevels(this);
    this.content = new ContentStore(store, this.properties, (text) =>
      this.report('WARNING', this.system, undefined, text),
    );
    this.dataFolders = new DataFolders(options.dataFolder ?? (store === undefined ? undefined : join(store, 'data')));
    this.bundleFolder = new BundleFolder(this, options.bundleFolder);
    this.crashGuard = new CrashGuard(store);
    this.leaks = new LeakMonitor(() => this.clock.now());
    this.#disabledByProperty = new DisabledList(this.properties.list('host.disabled'));
    this.state = new FrameworkState(this, store);
    this.guardsProcess = options.guardProcess ?? false;
  }

  /** The system bundle's, for extenders: valid from `init` to the end of `stop`. @throws IllegalStateError */
  get context(): BundleContext {
    const { context } = this.system;
    if (!context) throw new IllegalStateError('the framework is not initialised');
    return context;
  }

  nextStartOrder(): number {
    return ++this.#starts;
  }

  /** Fires a framework event about a bundle's failure (rules M7, L26). */
  report(type: FrameworkEventType, bundle: Bundle, error: unknown, message?: string): void {
    this.events.frameworkEvent({ type, bundle, error, ...(message !== undefined && { message }) });
  }

  /** Resolves when the state as it is now is safe on the disk; nothing to wait for without a store. */
  persist(): Promise<void> | undefined {
    return this.state.save();
  }

  /** Persists an operator's setting, in the store and in `bundle.d`; nothing to wait for without either. */
  saveSettings(installation: Installation): Promise<unknown> | undefined {
    const inStore = this.state.save();
    const inFolder = this.bundleFolder.save(installation);
    return inStore && inFolder ? Promise.all([inStore, inFolder]) : (inStore ?? inFolder);
  }

  /** Recorded before anything is done about it (rules L10, L18). */
  setAutostart(installation: Installation, autostart: Autostart): Promise<unknown> | undefined {
    if (installation.autostart === autostart) return undefined;
    installation.autostart = autostart;
    return this.saveSettings(installation);
  }

  /** By its own switch or by the list (rule P14). */
  isDisabled(installation: Installation | undefined): boolean {
    return installation !== undefined && (!installation.enabled || this.isForbidden(installation));
  }

  /** By the list, whatever its own switch says. */
  isForbidden({ symbolicName, version }: Installation): boolean {
    return this.#disabled.includes(symbolicName, version) || this.#disabledByProperty.includes(symbolicName, version);
  }

  async setEnabled(installation: Installation, enabled: boolean): Promise<void> {
    if (installation.enabled === enabled) return;
    installation.enabled = enabled;
    await this.saveSettings(installation);
    await this.applyDisabled(installation);
  }

  get disabledPatterns(): readonly string[] {
    return this.#disabled.texts;
  }

  /** For the state that comes back from the store. */
  restoreDisabledPatterns(patterns: readonly string[]): void {
    this.#disabled = new DisabledList(patterns);
  }

  async setDisabledPatterns(patterns: readonly string[]): Promise<void> {
    this.#disabled = new DisabledList(patterns);
    await this.persist();
    for (const installation of [...this.bundles]) await this.applyDisabled(installation);
  }

  /** Stops a bundle that is disabled now; starts one that is not any more, if it ran or should (rule P14). */
  async applyDisabled(installation: Installation): Promise<void> {
    if (this.isDisabled(installation)) {
      if (installation.state === 'INSTALLED') return;
      await this.operations.alone(installation, 'disable', async () => {
        installation.resume ||= installation.running;
        await deactivate(this, installation).finally(() => unresolve(this, installation));
      });
    } else {
      const due = installation.resume || installation.autostart !== 'stopped';
      installation.resume = false;
      if (due && installation.startLevel <= this.startLevels.level) await this.operations.startAgain(installation);
    }
  }
}

function isResolved(installation: Installation | undefined): boolean {
  return installation !== undefined && installation.state !== 'INSTALLED' && installation.state !== 'UNINSTALLED';
}

function hostPackage(): BundlePackage {
  const json = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as BundlePackage;
  return { ...json, bundle: { symbolicName: 'oxtender.host' } };
}
