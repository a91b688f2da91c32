import {
  type ChangeNotice,
  type DeviceAccess,
  DeviceError,
  type DeviceFolder,
  type DeviceKey,
  type DeviceRecord,
  type DeviceRegistry,
  type FolderChoice,
  type GroupwareErrorCode,
  type SkippedItem,
  type SyncFolder,
  type WipeKind,
  type WipeState,
} from '@oxtender/bundle-api';
import { choiceField, readChoice, writeChoice } from '../hierarchy/folder-choice';
import { HierarchyStates } from '../hierarchy/hierarchy-states';
import type { UsmServices } from '../session/usm-services';
import { Mark } from '../state/entry';
import { encodeState } from '../state/state-codec';
import { hierarchyObject, type SessionAddress } from '../tables/collection-address';
import { timeOfSyncKey } from '../sync/sync-key';
import { collectionIdOf, objectIdOf } from '../tables/server-ids';
import type { StateRow } from '../tables/state-store';
import type { SessionColumns, StoredSession } from '../tables/session-store';

/** Columns of a device that is not to be wiped. */
const noWipe = { wipeKind: null, wipeState: null, wipeRequestedAt: null, wipeChangedAt: null } as const;

/** What operators do takes effect with the device's next request, on whichever host. */
export class UsmDeviceRegistry implements DeviceRegistry {
  constructor(private readonly services: UsmServices) {}

  async list(query: Parameters<DeviceRegistry['list']>[0] = {}): Promise<DeviceRecord[]> {
    return (await this.services.sessions.store.find(query)).map(({ record }) => record);
  }

  async get(key: DeviceKey): Promise<DeviceRecord | undefined> {
    return (await this.services.sessions.store.get(key))?.record;
  }

  async setAccess(key: DeviceKey, access: DeviceAccess, reason?: string): Promise<void> {
    const isBack = access === 'allowed' && (await this.get(key))?.wipe?.state === 'confirmed';
    const columns = { access, accessReason: reason?.slice(0, 255) ?? null };
    await this.#update(key, isBack ? { ...columns, ...noWipe } : columns);
    this.#announce(key, { hierarchy: true });
  }

  async setInformation(key: DeviceKey, information: Readonly<Record<string, string>>): Promise<void> {
    await this.#update(key, { information: JSON.stringify(information) });
  }

  async requestWipe(key: DeviceKey, kind: WipeKind | undefined): Promise<void> {
    const now = this.services.clock.now();
    const asked = kind && { wipeKind: kind, wipeState: 'requested' as const, wipeRequestedAt: now, wipeChangedAt: now };
    await this.#update(key, asked ?? noWipe);
    this.#announce(key, { hierarchy: true });
  }

  async recordWipe(key: DeviceKey, state: WipeState['state']): Promise<void> {
    const changed = { wipeState: state, wipeChangedAt: this.services.clock.now() };
    if (state !== 'confirmed') return this.#update(key, changed);
    await this.#update(key, { ...changed, access: 'blocked', accessReason: 'wiped' });
    await this.resync(key);
  }

  async resync(key: DeviceKey, collectionId?: string): Promise<void> {
    const { address } = await this.#session(key);
    const { sessions } = this.services;
    await sessions.store.forgetStates(address, collectionId === undefined ? undefined : objectOf(collectionId));
    sessions.changed(address);
    this.#announce(key, { hierarchy: true });
  }

  async delete(key: DeviceKey): Promise<void> {
    const { address } = await this.#session(key);
    await this.services.sessions.store.delete(address);
    this.services.sessions.changed(address);
    this.#announce(key, { hierarchy: true });
  }

  async folders(key: DeviceKey): Promise<DeviceFolder[]> {
    const { address } = await this.#session(key);
    const changed = await this.services.states.store.newestKeys(address);
    return (await this.#folders(address)).map(({ collectionId, id, itemClass, name }) => {
      const newest = changed.get(objectOf(collectionId));
      return {
        ...{ collectionId, folderId: id, itemClass, name },
        ...(newest !== undefined && { changedAt: timeOfSyncKey(newest) }),
      };
    });
  }

  async folderChoice(key: DeviceKey): Promise<FolderChoice> {
    const { address } = await this.#session(key);
    return readChoice((await this.services.sessions.store.fields(address))[choiceField]);
  }

  async chooseFolders(key: DeviceKey, choice: FolderChoice): Promise<void> {
    const { address } = await this.#session(key);
    const { sessions } = this.services;
    await sessions.store.setFields(address, { [choiceField]: writeChoice(choice) });
    sessions.changed(address);
    this.#announce(key, { hierarchy: true });
  }

  async skippedItems(key: DeviceKey): Promise<SkippedItem[]> {
    const { address } = await this.#session(key);
    const folders = await this.#folders(address);
    const names = new Map(folders.map(({ collectionId, name }) => [collectionId, name]));
    return (await this.services.skipped.list(address)).map(({ objectId, itemId, reason, since }) => {
      const collectionId = collectionIdOf(objectId);
      const code = failureCode(reason);
      const folderName = names.get(collectionId) ?? '';
      return { collectionId, folderName, itemId, reason, ...(code && { code }), since };
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
    const folder = await this.services.folderIds.folder(address, address.objectId);
    if (folder) this.#announce(key, { folderId: folder.id });
  }

  /** Wakes the user's devices that wait, on whichever host. */
  #announce(key: DeviceKey, notice: ChangeNotice): void {
    const { watches } = this.services;
    watches.find(key)?.announce(notice);
    watches.publish(key, notice);
  }

  async #folders(session: SessionAddress): Promise<readonly SyncFolder[]> {
    const { states, hierarchies, clock } = this.services;
    const address = { ...session, objectId: hierarchyObject };
    const known = await HierarchyStates.open({ store: states.store, cache: hierarchies, clock }, address);
    return (await known.newest())?.folders ?? [];
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

/** A reason begins with the code of the failure. */
function failureCode(reason: string): GroupwareErrorCode | undefined {
  return /^[A-Z_]+(?=: )/.exec(reason)?.[0] as GroupwareErrorCode | undefined;
}
