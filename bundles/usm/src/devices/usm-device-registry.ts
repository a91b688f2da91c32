import {
  type DeviceAccess,
  type DeviceKey,
  type DeviceRecord,
  type DeviceRegistry,
  OxtenderError,
  type SkippedItem,
  type SyncFolder,
  type WipeKind,
  type WipeState,
} from '@oxtender/bundle-api';
import { HierarchyStates } from '../hierarchy/hierarchy-states';
import type { UsmServices } from '../session/usm-services';
import { Mark } from '../state/entry';
import { encodeState } from '../state/state-codec';
import { type CollectionAddress, hierarchyObject } from '../tables/collection-address';
import { collectionIdOf, objectIdOf } from '../tables/server-ids';
import type { StateRow } from '../tables/state-store';
import type { SessionColumns, StoredSession } from '../tables/session-store';

/** No device of that key was ever seen, or it was deleted. */
export class DeviceError extends OxtenderError<'UNKNOWN_DEVICE' | 'UNKNOWN_COLLECTION'> {}

/** What operators do takes effect with the device's next request, on whichever host. */
export class UsmDeviceRegistry implements DeviceRegistry {
  constructor(private readonly services: UsmServices) {}

  async list(query: Parameters<DeviceRegistry['list']>[0] = {}): Promise<DeviceRecord[]> {
    return (await this.services.sessions.store.find(query)).map(({ record }) => record);
  }

  async get(key: DeviceKey): Promise<DeviceRecord | undefined> {
    return (await this.services.sessions.store.get(key))?.record;
  }

  setAccess(key: DeviceKey, access: DeviceAccess, reason?: string): Promise<void> {
    return this.#update(key, { access, accessReason: reason?.slice(0, 255) ?? null });
  }

  async setInformation(key: DeviceKey, information: Readonly<Record<string, string>>): Promise<void> {
    await this.#update(key, { information: JSON.stringify(information) });
  }

  requestWipe(key: DeviceKey, kind: WipeKind | undefined): Promise<void> {
    const now = kind === undefined ? null : this.services.clock.now();
    const state = kind === undefined ? null : 'requested';
    return this.#update(key, { wipeKind: kind ?? null, wipeState: state, wipeRequestedAt: now, wipeChangedAt: now });
  }

  recordWipe(key: DeviceKey, state: WipeState['state']): Promise<void> {
    return this.#update(key, { wipeState: state, wipeChangedAt: this.services.clock.now() });
  }

  async resync(key: DeviceKey, collectionId?: string): Promise<void> {
    const { address } = await this.#session(key);
    const { sessions, watches } = this.services;
    await sessions.store.forgetStates(address, collectionId === undefined ? undefined : objectOf(collectionId));
    sessions.changed(address);
    watches.find(key)?.announce({ hierarchy: true });
  }

  async delete(key: DeviceKey): Promise<void> {
    const { address } = await this.#session(key);
    await this.services.sessions.store.delete(address);
    this.services.sessions.changed(address);
  }

  async skippedItems(key: DeviceKey): Promise<SkippedItem[]> {
    const { address } = await this.#session(key);
    const folders = await this.#folders({ ...address, objectId: hierarchyObject });
    const names = new Map(folders.map(({ collectionId, name }) => [collectionId, name]));
    return (await this.services.skipped.list(address)).map(({ objectId, itemId, reason, since }) => {
      const collectionId = collectionIdOf(objectId);
      return { collectionId, folderName: names.get(collectionId) ?? '', itemId, reason, since };
    });
  }

  /** The item is marked in every state of the collection: whatever key the device uses next, it gets it. */
  async resend(key: DeviceKey, collectionId: string, itemId: string): Promise<void> {
    const { address: session } = await this.#session(key);
    const address = { ...session, objectId: objectOf(collectionId) };
    const { locks, states } = this.services;
    const { signal } = new AbortController();
    await locks.exclusively([address], { signal }, async () => {
      const marked: { row: StateRow; element: Buffer }[] = [];
      for (const row of await states.rows(address)) {
        const { state } = await states.load(address, row);
        const entry = state.get(itemId);
        if (!entry || entry.mark === Mark.Delete || entry.mark === Mark.SoftDelete) continue;
        const editor = state.edit();
        editor.set({ ...entry, mark: entry.hashes ? Mark.Resend : Mark.Add });
        marked.push({ row, element: encodeState(editor.finish()) });
      }
      await states.store.transaction((manager) => states.store.revise(manager, address, marked), { signal });
    });
    await this.#announce(key, address);
  }

  async #announce(key: DeviceKey, address: CollectionAddress): Promise<void> {
    const { folderIds, watches } = this.services;
    const folder = await folderIds.folder(address, address.objectId);
    if (!folder) return;
    watches.find(key)?.announce({ folderId: folder.id });
    watches.publish(key, { folderId: folder.id });
  }

  #folders(address: CollectionAddress): Promise<readonly SyncFolder[]> {
    const { states, hierarchies, clock } = this.services;
    return HierarchyStates.open({ store: states.store, cache: hierarchies, clock }, address)
      .then((known) => known.newest())
      .then((newest) => newest?.folders ?? []);
  }

  async #update(key: DeviceKey, columns: SessionColumns): Promise<void> {
    const { address } = await this.#session(key);
    await this.services.sessions.update(address, columns);
  }

  /** @throws DeviceError UNKNOWN_DEVICE */
  async #session(key: DeviceKey): Promise<StoredSession> {
    const found = await this.services.sessions.store.get(key);
    if (!found) throw new DeviceError('UNKNOWN_DEVICE', `no device ${key.deviceId} of user ${key.userId} is known`);
    return found;
  }
}

function objectOf(collectionId: string): number {
  const objectId = objectIdOf(collectionId);
  if (objectId === undefined) throw new DeviceError('UNKNOWN_COLLECTION', `${collectionId} is no id of a collection`);
  return objectId;
}
