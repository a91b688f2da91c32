import {
  type Cancellable,
  type CollectionId,
  type Folder,
  isOxtenderError,
  type ItemClass,
  SyncError,
  type SyncFolder,
  type SyncKey,
} from '@oxtender/bundle-api';
import { ClientChangeJournal } from '../sync/client-change-journal';
import { hashOf } from '../sync/content-hash';
import { objectIdOf } from '../tables/server-ids';
import { pairSubfolders, subtree } from './folder-tree';
import { type HierarchyContext, type HierarchyServices, toSyncFolder } from './hierarchy-exchange';
import { type HierarchyState } from './hierarchy-state';
import { HierarchyStates, type KnownHierarchy } from './hierarchy-states';

interface FolderRequest extends Cancellable {
  readonly syncKey: SyncKey;
}

/** Folders that a device creates, renames, moves and deletes, by callers that hold the hierarchy's lock. */
export class FolderChanges {
  constructor(
    private readonly services: HierarchyServices,
    private readonly context: HierarchyContext,
  ) {}

  /** @throws SyncError INVALID_SYNC_KEY, PARENT_NOT_FOUND */
  async create({
    syncKey,
    name,
    itemClass,
    parent,
    signal,
  }: FolderRequest & { name: string; itemClass: ItemClass; parent?: CollectionId }): Promise<{
    syncKey: SyncKey;
    collectionId: CollectionId;
  }> {
    const states = await this.#states();
    const known = await states.find(syncKey);
    const request = hashOf(['create', name, itemClass, parent]);
    const answered = await states.answerTo(syncKey, request);
    const repeated = answered && newFolder(known, answered);
    if (answered && repeated) return { syncKey: answered.row.key, collectionId: repeated.collectionId };
    const parentId = this.#parent(known.folders, parent)?.id;
    const wanted = { name, itemClass, ...(parentId !== undefined && { parentId }) };
    const id = await this.#journalled(syncKey, request, async (isRepeat) => {
      try {
        return (await this.context.groupware.createFolder(wanted, { signal })).id;
      } catch (error) {
        const made = isRepeat && isOxtenderError(error, 'EXISTS') ? await this.#find(wanted, { signal }) : undefined;
        if (!made) throw error;
        return made.id;
      }
    });
    const listed = (await this.context.groupware.listFolders({ signal })).find((one) => one.id === id);
    const folder = await toSyncFolder(this.services, this.context, listed ?? newlyMade(id, wanted), parent);
    const folders = [...known.folders, folder];
    const key = await states.add({ basedOn: syncKey, request, folders }, { signal });
    return { syncKey: key, collectionId: folder.collectionId };
  }

  /** @throws SyncError INVALID_SYNC_KEY, UNKNOWN_COLLECTION, DEFAULT_FOLDER, PARENT_NOT_FOUND */
  async update({
    syncKey,
    collectionId,
    name,
    parent,
    signal,
  }: FolderRequest & { collectionId: CollectionId; name: string; parent?: CollectionId }): Promise<{
    syncKey: SyncKey;
  }> {
    const states = await this.#states();
    const known = await states.find(syncKey);
    const request = hashOf(['update', collectionId, name, parent]);
    const answered = await states.answerTo(syncKey, request);
    if (answered) return { syncKey: answered.row.key };
    const folder = changeable(known.folders, collectionId);
    const target = this.#parent(known.folders, parent);
    const parentId = parent === folder.parentCollectionId ? undefined : (target?.id ?? topOf(known.folders, folder));
    const change = { ...(name !== folder.name && { name }), ...(parentId !== undefined && { parentId }) };
    const wanted = { ...folder, ...change };
    const id = await this.#journalled(syncKey, request, async (isRepeat) => {
      if (Object.keys(change).length === 0) return folder.id;
      try {
        return (await this.context.groupware.updateFolder(folder, change, { signal })).id;
      } catch (error) {
        const moved =
          isRepeat && isOxtenderError(error, 'NOT_FOUND') ? await this.#find(wanted, { signal }) : undefined;
        if (!moved) throw error;
        return moved.id;
      }
    });
    const renamed = id === folder.id ? [] : await this.#renamed(known.folders, folder, { ...wanted, id }, { signal });
    const newIds = new Map(renamed.map(({ from, to }) => [from.id, to.id]));
    const folders = known.folders.map((one) => {
      const kept = { ...one, id: newIds.get(one.id) ?? one.id };
      return one.collectionId === collectionId ? moved(kept, name, parent) : kept;
    });
    return { syncKey: await states.add({ basedOn: syncKey, request, folders: inOrder(folders) }, { signal }) };
  }

  /** @throws SyncError INVALID_SYNC_KEY, UNKNOWN_COLLECTION, DEFAULT_FOLDER */
  async delete({ syncKey, collectionId, signal }: FolderRequest & { collectionId: CollectionId }): Promise<{
    syncKey: SyncKey;
  }> {
    const states = await this.#states();
    const known = await states.find(syncKey);
    const request = hashOf(['delete', collectionId]);
    const answered = await states.answerTo(syncKey, request);
    if (answered) return { syncKey: answered.row.key };
    const folder = changeable(known.folders, collectionId);
    try {
      await this.context.groupware.deleteFolder(folder, { signal });
    } catch (error) {
      if (!isOxtenderError(error, 'NOT_FOUND')) throw error;
    }
    const gone = new Set(subtree(known.folders, collectionId));
    const folders = known.folders.filter((one) => !gone.has(one));
    const key = await states.add({ basedOn: syncKey, request, folders }, { signal });
    for (const one of gone) {
      await this.services.store.clear({ ...this.context.address, objectId: objectIdOf(one.collectionId) ?? -1 });
    }
    return { syncKey: key };
  }

  #states(): Promise<HierarchyStates> {
    return HierarchyStates.open(this.services, this.context.address);
  }

  /** @param work - called with true when an earlier try may have done it already */
  async #journalled(syncKey: SyncKey, request: string, work: (isRepeat: boolean) => Promise<string>): Promise<string> {
    const { store, writer } = this.services;
    const journal = await ClientChangeJournal.open(store, this.context.address, syncKey, writer());
    const isRepeat = journal.get(request) !== undefined;
    if (!isRepeat) {
      journal.set(request, { content: request });
      await journal.write();
    }
    return work(isRepeat);
  }

  #parent(folders: HierarchyState, parent: CollectionId | undefined): SyncFolder | undefined {
    if (parent === undefined) return undefined;
    const found = folders.find(({ collectionId }) => collectionId === parent);
    if (!found) throw new SyncError('PARENT_NOT_FOUND', 'the parent folder is not known to the device');
    return found;
  }

  async #find(
    wanted: Pick<Folder, 'name' | 'itemClass' | 'parentId'>,
    options: Cancellable,
  ): Promise<Folder | undefined> {
    const folders = await this.context.groupware.listFolders(options);
    return folders.find(
      ({ name, itemClass, parentId }) =>
        name === wanted.name &&
        itemClass === wanted.itemClass &&
        (wanted.parentId === undefined || parentId === wanted.parentId),
    );
  }

  /** Lets the device keep its ids of a folder, and of those below it, when the groupware gave them new ones. */
  async #renamed(
    folders: HierarchyState,
    from: SyncFolder,
    to: Folder,
    options: Cancellable,
  ): Promise<{ from: Folder; to: Folder }[]> {
    const after = await this.context.groupware.listFolders(options);
    const pairs = [{ from, to }, ...pairSubfolders(folders, after, { from: from.id, to: to.id })];
    await this.services.folderIds.rename(this.context.address, pairs);
    return pairs;
  }
}

