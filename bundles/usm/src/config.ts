import type { DeviceAccess } from '@oxtender/bundle-api';

/** Configuration of the bundle, PID `usm`. The schema with defaults is in package.json. */
export interface UsmConfiguration {
  readonly 'com.openexchange.usm.force_new_sync_key_on_empty_sync': boolean;
  readonly 'com.openexchange.usm.max_objects_per_folder': number;
  /** Seconds. */
  readonly 'com.openexchange.usm.cache.session.timeout': number;
  /** Mebibytes. */
  readonly 'cache.syncstate.size': number;
  readonly 'devices.max_per_user': number;
  readonly 'devices.new': DeviceAccess;
  /** Days. */
  readonly 'devices.unused_days': number;
  readonly 'limits.requests_per_user': number;
  /** Seconds. */
  readonly 'limits.collection_wait': number;
  /** Seconds. */
  readonly 'wait.poll_interval': number;
}

/** The same with the units that the code uses. */
export interface UsmOptions {
  readonly newKeyOnEmptySync: boolean;
  readonly maxObjectsPerFolder: number;
  /** Milliseconds that an idle login and session stay in memory. */
  readonly sessionTimeout: number;
  /** Bytes of sync states in memory. */
  readonly stateCacheSize: number;
  readonly maxDevicesPerUser: number;
  /** What a device that was never seen may do. */
  readonly newDevices: DeviceAccess;
  /** Milliseconds after which an unused device is forgotten. */
  readonly unusedDevices: number;
  /** Most requests of one user that are worked on at a time. */
  readonly requestsPerUser: number;
  /** Milliseconds that a request waits for another of the same collection. */
  readonly collectionWait: number;
  /** Milliseconds between looks into folders whose changes nobody announces. */
  readonly pollInterval: number;
}

export function usmOptions(configuration: UsmConfiguration): UsmOptions {
  return {
    newKeyOnEmptySync: configuration['com.openexchange.usm.force_new_sync_key_on_empty_sync'],
    maxObjectsPerFolder: configuration['com.openexchange.usm.max_objects_per_folder'],
    sessionTimeout: configuration['com.openexchange.usm.cache.session.timeout'] * 1000,
    stateCacheSize: configuration['cache.syncstate.size'] * 1024 * 1024,
    maxDevicesPerUser: configuration['devices.max_per_user'],
    newDevices: configuration['devices.new'],
    unusedDevices: configuration['devices.unused_days'] * 86_400_000,
    requestsPerUser: configuration['limits.requests_per_user'],
    collectionWait: configuration['limits.collection_wait'] * 1000,
    pollInterval: configuration['wait.poll_interval'] * 1000,
  };
}

/** Defaults; package.json says the same, and a test compares them. */
export const defaultConfiguration: UsmConfiguration = {
  'com.openexchange.usm.force_new_sync_key_on_empty_sync': false,
  'com.openexchange.usm.max_objects_per_folder': 65535,
  'com.openexchange.usm.cache.session.timeout': 43200,
  'cache.syncstate.size': 256,
  'devices.max_per_user': 50,
  'devices.new': 'allowed',
  'devices.unused_days': 90,
  'limits.requests_per_user': 32,
  'limits.collection_wait': 20,
  'wait.poll_interval': 60,
};
