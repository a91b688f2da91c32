import {
  type Cancellable,
  type CollectionId,
  type CollectionSync,
  type CollectionSyncRequest,
  type DeviceRecord,
  type FetchResult,
  GroupwareError,
  type GroupwareSession,
  type GroupwareUser,
  type HierarchySync,
  isOxtenderError,
  type ItemClass,
  type ItemFilter,
  type ItemMoveResult,
  type ReadOptions,
  type ServerId,
  type SessionFields,
  SyncError,
  type SyncFolder,
  type SyncKey,
  type SyncSession,
  type WaitRequest,
  type WaitResult,
} from '@oxtender/bundle-api';
import { FolderChanges } from '../hierarchy/folder-changes';
import { choiceField, readChoice } from '../hierarchy/folder-choice';
import { type HierarchyContext, type HierarchyServices, syncHierarchy } from '../hierarchy/hierarchy-exchange';
import { HierarchyStates } from '../hierarchy/hierarchy-states';
import type { Collection } from '../sync/collection';
import { Exchange } from '../sync/exchange';
import { groupBy } from '../sync/group-by';
import { dayFilter } from '../sync/item-filter';
import { type ItemMove, ItemMoves } from '../sync/item-moves';
import { readItems } from '../sync/item-reader';
import { MoveIntents } from '../sync/move-intents';
import { type CollectionAddress, hierarchyObject } from '../tables/collection-address';
import { collectionPart, objectIdOf } from '../tables/server-ids';
import { DeviceFields } from './device-fields';
import type { DeviceSession } from './device-session';
import { DeviceWait } from './device-wait';
import type { SharedLogin } from './login-cache';
import { hierarchyServices, type UsmServices } from './usm-services';

/** A request's handle on a device's session. */
export class UsmSyncSession implements SyncSession {
  readonly fields: SessionFields;

  constructor(
    private readonly services: UsmServices,
    private readonly session: DeviceSession,
    private readonly login: SharedLogin,
    private readonly requestId?: string,
  ) {
    this.fields = new DeviceFields(services.sessions, session);
  }

  get user(): GroupwareUser {
    return this.login.groupware.user;
  }

  get device(): DeviceRecord {
    return this.session.record;
  }

  get groupware(): GroupwareSession {
    return this.login.groupware;
  }

