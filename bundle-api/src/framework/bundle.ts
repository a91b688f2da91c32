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

/**
 * Kinds of {@link BundleEvent}, each named after what has just happened (section 2, table). STARTING, STOPPING and
 * LAZY_ACTIVATION reach synchronous listeners only (rule L25).
 *
 * @public
 */
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

/** A bundle has changed its state, content or wires. OSGi Core, "Bundle Events". @public */
export interface BundleEvent {
  readonly type: BundleEventType;
  readonly bundle: Bundle;
  /** The bundle in whose context the operation ran; for INSTALLED the installer. */
  readonly origin: Bundle;
}

/** Kinds of {@link FrameworkEvent} (rule L26). @public */
export type FrameworkEventType =
  'STARTED' | 'ERROR' | 'WARNING' | 'INFO' | 'PACKAGES_REFRESHED' | 'STARTLEVEL_CHANGED' | 'STOPPED' | 'STOPPED_UPDATE';

/**
 * What happened to the framework, or in a bundle's code that nobody was there to catch. OSGi Core, "Framework Events".
 *
 * @public
 */
export interface FrameworkEvent {
  readonly type: FrameworkEventType;
  readonly bundle: Bundle;
  readonly error?: unknown;
  readonly message?: string;
}

/** Hears of bundles. What it throws becomes a framework event ERROR in its own bundle's name (rule M7). @public */
export type BundleListener = (event: BundleEvent) => void | Promise<void>;
/** Hears of the framework. What it throws while it hears of an ERROR is only logged (rule M7). @public */
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
   * Starts the bundle, resolving it first when need be. An active one stays as it is (rule L9).
   *
   * @param options - `transient`: leave the autostart setting as it is (rule L10); `policy: 'declared'`: heed the
   * manifest's `activation` (rule L17), where the default `eager` does not wait for the first use
   * @throws BundleError RESOLVE_ERROR, ACTIVATOR_ERROR, STATECHANGE_ERROR, START_TIMEOUT, START_TRANSIENT_ERROR
   */
  start(options?: StartOptions): Promise<void>;
  /** Stops the bundle; not those that use it (rule L23). @throws BundleError ACTIVATOR_ERROR, STOP_TIMEOUT, STATECHANGE_ERROR; the bundle is stopped all the same (rule L20) */
  stop(options?: { transient?: boolean }): Promise<void>;
  /**
   * Replaces the content; id, autostart, start level, configuration and data stay (rule U2). Until the new content has
   * been checked, resolved and loaded, the old one runs on; a new one that fails to start gives way to it (rule U6).
   *
   * @param content - folder or tarball; default: the manifest's `updateLocation`, else the location (rule U1)
   * @throws BundleError READ_ERROR, MANIFEST_ERROR, DUPLICATE_BUNDLE_ERROR, INTEGRITY_ERROR, RESOLVE_ERROR,
   * ACTIVATOR_ERROR, START_TIMEOUT, STATECHANGE_ERROR
   */
  update(content?: BundleContent): Promise<void>;
  /**
   * Stops the bundle and takes it out of the framework. Data and configuration stay for a later install.
   *
   * @param options - `purge`: delete the bundle's data folder too (rule U12)
   */
  uninstall(options?: { purge?: boolean }): Promise<void>;

  /** What the bundle has registered and not taken back (rule S17). */
  getRegisteredServices(): ServiceReference[];
  /** What the bundle has got and not released (rule S17). */
  getServicesInUse(): ServiceReference[];
}

