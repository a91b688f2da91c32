import { OxtenderError } from '../errors';
import { serviceToken } from '../framework/token';
import type { Folder } from '../model/folder';
import type { Item, ItemPatch } from '../model/item';
import type { MessageFlags } from '../model/message';
import type { Instant, ItemClass } from '../model/values';
import type { DeviceRecord } from './device-registry';
import type { Cancellable } from './groupware/calls';
import type { Credentials, GroupwareUser, LoginOptions } from './groupware/groupware-bridge';
import type { GroupwareError } from './groupware/groupware-error';
import type { GroupwareSession } from './groupware/groupware-session';
import type { ReadOptions } from './groupware/items';

/**
 * - `INVALID_SYNC_KEY`: neither the newest key nor the one before; the device starts again with `0`
 * - `UNKNOWN_COLLECTION`: the device was never told of this collection, or it is gone; it must sync the hierarchy
 * - `HIERARCHY_CHANGED`: folders changed since the device was told; it must sync the hierarchy first
 * - `COLLECTION_BUSY`: another request of the device is working on the collection; repeat
 * - `DEVICE_BLOCKED`, `DEVICE_QUARANTINED`: refused by policy or by an operator
 * - `TOO_MANY_DEVICES`: the user has as many devices as the operator allows
 * - `DEFAULT_FOLDER`: a default folder cannot be changed or deleted
 * - `PARENT_NOT_FOUND`: the parent named in a folder change is unknown
 * - `OVERLOADED`: the user's or host's limit of concurrent work is reached; try again later
 *
 * Errors of the groupware pass through as {@link GroupwareError}.
 *
 * @public
 */
export type SyncErrorCode =
  | 'INVALID_SYNC_KEY'
  | 'UNKNOWN_COLLECTION'
  | 'HIERARCHY_CHANGED'
  | 'COLLECTION_BUSY'
  | 'DEVICE_BLOCKED'
  | 'DEVICE_QUARANTINED'
  | 'TOO_MANY_DEVICES'
  | 'DEFAULT_FOLDER'
  | 'PARENT_NOT_FOUND'
  | 'OVERLOADED';

/** A failure of the synchronisation, by meaning. @public */
export class SyncError extends OxtenderError<SyncErrorCode> {}

/** Names a state that a device was told: opaque, under 64 characters; `0` is the beginning. @public */
export type SyncKey = string;

/** The key before the first synchronisation. @public */
export const initialSyncKey: SyncKey = '0';

/** Short id of a folder on one device: starts with a letter, under 64 characters, stable, never reused. @public */
export type CollectionId = string;

/** Short id of an item on one device: starts with the collection's id, under 64 characters. @public */
export type ServerId = string;

/** A device as it presents itself. @public */
export interface DeviceIdentity {
  /** Same in every request, up to 64 characters. */
  readonly id: string;
  /** Free text: `iPhone`, `SAMSUNGSMG900`. */
  readonly type: string;
  readonly userAgent?: string;
  readonly protocolVersion?: string;
  /** Network address, for logs. */
  readonly address?: string;
}

/** Who synchronises what device. @public */
export interface OpenRequest extends Cancellable {
  readonly credentials: Credentials;
  /** Short name of the protocol: `eas`. Devices of two protocols never share state. */
  readonly protocol: string;
  readonly device: DeviceIdentity;
  /** Of `HttpState`: stands in each log line of the request, in whatever bundle. */
  readonly requestId?: string;
}

/** Whose credentials are to be checked. @public */
export interface VerifyRequest extends LoginOptions {
  readonly credentials: Credentials;
}

/**
 * Synchronisation for protocol bundles. Knows no wire format; a second protocol needs nothing else.
 *
 * @public
 */
