import type { Bundle } from './bundle';
import type { ServiceToken } from './token';

/** Properties of a service. Keys compare case-insensitively (rule S3). @public */
export type ServiceProperties = Readonly<Record<string, unknown>>;

/**
 * A view of one registration. Finding a reference does not count as use (rule S9).
 *
 * @public
 */
export interface ServiceReference<T = unknown> {
  /** The registering bundle; undefined after unregistration (rule S18). */
  readonly bundle: Bundle | undefined;
  /** A copy of the value, keys case-insensitive. */
  getProperty(key: string): unknown;
  /** Keys as they were written, the framework's own among them. */
  getPropertyKeys(): string[];
  /** All properties as a copy. */
  getProperties(): Record<string, unknown>;
  /** Bundles with a use count above 0 (rule S17). */
  getUsingBundles(): Bundle[];
  /** Greater ranking is greater; at equal ranking the lower `service.id` is greater (rule S8). */
  compareTo(other: ServiceReference): number;
  /** Only for the compiler. */
  readonly __service?: T;
}

/** The registrar's handle. @public */
export interface ServiceRegistration<T = unknown> extends Disposable {
  readonly reference: ServiceReference<T>;
  /** Replaces all properties that the framework does not own (rule S5). */
  setProperties(properties: ServiceProperties): void;
  /**
   * Takes the service out of the registry. With `drain` (milliseconds) the promises returned by those that hold
   * the service are awaited up to that long before it is released for them (rule S23).
   */
  unregister(): void;
  /** As above, and resolves when they are done or the time is over. */
  unregister(options: { drain: number }): Promise<void>;
}

/** Makes one service object per consuming bundle (rule S13). @consumer @public */
export interface ServiceFactory<T> {
  /** Undefined is an error, unless there is a `getServiceAsync`: then it is not there yet. */
  getService(bundle: Bundle, registration: ServiceRegistration<T>): T | undefined;
  /** For services whose making waits, as a delayed component's does: what `getServiceAsync` calls (rule C12). */
  getServiceAsync?(bundle: Bundle, registration: ServiceRegistration<T>): Promise<T | undefined>;
  /** Called once, when the last use of the bundle's object ends. What it throws is a WARNING (rule S15). */
  ungetService(bundle: Bundle, registration: ServiceRegistration<T>, service: T): void;
}

/** Marks a {@link ServiceFactory} for registration. @public */
export interface FactoryRegistration<T> {
  readonly scope: 'bundle' | 'prototype';
  readonly factory: ServiceFactory<T>;
}

/** Hands out service objects one by one (rule S14). @public */
export interface ServiceObjects<T> {
  readonly reference: ServiceReference<T>;
  /** A new object of a prototype service; of others, what `getService` gives. Undefined when the service is gone. */
  getService(): T | undefined;
  /** As `getService`, waiting for a prototype component's activation (rule C12). */
  getServiceAsync(): Promise<T | undefined>;
  /** Gives one object back. @throws TypeError for an object that did not come from here */
  ungetService(service: T): void;
}

/** Kinds of {@link ServiceEvent} (rule S19). @public */
export type ServiceEventType = 'REGISTERED' | 'MODIFIED' | 'MODIFIED_ENDMATCH' | 'UNREGISTERING';

/** A service has come, changed, or is about to go (rules S19, S20). OSGi Core, "Service Events". @public */
export interface ServiceEvent {
  readonly type: ServiceEventType;
  readonly reference: ServiceReference;
}

/** Called synchronously in the stack of the changer (rule S21); a returned promise takes part in draining (S23). @public */
export type ServiceListener = (event: ServiceEvent) => void | Promise<void>;

/** A token, or an LDAP filter over the properties. @public */
export type ServiceQuery<T> = ServiceToken<T> | string;