function changeable(folders: HierarchyState, collectionId: CollectionId): SyncFolder {
  const folder = folders.find((one) => one.collectionId === collectionId);
  if (!folder) throw new SyncError('UNKNOWN_COLLECTION', 'the folder is not known to the device');
  if (folder.role !== undefined) throw new SyncError('DEFAULT_FOLDER', 'a default folder cannot be changed');
  return folder;
}

/** The folder that only the answer has. */
function newFolder(before: KnownHierarchy, after: KnownHierarchy): SyncFolder | undefined {
  const known = new Set(before.folders.map(({ collectionId }) => collectionId));
  return after.folders.find(({ collectionId }) => !known.has(collectionId));
}

/** Where folders of the top hang in the groupware: as another one of the class does. */
function topOf(folders: HierarchyState, { itemClass, collectionId }: SyncFolder): string | undefined {
  const atTop = folders.filter(
    (one) => one.itemClass === itemClass && one.parentCollectionId === undefined && one.collectionId !== collectionId,
  );
  return (atTop.find(({ role }) => role !== undefined) ?? atTop[0])?.parentId;
}

function moved(folder: SyncFolder, name: string, parent: CollectionId | undefined): SyncFolder {
  const placed: { parentCollectionId?: CollectionId } & SyncFolder = { ...folder, name };
  delete placed.parentCollectionId;
  return parent === undefined ? placed : { ...placed, parentCollectionId: parent };
}

/** Parents before children. */
function inOrder(folders: readonly SyncFolder[]): SyncFolder[] {
  const tops = folders.filter(
    ({ parentCollectionId }) => !folders.some(({ collectionId }) => collectionId === parentCollectionId),
  );
  const below = (parent: SyncFolder): SyncFolder[] => [
    parent,
    ...folders.filter((one) => one.parentCollectionId === parent.collectionId && one !== parent).flatMap(below),
  ];
  return tops.flatMap(below);
}

/** Until the next hierarchy sync tells what the groupware made of it. */
function newlyMade(id: string, wanted: { name: string; itemClass: ItemClass; parentId?: string }): Folder {
  return {
    ...wanted,
    id,
    space: 'private',
    subscribed: true,
    rights: { read: 'all', write: 'all', delete: 'all', createItems: true, createFolders: true, admin: true },
  };
}