/** What a bundle's code calls when it starts and stops (rule L12). @consumer @public */
export interface BundleActivator {
  /**
   * Registers services, opens what the bundle needs. Rejecting ends the start: everything done through the context is
   * undone (rule L13). At most `host.startTimeout`, 30 seconds (rule L14).
   */
  start(context: BundleContext): void | Promise<void>;
  /** Undoes what the context does not undo by itself. At most `host.stopTimeout`, 10 seconds (rule L22). */
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
  /** All installed bundles, the framework first, then by id. */
  getBundles(): Bundle[];
  /** The bundle with this id or location, if it is installed. */
  getBundle(idOrLocation: number | string): Bundle | undefined;
  /** A folder of the bundle's own (`data/<bundle>`), kept over updates, or a file in it. Created when missing (rule U8). */
  getDataFile(path?: string): string;
  /**
   * Installs a bundle, or gives the one that is at the location already (rule L1). Neither resolves nor starts it.
   *
   * @throws BundleError READ_ERROR, MANIFEST_ERROR, DUPLICATE_BUNDLE_ERROR, INTEGRITY_ERROR
   */
  installBundle(location: string, content?: BundleContent): Promise<Bundle>;

  /**
   * Registers a service until it is unregistered or the bundle stops (rules S1 to S3).
   *
   * @throws TypeError for no token, no service, keys that differ only by case, or a service that the token's guard
   * refuses
   */
  registerService<T>(
    token: ServiceToken<T> | readonly ServiceToken<T>[],
    service: T | FactoryRegistration<T>,
    properties?: ServiceProperties,
  ): ServiceRegistration<T>;
  /** The best service: highest ranking, then the oldest (rule S8). @throws InvalidSyntaxError */
  getServiceReference<T>(token: ServiceToken<T>, filter?: string): ServiceReference<T> | undefined;
  /** All that match, the best first; none: an empty array (rule S9). @throws InvalidSyntaxError */
  getServiceReferences<T>(token?: ServiceToken<T>, filter?: string): ServiceReference<T>[];
  /** As `getServiceReferences`, services of other major versions of the contract too (rule S10). */
  getAllServiceReferences<T>(token?: ServiceToken<T>, filter?: string): ServiceReference<T>[];
  /** Counts a use of the bundle (rule S12). Undefined when the service is gone. */
  getService<T>(reference: ServiceReference<T>): T | undefined;
  /** As `getService`, waiting for a delayed component's activation (rule C12). */
  getServiceAsync<T>(reference: ServiceReference<T>): Promise<T | undefined>;
  /** Counts one use less; false when there was none (rule S12). */
  ungetService(reference: ServiceReference): boolean;
  /** Gets a prototype service object by object (rule S14). */
  getServiceObjects<T>(reference: ServiceReference<T>): ServiceObjects<T>;

  /** With `token`, for services of that contract and major version only. */
  addServiceListener(listener: ServiceListener, filter?: string, token?: ServiceToken<unknown>): void;
  /** Takes the listener away; an event under way does not reach it any more (rule S21). */
  removeServiceListener(listener: ServiceListener): void;
  /** `synchronous` listeners run in the stack of the operation, before all others (rule L25). */
  addBundleListener(listener: BundleListener, options?: { synchronous?: boolean }): void;
  /** Takes the listener away, synchronous or not. */
  removeBundleListener(listener: BundleListener): void;
  /** Adds a listener until the bundle stops; the same one twice is one (rule M6). */
  addFrameworkListener(listener: FrameworkListener): void;
  /** Takes the listener away. */
  removeFrameworkListener(listener: FrameworkListener): void;

  /** Fires the framework event ERROR in the bundle's name: for failures that no caller is there to catch. */
  reportError(error: unknown, message?: string): void;

  /** Cleared when the bundle stops (rule L21). */
  setTimeout(callback: () => void, milliseconds: number): Disposable;
  /** As `setTimeout`, again and again. */
  setInterval(callback: () => void, milliseconds: number): Disposable;
  /** Released when the bundle stops, newest first; the same as `subscriptions.add`. */
  onDispose(target: Releasable): void;
}

/** Host constant, one per start of a bundle: `@Inject(BundleContext)`. @public */
export const BundleContext = serviceToken<BundleContext>('host.BundleContext');
