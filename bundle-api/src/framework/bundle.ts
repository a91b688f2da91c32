import type { DisposableStore, Releasable } from '../disposable';
import type { BundleContent } from './manifest';
import type {
  FactoryRegistration,
  ServiceListener,
  ServiceObjects,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
} from './registry';
import { serviceToken, type ServiceToken } from './token';

/** States of a bundle. OSGi Core, "Bundle States"; reference section 2. @public */
export type BundleState = 'INSTALLED' | 'RESOLVED' | 'STARTING' | 'ACTIVE' | 'STOPPING' | 'UNINSTALLED';

/** @public */
export type BundleEventType =
  | 'INSTALLED'
  | 'RESOLVED'
  | 'LAZY_ACTIVATION'
  | 'STARTING'
  | 'STARTED'
  | 'STOPPING'
  | 'STOPPED'
  | 'UPDATED'
  | 'UNRESOLVED'
  | 'UNINSTALLED';

/** @public */
export interface BundleEvent {
  readonly type: BundleEventType;
  readonly bundle: Bundle;
  /** The bundle in whose context the operation ran; for INSTALLED the installer. */
  readonly origin: Bundle;
}

/** @public */
export type FrameworkEventType =
  'STARTED' | 'ERROR' | 'WARNING' | 'INFO' | 'PACKAGES_REFRESHED' | 'STARTLEVEL_CHANGED' | 'STOPPED' | 'STOPPED_UPDATE';

/** @public */
export interface FrameworkEvent {
  readonly type: FrameworkEventType;
  readonly bundle: Bundle;
  readonly error?: unknown;
  readonly message?: string;
}

/** @public */
export type BundleListener = (event: BundleEvent) => void | Promise<void>;
/** @public */
export type FrameworkListener = (event: FrameworkEvent) => void | Promise<void>;

/** How a bundle is started (rules L6, L17). @public */
export interface StartOptions {
  readonly transient?: boolean;
  readonly policy?: 'eager' | 'declared';
}

/** One installed artefact (rule M2). @public */
export interface Bundle {
  /** Never reused, also not after a restart. 0 is the framework. */
  readonly id: number;
  readonly location: string;
  readonly symbolicName: string;
  readonly version: string;
  readonly state: BundleState;
  /** The manifest: key `bundle` of package.json, plus name, version and description. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Undefined unless STARTING, ACTIVE or STOPPING (rule M4). */
  readonly context: BundleContext | undefined;
  /** Which content of the bundle this is: 1 after install, one more with each update (rule M3). */
  readonly generation: number;

  /**
   * @param options - `transient`: leave the autostart setting as it is (rule L10); `policy: 'declared'`: heed the
   * manifest's `activation` (rule L17), where the default `eager` does not wait for the first use
   * @throws BundleError RESOLVE_ERROR, ACTIVATOR_ERROR, STATECHANGE_ERROR, START_TIMEOUT, START_TRANSIENT_ERROR
   */
  start(options?: StartOptions): Promise<void>;
  /** @throws BundleError ACTIVATOR_ERROR, STOP_TIMEOUT, STATECHANGE_ERROR; the bundle is stopped all the same (rule L20) */
  stop(options?: { transient?: boolean }): Promise<void>;
  /** @param content - folder or tarball; default: the manifest's `updateLocation`, else the location (rule U1) */
  update(content?: BundleContent): Promise<void>;
  /**
   * Stops the bundle and takes it out of the framework. Data and configuration stay for a later install.
   *
   * @param options - `purge`: delete the bundle's data folder too (rule U12)
   */
  uninstall(options?: { purge?: boolean }): Promise<void>;

  getRegisteredServices(): ServiceReference[];
  getServicesInUse(): ServiceReference[];
}

/** What a bundle's code calls when it starts and stops (rule L12). @public */
export interface BundleActivator {
  start(context: BundleContext): void | Promise<void>;
  stop?(context: BundleContext): void | Promise<void>;
}

/**
 * A bundle's door to the framework, valid for one start (rule M4): every method throws
 * `IllegalStateError` on a stale context.
 *
 * @public
 */
export interface BundleContext {
  readonly bundle: Bundle;
  /** Aborted when the bundle stops: after its requests in flight have drained, before anything is taken from it. */
  readonly signal: AbortSignal;
  /** Disposed in reverse order after `stop`, also after a failed start. */
  readonly subscriptions: DisposableStore;

  /** A framework property: `host.*`, or what the launcher was given. */
  getProperty(key: string): string | undefined;
  getBundles(): Bundle[];
  getBundle(idOrLocation: number | string): Bundle | undefined;
  /** A folder of the bundle's own (`data/<bundle>`), kept over updates, or a file in it. Created when missing (rule U8). */
  getDataFile(path?: string): string;
  installBundle(location: string, content?: BundleContent): Promise<Bundle>;

  registerService<T>(
    token: ServiceToken<T> | readonly ServiceToken<T>[],
    service: T | FactoryRegistration<T>,
    properties?: ServiceProperties,
  ): ServiceRegistration<T>;
  getServiceReference<T>(token: ServiceToken<T>, filter?: string): ServiceReference<T> | undefined;
  getServiceReferences<T>(token?: ServiceToken<T>, filter?: string): ServiceReference<T>[];
  /** As `getServiceReferences`, services of other major versions of the contract too (rule S10). */
  getAllServiceReferences<T>(token?: ServiceToken<T>, filter?: string): ServiceReference<T>[];
  /** Counts a use of the bundle (rule S12). Undefined when the service is gone. */
  getService<T>(reference: ServiceReference<T>): T | undefined;
  /** As `getService`, waiting for a delayed component's activation (rule C12). */
  getServiceAsync<T>(reference: ServiceReference<T>): Promise<T | undefined>;
  ungetService(reference: ServiceReference): boolean;
  getServiceObjects<T>(reference: ServiceReference<T>): ServiceObjects<T>;

  /** With `token`, for services of that contract and major version only. */
  addServiceListener(listener: ServiceListener, filter?: string, token?: ServiceToken<unknown>): void;
  removeServiceListener(listener: ServiceListener): void;
  /** `synchronous` listeners run in the stack of the operation, before all others (rule L25). */
  addBundleListener(listener: BundleListener, options?: { synchronous?: boolean }): void;
  removeBundleListener(listener: BundleListener): void;
  addFrameworkListener(listener: FrameworkListener): void;
  removeFrameworkListener(listener: FrameworkListener): void;

  /** Fires the framework event ERROR in the bundle's name: for failures that no caller is there to catch. */
  reportError(error: unknown, message?: string): void;

  /** Cleared when the bundle stops (rule L21). */
  setTimeout(callback: () => void, milliseconds: number): Disposable;
  setInterval(callback: () => void, milliseconds: number): Disposable;
  onDispose(target: Releasable): void;
}

/** Host constant, one per start of a bundle: `@Inject(BundleContext)`. @public */
export const BundleContext = serviceToken<BundleContext>('host.BundleContext');
