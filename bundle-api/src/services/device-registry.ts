import { OxtenderError } from '../errors';
import { serviceToken } from '../framework/token';
import type { Instant, ItemClass } from '../model/values';
import type { GroupwareErrorCode } from './groupware/groupware-error';

/** No device of that key was ever seen, or it was deleted; or it has no such folder. @public */
export class DeviceError extends OxtenderError<'UNKNOWN_DEVICE' | 'UNKNOWN_COLLECTION'> {}

/** May the device synchronise? @public */
export type DeviceAccess = 'allowed' | 'blocked' | 'quarantined';

/** `account` removes only the account's data (EAS 16.1). @public */
export type WipeKind = 'full' | 'account';

/** How far a remote wipe has come. @public */
export interface WipeState {
  readonly kind: WipeKind;
  /** `sent`: the device was told; `confirmed`, `failed`: the device said so. */
  readonly state: 'requested' | 'sent' | 'confirmed' | 'failed';
  readonly requestedAt: Instant;
  readonly changedAt: Instant;
}

/** Names one device of one user. @public */
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
  /** For the operator: why, in the groupware's words. */
  readonly reason: string;
  /** What kind of failure it was, for words that a user understands; absent when it is not known. */
  readonly code?: GroupwareErrorCode;
  readonly since: Instant;
}

/** A folder that a device has. @public */
export interface DeviceFolder {
  readonly collectionId: string;
  /** The groupware's id. */
  readonly folderId: string;
  readonly itemClass: ItemClass;
  readonly name: string;
  /** When the device was last told of a change in it, or told of one itself; absent when it never synchronised it. */
  readonly changedAt?: Instant;
}

/**
 * What a user chose for one device, by the groupware's ids of folders. It adds to and takes from the folders that the user
 * subscribed in the groupware; default folders are always there.
 *
 * @public
 */
export interface FolderChoice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * What operators, and users for their own devices, see and do. It asks nobody for consent: who offers it to a user passes
 * the `contextId` and `userId` of that user's groupware session, never what the user sent.
 *
 * Each change takes effect with the device's next request, on whichever host; a device that waits is woken.
 *
 * @throws DeviceError `UNKNOWN_DEVICE`, `UNKNOWN_COLLECTION`; `list` and `get` do not
 * @public
 */
export interface DeviceRegistry {
  /** Devices that match; all without a query. */
  list(query?: {
    contextId?: number;
    userId?: number;
    login?: string;
    protocol?: string;
    deviceId?: string;
  }): Promise<DeviceRecord[]>;
  /** One device; undefined when it has never synchronised. */
  get(key: DeviceKey): Promise<DeviceRecord | undefined>;
  /**
   * Lets a device in, or keeps it out, from its next request on. `allowed` also lets in again a device that wiped itself.
   */
  setAccess(key: DeviceKey, access: DeviceAccess, reason?: string): Promise<void>;
  /** What the device told of itself: model, operating system, phone number. */
  setInformation(key: DeviceKey, information: Readonly<Record<string, string>>): Promise<void>;
  /** Asks for a wipe at the device's next request; `undefined` takes it back or clears a finished one. */
  requestWipe(key: DeviceKey, kind: WipeKind | undefined): Promise<void>;
  /**
   * For the protocol: the device was told, confirmed or failed. A device that confirmed is blocked until it is allowed
   * again, and then begins anew.
   */
  recordWipe(key: DeviceKey, state: WipeState['state']): Promise<void>;
  /** Forgets the states of one collection, or of all and of the hierarchy; the device starts again with key 0. */
  resync(key: DeviceKey, collectionId?: string): Promise<void>;
  /** Forgets the device. It is new when it comes back. */
  delete(key: DeviceKey): Promise<void>;
  /** The folders that the device was told of. */
  folders(key: DeviceKey): Promise<DeviceFolder[]>;
  /** Which folders the device is to have. */
  folderChoice(key: DeviceKey): Promise<FolderChoice>;
  /** The device gets and loses folders at its next hierarchy sync. */
  chooseFolders(key: DeviceKey, choice: FolderChoice): Promise<void>;
  /** Items that the device does not get, and why. */
  skippedItems(key: DeviceKey): Promise<SkippedItem[]>;
  /** Sends an item again, also one that was skipped. */
  resend(key: DeviceKey, collectionId: string, itemId: string): Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const DeviceRegistry = serviceToken<DeviceRegistry>('sync.DeviceRegistry');
