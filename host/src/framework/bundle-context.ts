import { DisposableStore, IllegalStateError } from '@oxtender/bundle-api';
import type {
  Bundle,
  BundleContent,
  BundleContext,
  BundleListener,
  FactoryRegistration,
  FrameworkListener,
  Releasable,
  ServiceListener,
  ServiceObjects,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
  ServiceToken,
} from '@oxtender/bundle-api';
import type { ServiceLedger } from '../registry/service-ledger';
import { HostServiceReference, type ServiceRecord } from '../registry/service-record';
import type { HostFramework } from './host-framework';
import { Permissions } from './permissions';

/** A bundle's door to the framework, valid for one start (rule M4). */
export class HostBundleContext implements BundleContext {
  readonly bundle: Bundle;
  readonly subscriptions = new DisposableStore();
  readonly #host: HostFramework;
  readonly #ledger: ServiceLedger;
  readonly #permissions: Permissions;
  readonly #timers = new Set<Disposable>();
  /** The controller is made when somebody asks for the signal. */
  readonly #state = { valid: true, aborted: false, abort: undefined as AbortController | undefined };

  constructor(host: HostFramework, ledger: ServiceLedger, permissions: Permissions = Permissions.all) {
    this.bundle = ledger.bundle;
    this.#host = host;
    this.#ledger = ledger;
    this.#permissions = permissions;
    Object.freeze(this);
  }

  get signal(): AbortSignal {
    const state = this.#state;
    if (!state.abort) {
      state.abort = new AbortController();
      if (state.aborted) this.#abort(state.abort);
    }
    return state.abort.signal;
  }

  /** What the bundle does beyond answering requests shall end. For the framework. */
  static abort(context: HostBundleContext): void {
    const state = context.#state;
    if (!state.aborted && state.abort) context.#abort(state.abort);
    state.aborted = true;
  }

  /** Releases timers and subscriptions. For the framework. @throws AggregateError */
  static dispose(context: HostBundleContext): Promise<void> | undefined {
    context.#clearTimers();
    return context.subscriptions.size > 0 ? context.subscriptions.dispose() : undefined;
  }

  /** From now on every method throws. For the framework. */
  static invalidate(context: HostBundleContext): void {
    context.#state.valid = false;
    HostBundleContext.abort(context);
    context.#clearTimers();
  }

  getProperty(key: string): string | undefined {
    this.#assertValid();
    return this.#host.properties.get(key);
  }

  getBundles(): Bundle[] {
    this.#assertValid();
    return this.#host.bundles.facades;
  }

  getBundle(idOrLocation: number | string): Bundle | undefined {
    this.#assertValid();
    return this.#host.bundles.facade(idOrLocation);
  }

  getDataFile(path = ''): string {
    this.#assertValid();
    return this.#host.dataFolders.file(this.bundle, path);
  }

  async installBundle(location: string, content?: BundleContent): Promise<Bundle> {
    this.#assertValid();
    return this.#host.operations.install(location, content, this.bundle);
  }

  registerService<T>(
    tokens: ServiceToken<T> | readonly ServiceToken<T>[],
    service: T | FactoryRegistration<T>,
    properties: ServiceProperties = {},
  ): ServiceRegistration<T> {
    this.#assertValid();
    const list = isTokenList(tokens) ? tokens : [tokens];
    for (const token of list) this.#permissions.assertRegister(token);
    const offered = { tokens: list, service, properties };
    return this.#host.registry.register(this.#ledger, offered).registration as ServiceRegistration<T>;
  }

