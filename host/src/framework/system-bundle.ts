import { BundleError, Clock, Framework } from '@oxtender/bundle-api';
import type {
  BundleContext,
  BundleState,
  FrameworkEvent,
  FrameworkListener,
  FrameworkOperator,
  FrameworkStartLevel,
  FrameworkWiring,
  ServiceReference,
} from '@oxtender/bundle-api';
import { ServiceLedger } from '../registry/service-ledger';
import { HostBundleContext } from './bundle-context';
import { within } from './clock';
import { frameworkOperator, frameworkStartLevel, frameworkWiring } from './framework-faces';
import type { HostFramework } from './host-framework';
import { guardProcess } from './process-guard';

type StopEvent = FrameworkEvent & { readonly type: 'STOPPED' | 'STOPPED_UPDATE' };

/** Bundle 0: the framework as a bundle (rule P12). */
export class SystemBundle implements Framework {
  readonly id = 0;
  readonly location = 'System Bundle';
  readonly symbolicName = 'oxtender.host';
  readonly generation = 1;
  readonly ledger: ServiceLedger;
  readonly startLevel: FrameworkStartLevel;
  readonly wiring: FrameworkWiring;
  readonly operator: FrameworkOperator;
  readonly #host: HostFramework;
  #state: BundleState = 'INSTALLED';
  #context: HostBundleContext | undefined;
  #restored = false;
  #stopping: Promise<void> | undefined;
  readonly #waiting = new Set<(event: StopEvent) => void>();

  constructor(host: HostFramework) {
    this.#host = host;
    this.ledger = new ServiceLedger(this);
    this.startLevel = frameworkStartLevel(host);
    this.wiring = frameworkWiring(host);
    this.operator = frameworkOperator(host);
  }

  get version(): string {
    return this.#host.package.version;
  }

  get headers(): Readonly<Record<string, unknown>> {
    const { name, version, description } = this.#host.package;
    return Object.freeze({ name, version, description, symbolicName: this.symbolicName });
  }

  get state(): BundleState {
    return this.#state;
  }

  get context(): BundleContext | undefined {
    return this.#context;
  }

  async init(...listeners: FrameworkListener[]): Promise<void> {
    if (this.#state === 'STOPPING') await this.#stopping;
    if (this.#context) return;
    const host = this.#host;
    const context = new HostBundleContext(host, this.ledger);
    this.#context = context;
    this.#state = 'STARTING';
    for (const listener of listeners) context.addFrameworkListener(listener);
    try {
      await this.#open(context);
    } catch (error) {
      await this.#takeDown();
      this.#state = 'INSTALLED';
      throw error;
    }
  }

  /** @throws BundleError ACTIVATOR_ERROR when a required bundle is not active: the framework is stopped again (rule P13) */
  async start(): Promise<void> {
    if (this.#state === 'ACTIVE') return;
    await this.init();
    const { properties, startLevels, events } = this.#host;
    await startLevels.go(properties.flag('host.safeMode') ? 1 : properties.number('host.beginningStartLevel'));
    const missing = this.#missingRequired();
    if (missing.length > 0) {
      await this.stop();
      throw new BundleError('ACTIVATOR_ERROR', `required bundles are not active: ${missing.join(', ')}`);
    }
    this.#state = 'ACTIVE';
    events.bundleEvent('STARTED', this);
    events.frameworkEvent({ type: 'STARTED', bundle: this });
  }

  /** Called from inside a lifecycle operation it returns at once, for it would wait for that operation to end. */
  async stop(): Promise<void> {
    await this.#stopWith('STOPPED');
  }

  async update(): Promise<void> {
    await this.#stopWith('STOPPED_UPDATE', () => this.start());
  }

  uninstall(): Promise<never> {
    return Promise.reject(new BundleError('INVALID_OPERATION', 'the framework cannot be uninstalled'));
  }

  async waitForStop(timeout = 0): Promise<FrameworkEvent> {
    if (this.#state === 'INSTALLED' || this.#state === 'RESOLVED') return { type: 'STOPPED', bundle: this };
    let listener: (event: StopEvent) => void = () => undefined;
    const stopped = new Promise<StopEvent>((resolve) => (listener = resolve));
    this.#waiting.add(listener);
    const result = await within(this.#host.clock, timeout, stopped);
    this.#waiting.delete(listener);
    return result === 'timeout' ? { type: 'INFO', bundle: this, message: `not stopped within ${timeout} ms` } : result;
  }

  getRegisteredServices(): ServiceReference[] {
    return Array.from(this.ledger.registered, (record) => record.reference);
  }

  getServicesInUse(): ServiceReference[] {
    return Array.from(this.ledger.used, (record) => record.reference);
  }

  async #open(context: HostBundleContext): Promise<void> {
    const host = this.#host;
    for (const extender of host.extenders) await extender.prepare?.(host);
    if (!this.#restored) host.state.restore();
    this.#restored = true;
    if (host.guardsProcess) context.onDispose(guardProcess(host));
    context.registerService(Clock, host.clock);
    context.registerService(Framework, this);
    for (const extender of host.extenders) await extender.open?.(host);
    host.bundleFolder.open();
  }

  async #stopWith(type: StopEvent['type'], afterwards?: () => Promise<void>): Promise<void> {
    const { chain } = this.#host.operations;
    const inside = chain.inside;
    if (this.#context)
      this.#stopping ??= chain.outside(() => this.#shutDown(type)).finally(() => (this.#stopping = undefined));
    const done = Promise.resolve(this.#stopping).then(() => afterwards && chain.outside(afterwards));
    if (inside) done.catch((error: unknown) => this.#host.report('ERROR', this, error));
    else await done;
  }

  async #shutDown(type: StopEvent['type']): Promise<void> {
    const host = this.#host;
    this.#state = 'STOPPING';
    host.events.bundleEvent('STOPPING', this);
    await host.bundleFolder.close();
    await Promise.all(host.extenders.map((extender) => this.#close(() => extender.closing?.())));
    await host.startLevels.go(0);
    await this.#takeDown();
    const event: StopEvent = { type, bundle: this };
    host.events.bundleEvent('STOPPED', this);
    host.events.frameworkEvent(event);
    await host.events.idle();
    host.events.removeAllOf(this);
    this.#state = 'RESOLVED';
    for (const listener of this.#waiting) listener(event);
    this.#waiting.clear();
  }

  async #takeDown(): Promise<void> {
    const { registry, dataFolders, content, state, extenders } = this.#host;
    const context = this.#context;
    for (const extender of [...extenders].reverse()) await this.#close(() => extender.close?.());
    await registry.unregisterAll(this.ledger, 0);
    if (context) await this.#close(() => HostBundleContext.dispose(context));
    registry.releaseAll(this.ledger);
    registry.removeListeners(this.ledger);
    if (context) HostBundleContext.invalidate(context);
    this.#context = undefined;
    await this.#close(() => state.idle());
    dataFolders.close();
    content.close();
  }

  async #close(close: () => unknown): Promise<void> {
    try {
      await close();
    } catch (error) {
      this.#host.report('ERROR', this, error, 'stop of the framework');
    }
  }

  #missingRequired(): string[] {
    const required = this.#host.properties.list('host.requiredBundles');
    return required.filter((name) => !this.#host.bundles.named(name).some(({ running }) => running));
  }
}