export interface SyncEngine {
  /**
   * Authenticates the user at the groupware and opens the device's session, which is made when the device is new.
   * Cheap when called for every request: sessions and logins are kept for a while.
   *
   * @returns a handle for one request; the caller disposes it
   * @throws GroupwareError AUTHENTICATION, NOT_ALLOWED, UNAVAILABLE
   * @throws SyncError TOO_MANY_DEVICES, OVERLOADED. A blocked or quarantined device is let in: see {@link DeviceRecord.access}
   */
  open(request: OpenRequest): Promise<SyncSession>;
  /**
   * Checks a user's password for a request that no device stands behind. Makes no session; as cheap as {@link open}.
   *
   * @throws GroupwareError AUTHENTICATION, NOT_ALLOWED, UNAVAILABLE
   */
  verify(request: VerifyRequest): Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const SyncEngine = serviceToken<SyncEngine>('sync.SyncEngine');

/** Small persistent values of a device's session, for the protocol: policy keys, cached requests, settings. @public */
export interface SessionFields {
  /** The value as it was last set; undefined when there is none. */
  get(name: string): string | undefined;
  /** Durable when the promise resolves. `undefined` deletes. At most 64 KiB a value. */
  set(values: Readonly<Record<string, string | undefined>>): Promise<void>;
}

/** A folder as a device knows it. @public */
export interface SyncFolder extends Folder {
  readonly collectionId: CollectionId;
  /** Absent at the top. */
  readonly parentCollectionId?: CollectionId;
}

/** Changes of the folder hierarchy since a key. @public */
export interface HierarchySync {
  readonly syncKey: SyncKey;
  /** Parents before children. With the initial key: all folders. */
  readonly added: readonly SyncFolder[];
  readonly updated: readonly SyncFolder[];
  readonly deleted: readonly CollectionId[];
}

/** What a device wants to see of a collection. @public */
export interface ItemFilter {
  /** Items whose date is older are not on the device; they leave it as `softDelete`. */
  readonly since?: Instant;
  /** Tasks: only those not done. */
  readonly incompleteOnly?: boolean;
  /** Calendar: not the meetings to which the user does not go; they leave the device as `delete`. */
  readonly exceptDeclined?: boolean;
  /** Email: a conversation is on the device as a whole while any of its mails passes, where the groupware knows them. */
  readonly conversations?: boolean;
}

/** Who prevails when device and groupware changed the same field. @public */
export type ConflictPolicy = 'server-wins' | 'client-wins' | 'keep-both';

/**
 * A change made on the device.
 *
 * `patch` may be a function of the item as the groupware has it now: so a protocol can compare what it would send with
 * what it received and leave out what the device cannot express.
 *
 * `fingerprint` stands for what the device sent where `patch` is a function: the same text for the same bytes. With it a
 * repeated request is told from a new change of the same item and answered without doing the work again; without it
 * the function is called again, and its patch is then compared as always.
 *
 * @public
 */
export type ClientChange<C extends ItemClass = ItemClass> =
  | {
      readonly kind: 'add';
      readonly clientId: string;
      readonly item: Item<C>;
      /** Fields that the device leaves to the groupware and must be told of by a change, for the answer tells it nothing. */
      readonly awaited?: readonly string[];
    }
  | {
      readonly kind: 'change';
      readonly serverId: ServerId;
      /**
       * What the device changed, or a function that tells it from the item as the groupware has it now. The function may
       * throw an `OxtenderError`: the change does not fit the item, and ends as `invalid`.
       */
      readonly patch: ItemPatch<C> | ((current: Item<C>) => ItemPatch<C>);
      readonly fingerprint?: string;
      /** Calendar: `originalStart` of the one occurrence that is meant. The patch then is one of `AppointmentException`. */
      readonly occurrence?: Instant;
    }
  | {
      readonly kind: 'delete';
      readonly serverId: ServerId;
      readonly mode: 'trash' | 'permanent';
      readonly occurrence?: Instant;
    };

/** How a client change ended. @public */
export type ClientChangeStatus =
  | 'done'
  /** The server's version prevailed and is sent as a change. */
  | 'conflict'
  /** The item is not there (any more). */
  | 'not-found'
  | 'invalid'
  | 'no-space'
  | 'forbidden'
  /** Temporary failure: the device sends the change again. */
  | 'failed';

/** Results stand in the order of the client changes. @public */
export interface ClientChangeResult {
  readonly status: ClientChangeStatus;
  /** Of the item; for an add that was done, the new one. */
  readonly serverId?: ServerId;
  readonly error?: GroupwareError;
}

/** A change made elsewhere, for the device. @public */
export type ServerChange<C extends ItemClass = ItemClass> =
  | { readonly kind: 'add' | 'change'; readonly serverId: ServerId; readonly item: Item<C> }
  /** Email: nothing but the flags changed. */
  | { readonly kind: 'flags'; readonly serverId: ServerId; readonly flags: MessageFlags }
  | { readonly kind: 'delete'; readonly serverId: ServerId }
  /** The item left the filter's window but still exists. */
  | { readonly kind: 'softDelete'; readonly serverId: ServerId };

/** One exchange about one collection. @public */
export interface CollectionSyncRequest<C extends ItemClass = ItemClass> extends Cancellable {
  readonly collectionId: CollectionId;
  readonly syncKey: SyncKey;
  readonly changes?: readonly ClientChange<C>[];
  /** False: only apply the client's changes. Default true. */
  readonly getChanges?: boolean;
  /** Most server changes in one answer, from 1. */
  readonly windowSize: number;
  readonly filter?: ItemFilter;
  readonly read?: ReadOptions;
  /** Default server-wins. */
  readonly conflict?: ConflictPolicy;
  /** Invitations and updates to attendees are sent by the groupware. Default false. */
  readonly notify?: boolean;
  /** Work budget: after this time the answer is cut, with `moreAvailable`. Milliseconds. */
  readonly budget?: number;
}

/** The answer to a {@link CollectionSyncRequest}. @public */
export interface CollectionSync<C extends ItemClass = ItemClass> {
  /** The request's own key when nothing happened. */
  readonly syncKey: SyncKey;
  readonly itemClass: C;
  readonly results: readonly ClientChangeResult[];
  readonly changes: readonly ServerChange<C>[];
  readonly moreAvailable: boolean;
}

/** One fetched item, or why it could not be read. @public */
export type FetchResult<C extends ItemClass = ItemClass> =
  | { readonly serverId: ServerId; readonly itemClass: C; readonly item: Item<C>; readonly error?: undefined }
  | { readonly serverId: ServerId; readonly error: GroupwareError };

/** The outcome for one moved item. @public */
export type ItemMoveResult =
  | { readonly status: 'done'; readonly serverId: ServerId }
  | {
      readonly status: 'not-found' | 'bad-target' | 'same-folder' | 'forbidden' | 'failed';
      readonly error?: GroupwareError;
    };

/** What a device waits for. @public */
export interface WaitRequest extends Cancellable {
  readonly collections: readonly { readonly collectionId: CollectionId; readonly filter?: ItemFilter }[];
  /** Also wake when the folder hierarchy changes. */
  readonly hierarchy: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Aborted when the wait is to end as if its time were over, such as when the caller's bundle stops. */
  readonly end?: AbortSignal;
}

/** Why a wait ended. @public */
export interface WaitResult {
  /** `superseded`: the same device began another wait. */
  readonly reason: 'changes' | 'timeout' | 'superseded';
  readonly collections: readonly CollectionId[];
  readonly hierarchy: boolean;
}

/**
 * One device of one user. Requests for one collection never interleave; different collections run in parallel.
 *
 * @public
 */
export interface SyncSession extends Disposable {
  readonly user: GroupwareUser;
  readonly device: DeviceRecord;
  readonly fields: SessionFields;
  /** The user's session at the groupware, for what is not synchronisation: sending, search, attachments. */
  readonly groupware: GroupwareSession;

