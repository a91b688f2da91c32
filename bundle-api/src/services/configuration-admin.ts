import { OxtenderError } from '../errors';
import { serviceToken } from '../framework/token';

/** One value of a configuration: a scalar, or an array of one scalar type (rule G4). @public */
export type ConfigurationValue = string | number | boolean | bigint | readonly (string | number | boolean | bigint)[];

/** Keys compare case-insensitively and keep their case. @public */
export type ConfigurationProperties = Readonly<Record<string, ConfigurationValue>>;

/**
 * - `READ_ONLY`: the file may not be written, or carries the attribute (rule G11)
 * - `INVALID`: a bad key or PID, or values that the schema refuses; nothing was written (rules G3, G16)
 *
 * @public
 */
export class ConfigurationError extends OxtenderError<'READ_ONLY' | 'INVALID'> {}

/**
 * The configuration of one PID: `<pid>.properties` or `<factoryPid>~<name>.properties` in the configuration folder.
 * OSGi Compendium, "Configuration Admin"; reference section 10.
 *
 * @public
 */
export interface Configuration {
  readonly pid: string;
  readonly factoryPid: string | undefined;
  /** Grows with each update (rule G3). */
  readonly changeCount: number;
  /** A copy, with `service.pid` (and `service.factoryPid`); undefined before the first update (rules G2, G4). */
  getProperties(): Record<string, ConfigurationValue> | undefined;
  /** Persists and delivers, also when equal. @throws ConfigurationError; IllegalStateError after `delete` */
  update(properties: ConfigurationProperties): Promise<void>;
  /** As `update`, but does nothing and returns false when nothing differs. */
  updateIfDifferent(properties: ConfigurationProperties): Promise<boolean>;
  /** @throws ConfigurationError READ_ONLY; IllegalStateError when deleted before */
  delete(): Promise<void>;
  /** READ_ONLY, when it is set (rule G11). */
  getAttributes(): ReadonlySet<'READ_ONLY'>;
  /** From now on `update` and `delete` throw ReadOnlyConfigurationError (rule G11). */
  addAttributes(attribute: 'READ_ONLY'): void;
  /** It may be changed again (rule G11). */
  removeAttributes(attribute: 'READ_ONLY'): void;
  /** `undefined`: bound to the first bundle that gets it; a location: that bundle only; `?…`: every bundle (rule G7). */
  getBundleLocation(): string | undefined;
  /** Binds it to one bundle, to all (`?`), or to the first that gets it (undefined) (rule G7). */
  setBundleLocation(location: string | undefined): void;
}

/** Configurations by PID. OSGi Compendium, "Configuration Admin Service"; section 10. @public */
export interface ConfigurationAdmin {
  /** The configuration, made empty when there is none: not listed nor persisted until its first update (rule G2). */
  getConfiguration(pid: string, location?: string): Configuration;
  /** Makes or finds `<factoryPid>~<name>`. */
  getFactoryConfiguration(factoryPid: string, name: string, location?: string): Configuration;
  /** Those with properties; filter over the properties. @throws InvalidSyntaxError */
  listConfigurations(filter?: string): Configuration[];
}

/** Its token: what it is registered and found by. @public */
export const ConfigurationAdmin = serviceToken<ConfigurationAdmin>('host.ConfigurationAdmin');

/** Gets the configuration of its service property `service.pid` (one or several), at once and on each change. @consumer @public */
export interface ManagedService {
  /**
   * Called after registration with what there is, then after every change, one call at a time (rules G5, G6).
   *
   * @param properties - null when there is none, or it was deleted
   */
  updated(properties: Readonly<Record<string, unknown>> | null): void | Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const ManagedService = serviceToken<ManagedService>('host.ManagedService');

/** Gets every factory configuration of its service property `service.pid`. @consumer @public */
export interface ManagedServiceFactory {
  /** A configuration of the factory is new or has changed. */
  updated(pid: string, properties: Readonly<Record<string, unknown>>): void | Promise<void>;
  /** A configuration of the factory is gone. */
  deleted(pid: string): void | Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const ManagedServiceFactory = serviceToken<ManagedServiceFactory>('host.ManagedServiceFactory');

/** A configuration has changed (rule G9). @public */
export interface ConfigurationEvent {
  readonly type: 'CM_UPDATED' | 'CM_DELETED' | 'CM_LOCATION_CHANGED';
  readonly pid: string;
  readonly factoryPid: string | undefined;
}

/** Told of every change. With the service property `synchronous=true` in the stack of the change (rule G9). @consumer @public */
export interface ConfigurationListener {
  /** Called in the stack of the change when the listener is registered as synchronous, else later (rule G9). */
  configurationEvent(event: ConfigurationEvent): void | Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const ConfigurationListener = serviceToken<ConfigurationListener>('host.ConfigurationListener');

/**
 * Sees and may change what is delivered, never what is stored. Service properties: `service.cmRanking` (ascending;
 * below 0 and above 1000 changes are ignored), `cm.target` (PIDs) (rule G10).
 *
 * @consumer @public
 */
export interface ConfigurationPlugin {
  /** May change what is delivered, never what is stored (rule G10). */
  modifyConfiguration(pid: string, properties: Record<string, unknown>): void;
}

/** Its token: what it is registered and found by. @public */
export const ConfigurationPlugin = serviceToken<ConfigurationPlugin>('host.ConfigurationPlugin');