  syncHierarchy(request: Cancellable & { syncKey: SyncKey }): Promise<HierarchySync> {
    return this.#onHierarchy(request, async () => {
      const asked = this.services.watches.find(this.user)?.point;
      const result = await syncHierarchy(this.#hierarchyServices, this.#hierarchyContext, request);
      this.session.hierarchyAsked = asked;
      return result;
    });
  }

  createFolder(
    request: Cancellable & { syncKey: SyncKey; name: string; itemClass: ItemClass; parent?: CollectionId },
  ): Promise<{ syncKey: SyncKey; collectionId: CollectionId }> {
    return this.#onHierarchy(request, () => this.#folderChanges.create(request));
  }

  updateFolder(
    request: Cancellable & { syncKey: SyncKey; collectionId: CollectionId; name: string; parent?: CollectionId },
  ): Promise<{ syncKey: SyncKey }> {
    return this.#onHierarchy(request, () => this.#folderChanges.update(request));
  }

  deleteFolder(request: Cancellable & { syncKey: SyncKey; collectionId: CollectionId }): Promise<{ syncKey: SyncKey }> {
    return this.#onHierarchy(request, () => this.#folderChanges.delete(request));
  }

  folders(): Promise<readonly SyncFolder[]> {
    return this.session.folders(async () => {
      const states = await HierarchyStates.open(this.#hierarchyServices, this.#hierarchyAddress);
      return (await states.newest())?.folders ?? [];
    });
  }

  async sync(request: CollectionSyncRequest): Promise<CollectionSync> {
    const { locks, log, clock } = this.services;
    const begin = clock.now();
    const result = await this.#limited('sync', () =>
      this.#onCollection(request.collectionId, (collection) =>
        locks.exclusively([collection.address], request, () => new Exchange(this.services, collection, request).run()),
      ),
    );
    const { changes, results, moreAvailable } = result;
    if (results.some(({ status }) => status === 'done')) await this.#tellOtherHosts(request.collectionId);
    if (log.isEnabled('debug')) {
      const { collectionId } = request;
      const durationMs = clock.now() - begin;
      const counts = { sent: changes.length, received: results.length, moreAvailable, durationMs };
      log.debug('sync executed', { ...this.#names, collectionId, ...counts });
    }
    return result;
  }

  estimate({
    collectionId,
    syncKey,
    filter,
    signal,
  }: Cancellable & { collectionId: CollectionId; syncKey: SyncKey; filter?: ItemFilter }): Promise<number> {
    const look = async (collection: Collection): Promise<number> => {
      const { states } = this.services;
      const row = states.find(await states.rows(collection.address), syncKey);
      const options = { filter: dayFilter(collection.folder.itemClass, filter), signal };
      const { state } = await states.refresh(collection, row, options);
      return state.pending;
    };
    return this.#limited('estimate', () => this.#onCollection(collectionId, look));
  }

  async fetch(serverIds: readonly ServerId[], options: ReadOptions & Cancellable): Promise<FetchResult[]> {
    const results = new Map<ServerId, FetchResult>();
    for (const [collectionId, ids] of groupBy(new Set(serverIds), collectionPart)) {
      const collection = await this.#findCollection(collectionId);
      for (const result of collection ? await this.#fetchFrom(collection, ids, options) : []) {
        results.set(result.serverId, result);
      }
    }
    return serverIds.map((serverId) => results.get(serverId) ?? { serverId, error: notFound() });
  }

  move(moves: readonly ItemMove[], options: Cancellable): Promise<ItemMoveResult[]> {
    const { states, serverIds, moves: store, locks } = this.services;
    const work = new ItemMoves({
      states,
      serverIds,
      moves: store,
      intents: new MoveIntents(this.fields),
      collection: (collectionId) => this.#findCollection(collectionId),
      exclusively: (collections, one) =>
        locks.exclusively(
          collections.map(({ address }) => address),
          options,
          one,
        ),
    });
    return this.#limited('move', () => work.run(moves, options));
  }

  /** One promise, and nothing that waits for another: thousands wait. */
  wait(request: WaitRequest): Promise<WaitResult> {
    const { services } = this;
    return new Promise((resolve, reject) => {
      this.#waitOf(request)
        .then((wait) => services.waits.begin(wait, { resolve, reject }))
        .catch(reject);
    });
  }

  async #waitOf(request: WaitRequest): Promise<DeviceWait> {
    const { services, session: device, login } = this;
    const joined = services.watches.join(this.user, login);
    try {
      const finding = request.collections.map(({ collectionId }) => this.#collection(collectionId));
      const collections = await Promise.all(finding);
      return new DeviceWait({ services, device, login, joined, collections }, request);
    } catch (error) {
      joined[Symbol.dispose]();
      throw error;
    }
  }

  async locate(serverId: ServerId): Promise<{ folder: SyncFolder; itemId: string } | undefined> {
    const collectionId = collectionPart(serverId);
    const folder = (await this.folders()).find((one) => one.collectionId === collectionId);
    const itemId = folder && (await this.services.serverIds.itemId(this.#address(collectionId), serverId));
    return folder && itemId !== undefined ? { folder, itemId } : undefined;
  }

  serverIdOf(collectionId: CollectionId, itemId: string): Promise<ServerId> {
    return this.services.serverIds.serverId(this.#address(collectionId), itemId);
  }

  [Symbol.dispose](): void {
    this.login[Symbol.dispose]();
  }

  /** For log lines. */
  get #names(): Record<string, unknown> {
    const { contextId, userId, protocol, deviceId } = this.session.record;
    return { requestId: this.requestId, contextId, userId, protocol, device: deviceId };
  }

  get #hierarchyAddress(): CollectionAddress {
    return { ...this.session.address, objectId: hierarchyObject };
  }

  get #hierarchyServices(): HierarchyServices {
    return hierarchyServices(this.services);
  }

  get #hierarchyContext(): HierarchyContext {
    const choice = readChoice(this.session.field(choiceField));
    return { address: this.#hierarchyAddress, groupware: this.groupware, choice };
  }

  get #folderChanges(): FolderChanges {
    return new FolderChanges(this.#hierarchyServices, this.#hierarchyContext);
  }

  async #onHierarchy<T extends { syncKey: SyncKey }>(
    request: Cancellable & { syncKey: SyncKey },
    work: () => Promise<T>,
  ): Promise<T> {
    const { locks, sessions } = this.services;
    let newest: SyncKey | undefined;
    try {
      const result = await this.#limited('hierarchy', () => locks.exclusively([this.#hierarchyAddress], request, work));
      newest = result.syncKey;
      return result;
    } finally {
      if (newest !== request.syncKey) sessions.foldersChanged(this.session);
    }
  }

  /** One of the user's requests. A login that the groupware no longer accepts is not used for the next. */
  async #limited<T>(step: string, work: () => Promise<T>): Promise<T> {
    const { limit, tracer } = this.services;
    try {
      return await tracer.span(`usm ${step}`, () => limit.run(this.user, work));
    } catch (error) {
      if (isOxtenderError(error, 'AUTHENTICATION', 'PASSWORD_EXPIRED')) this.login.forget();
      throw error;
    }
  }

  #address(collectionId: CollectionId): CollectionAddress {
    const objectId = objectIdOf(collectionId);
    if (objectId === undefined) throw unknownCollection();
    const { contextId, sessionId } = this.session.address;
    return { contextId, sessionId, objectId };
  }

  async #findCollection(collectionId: CollectionId): Promise<Collection | undefined> {
    if (objectIdOf(collectionId) === undefined) return undefined;
    const address = this.#address(collectionId);
    const folder = await this.services.folderIds.folder(address, address.objectId);
    if (!folder) return undefined;
    const { groupware } = this;
    return { id: collectionId, address, folder, groupware, watch: this.services.watches.find(this.user) };
  }

  /** @throws SyncError UNKNOWN_COLLECTION */
  async #collection(collectionId: CollectionId): Promise<Collection> {
    const collection = await this.#findCollection(collectionId);
    if (!collection) throw unknownCollection();
    return collection;
  }

  /** @throws SyncError UNKNOWN_COLLECTION, also when the groupware no longer has the folder */
  async #onCollection<T>(collectionId: CollectionId, work: (collection: Collection) => Promise<T>): Promise<T> {
    const collection = await this.#collection(collectionId);
    try {
      return await work(collection);
    } catch (error) {
      if (!isOxtenderError(error, 'NOT_FOUND')) throw error;
      this.services.folderIds.forget(this.session.address);
      const renamed = await this.#collection(collectionId);
      if (renamed.folder.id === collection.folder.id) throw unknownCollection(error);
      return await work(renamed);
    }
  }

  async #fetchFrom(
    collection: Collection,
    serverIds: readonly ServerId[],
    options: ReadOptions & Cancellable,
  ): Promise<FetchResult[]> {
    const { address, folder } = collection;
    const itemIds = await Promise.all(serverIds.map((serverId) => this.services.serverIds.itemId(address, serverId)));
    const known = serverIds.flatMap((serverId, at) => {
      const itemId = itemIds[at];
      return itemId === undefined ? [] : [{ serverId, itemId }];
    });
    const read = await readItems(
      this.groupware,
      folder,
      known.map(({ itemId }) => itemId),
      options,
    );
    return known.map(({ serverId }, at): FetchResult => {
      const result = read[at];
      if (!result || result.error) return { serverId, error: result?.error ?? notFound() };
      return { serverId, itemClass: folder.itemClass, item: result.item };
    });
  }

  async #tellOtherHosts(collectionId: CollectionId): Promise<void> {
    const collection = await this.#findCollection(collectionId);
    if (collection) this.services.watches.publish(this.user, { folderId: collection.folder.id });
  }
}

function unknownCollection(cause?: unknown): SyncError {
  return new SyncError(
    'UNKNOWN_COLLECTION',
    'the collection is not known, or gone',
    cause === undefined ? {} : { cause },
  );
}

function notFound(): GroupwareError {
  return new GroupwareError('NOT_FOUND', 'no such item');
}