  /** @throws SyncError INVALID_SYNC_KEY */
  syncHierarchy(request: Cancellable & { syncKey: SyncKey }): Promise<HierarchySync>;
  /**
   * The change does not come back in the next hierarchy sync.
   *
   * @throws SyncError INVALID_SYNC_KEY, PARENT_NOT_FOUND
   * @throws GroupwareError EXISTS, INVALID, PERMISSION
   */
  createFolder(
    request: Cancellable & { syncKey: SyncKey; name: string; itemClass: ItemClass; parent?: CollectionId },
  ): Promise<{ syncKey: SyncKey; collectionId: CollectionId }>;
  /** @throws SyncError INVALID_SYNC_KEY, UNKNOWN_COLLECTION, DEFAULT_FOLDER, PARENT_NOT_FOUND */
  updateFolder(
    request: Cancellable & { syncKey: SyncKey; collectionId: CollectionId; name: string; parent?: CollectionId },
  ): Promise<{ syncKey: SyncKey }>;
  /** @throws SyncError INVALID_SYNC_KEY, UNKNOWN_COLLECTION, DEFAULT_FOLDER */
  deleteFolder(request: Cancellable & { syncKey: SyncKey; collectionId: CollectionId }): Promise<{ syncKey: SyncKey }>;
  /** Folders as the device was told last. */
  folders(options: Cancellable): Promise<readonly SyncFolder[]>;

  /** @throws SyncError INVALID_SYNC_KEY, UNKNOWN_COLLECTION, COLLECTION_BUSY */
  sync(request: CollectionSyncRequest): Promise<CollectionSync>;
  /** How many changes a sync with this key would bring. Changes nothing. @throws SyncError INVALID_SYNC_KEY, UNKNOWN_COLLECTION */
  estimate(
    request: Cancellable & { collectionId: CollectionId; syncKey: SyncKey; filter?: ItemFilter },
  ): Promise<number>;
  /** Reads items that the device knows; results in order. */
  fetch(serverIds: readonly ServerId[], options: ReadOptions & Cancellable): Promise<FetchResult[]>;
  /**
   * Moved items are known under their new ids and do not come back as additions. Results in order.
   *
   * `source` is where the device has the item; one that is somewhere else is `not-found`.
   */
  move(
    moves: readonly { readonly serverId: ServerId; readonly source?: CollectionId; readonly target: CollectionId }[],
    options: Cancellable,
  ): Promise<ItemMoveResult[]>;
  /**
   * Waits until a collection has something for the device, measured from the last key it was told. What is pending
   * already is answered at once.
   *
   * @throws SyncError UNKNOWN_COLLECTION, HIERARCHY_CHANGED
   */
  wait(request: WaitRequest): Promise<WaitResult>;

  /** Where an item stands in the groupware; undefined for an id that was never given out. */
  locate(serverId: ServerId): Promise<{ folder: SyncFolder; itemId: string } | undefined>;
  /** The id under which this device knows, or will know, an item. */
  serverIdOf(collectionId: CollectionId, itemId: string): Promise<ServerId>;
}
