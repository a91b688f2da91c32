import { serviceToken } from '../framework/token';
import type { Instant } from '../model/values';

/** May the device synchronise? @public */
export type DeviceAccess = 'allowed' | 'blocked' | 'quarantined';

/** `account` removes only the account's data (EAS 16.1). @public */
export type WipeKind = 'full' | 'account';

/** @public */
export interface WipeState {
  readonly kind: WipeKind;
  /** `sent`: the device was told; `confirmed`, `failed`: the device said so. */
  readonly state: 'requested' | 'sent' | 'confirmed' | 'failed';
  readonly requestedAt: Instant;
  readonly changedAt: Instant;
}

/** @public */
export interface DeviceKey {
  readonly contextId: number;
  readonly userId: number;
  readonly protocol: string;
  readonly deviceId: string;
}

/** What is known of a device. @public */
export interface DeviceRecord extends DeviceKey {
  /** Login name of the user, as last used. */
  readonly login: string;
  readonly type: string;
  readonly userAgent?: string;
  readonly protocolVersion?: string;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly access: DeviceAccess;
  /** Why it is blocked or quarantined, or who allowed it. */
  readonly accessReason?: string;
  readonly wipe?: WipeState;
  /** What the device told of itself: `model`, `imei`, `friendlyName`, `os`, `osLanguage`, `phoneNumber`, ... */
  readonly information: Readonly<Record<string, string>>;
}

/** An item that a device cannot get because it fails. @public */
export interface SkippedItem {
  readonly collectionId: string;
  readonly folderName: string;
  readonly itemId: string;
  /** For a person: why. */
  readonly reason: string;
  readonly since: Instant;
}

/** What operators, and users for their own devices, see and do. @public */
export interface DeviceRegistry {
  list(query?: {
    contextId?: number;
    userId?: number;
    login?: string;
    protocol?: string;
    deviceId?: string;
  }): Promise<DeviceRecord[]>;
  get(key: DeviceKey): Promise<DeviceRecord | undefined>;
  setAccess(key: DeviceKey, access: DeviceAccess, reason?: string): Promise<void>;
  setInformation(key: DeviceKey, information: Readonly<Record<string, string>>): Promise<void>;
  /** Asks for a wipe at the device's next request; `undefined` takes it back or clears a finished one. */
  requestWipe(key: DeviceKey, kind: WipeKind | undefined): Promise<void>;
  /** For the protocol: the device was told, confirmed or failed. */
  recordWipe(key: DeviceKey, state: WipeState['state']): Promise<void>;
  /** Forgets the states of one collection, or of all and of the hierarchy; the device starts again with key 0. */
  resync(key: DeviceKey, collectionId?: string): Promise<void>;
  /** Forgets the device. It is new when it comes back. */
  delete(key: DeviceKey): Promise<void>;
  skippedItems(key: DeviceKey): Promise<SkippedItem[]>;
  /** Sends an item again, also one that was skipped. */
  resend(key: DeviceKey, collectionId: string, itemId: string): Promise<void>;
}

/** @public */
export const DeviceRegistry = serviceToken<DeviceRegistry>('sync.DeviceRegistry');