  getServiceReference<T>(token: ServiceToken<T>, filter?: string): ServiceReference<T> | undefined {
    this.#assertValid();
    const { registry } = this.#host;
    if (filter === undefined && !this.#permissions.restrictsConsumption)
      return registry.bestReference(this.#ledger, token) as ServiceReference<T> | undefined;
    const record = registry.findFirst(this.#ledger, { token, filter });
    return record && this.#mayConsume(record) ? record.reference : undefined;
  }

  getServiceReferences<T>(token?: ServiceToken<T>, filter?: string): ServiceReference<T>[] {
    this.#assertValid();
    return this.#references(this.#host.registry.find(this.#ledger, { token, filter }));
  }

  getAllServiceReferences<T>(token?: ServiceToken<T>, filter?: string): ServiceReference<T>[] {
    this.#assertValid();
    return this.#references(this.#host.registry.find(this.#ledger, { token, filter, anyMajor: true }));
  }

  getService<T>(reference: ServiceReference<T>): T | undefined {
    const record = this.#use(reference);
    const lazy = this.#host.operations.firstUse(record);
    lazy?.catch((error: unknown) => this.#host.registry.report('ERROR', record.owner.bundle, error));
    return this.#host.registry.get(this.#ledger, record) as T | undefined;
  }

  async getServiceAsync<T>(reference: ServiceReference<T>): Promise<T | undefined> {
    const record = this.#use(reference);
    await this.#host.operations.firstUse(record);
    const service = await this.#host.registry.getAsync(this.#ledger, record);
    if (this.#state.valid) return service as T | undefined;
    this.#host.registry.unget(this.#ledger, record); // the bundle has stopped meanwhile: nobody else would
    return undefined;
  }

  ungetService(reference: ServiceReference): boolean {
    this.#assertValid();
    return this.#host.registry.unget(this.#ledger, HostServiceReference.recordOf(reference));
  }

  getServiceObjects<T>(reference: ServiceReference<T>): ServiceObjects<T> {
    const record = this.#use(reference);
    return Object.freeze({
      reference,
      getService: () => {
        this.#assertValid();
        return this.#host.registry.getObject(this.#ledger, record) as T | undefined;
      },
      getServiceAsync: () => this.#objectOf<T>(record),
      ungetService: (service: T) => {
        this.#assertValid();
        this.#host.registry.ungetObject(this.#ledger, record, service);
      },
    });
  }

  addServiceListener(listener: ServiceListener, filter?: string, token?: ServiceToken<unknown>): void {
    this.#assertValid();
    const { restrictsConsumption } = this.#permissions;
    const permits = restrictsConsumption ? (record: ServiceRecord) => this.#mayConsume(record) : undefined;
    this.#host.registry.addListener(this.#ledger, this, listener, { filter, token, permits });
  }

  removeServiceListener(listener: ServiceListener): void {
    this.#assertValid();
    this.#host.registry.removeListener(this.#ledger, listener);
  }

  addBundleListener(listener: BundleListener, { synchronous = false }: { synchronous?: boolean } = {}): void {
    this.#assertValid();
    this.#host.events.addBundleListener(this.bundle, listener, synchronous);
  }

  removeBundleListener(listener: BundleListener): void {
    this.#assertValid();
    this.#host.events.removeBundleListener(this.bundle, listener);
  }

  addFrameworkListener(listener: FrameworkListener): void {
    this.#assertValid();
    this.#host.events.addFrameworkListener(this.bundle, listener);
  }

  removeFrameworkListener(listener: FrameworkListener): void {
    this.#assertValid();
    this.#host.events.removeFrameworkListener(this.bundle, listener);
  }

  reportError(error: unknown, message?: string): void {
    this.#assertValid();
    this.#host.report('ERROR', this.bundle, error, message);
  }

  setTimeout(callback: () => void, milliseconds: number): Disposable {
    this.#assertValid();
    const timer = this.#host.clock.setTimeout(() => {
      this.#timers.delete(handle);
      callback();
    }, milliseconds);
    const handle = this.#keepTimer(timer);
    return handle;
  }

  setInterval(callback: () => void, milliseconds: number): Disposable {
    this.#assertValid();
    return this.#keepTimer(this.#host.clock.setInterval(callback, milliseconds));
  }

  onDispose(target: Releasable): void {
    this.#assertValid();
    this.subscriptions.add(target);
  }

  #abort(controller: AbortController): void {
    controller.abort(new IllegalStateError(`bundle ${this.bundle.symbolicName} stops`));
  }

  #clearTimers(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }

  #keepTimer(timer: Disposable): Disposable {
    const handle: Disposable = {
      [Symbol.dispose]: () => {
        this.#timers.delete(handle);
        timer[Symbol.dispose]();
      },
    };
    this.#timers.add(handle);
    return handle;
  }

  async #objectOf<T>(record: ServiceRecord): Promise<T | undefined> {
    this.#assertValid();
    await this.#host.operations.firstUse(record);
    const wanted = (): boolean => this.#state.valid;
    return (await this.#host.registry.getObjectAsync(this.#ledger, record, wanted)) as T | undefined;
  }

  #use(reference: ServiceReference): ServiceRecord {
    this.#assertValid();
    const record = HostServiceReference.recordOf(reference);
    this.#permissions.assertConsume(record);
    return record;
  }

  #mayConsume(record: ServiceRecord): boolean {
    return this.#permissions.mayConsume(record);
  }

  #references<T>(records: readonly ServiceRecord[]): ServiceReference<T>[] {
    const permitted = this.#permissions.restrictsConsumption
      ? records.filter((each) => this.#mayConsume(each))
      : records;
    return permitted.map((record) => record.reference as ServiceReference<T>);
  }

  #assertValid(): void {
    if (!this.#state.valid) {
      throw new IllegalStateError(`the context of bundle ${this.bundle.symbolicName} is stale: the bundle has stopped`);
    }
  }
}

function isTokenList<T>(tokens: ServiceToken<T> | readonly ServiceToken<T>[]): tokens is readonly ServiceToken<T>[] {
  return Array.isArray(tokens);
}
