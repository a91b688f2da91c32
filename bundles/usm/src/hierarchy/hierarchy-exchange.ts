import {
  type Cancellable,
  type Folder,
  type FolderChoice,
  type GroupwareSession,
  type HierarchySync,
  initialSyncKey,
  type SyncFolder,
  type SyncKey,
} from '@oxtender/bundle-api';
import type { JournalWriter } from '../sync/client-change-journal';
import type { CollectionAddress } from '../tables/collection-address';
import type { FolderIds } from '../tables/folder-ids';
import { collectionIdOf, objectIdOf } from '../tables/server-ids';
import { chosenFolders } from './folder-choice';
import { folderTree } from './folder-tree';
import { compareHierarchies } from './hierarchy-state';
import { HierarchyStates, type HierarchyStorage } from './hierarchy-states';

export interface HierarchyServices extends HierarchyStorage {
  readonly folderIds: FolderIds;
  /** For the journal of what a device changes. */
  readonly writer: () => JournalWriter;
}

/** Whose folders, and which of them. */
export interface HierarchyContext {
  /** Of the hierarchy itself. */
  readonly address: CollectionAddress;
  readonly groupware: GroupwareSession;
  readonly choice: FolderChoice;
}

/** One hierarchy sync, by a caller that holds the hierarchy's lock. @throws SyncError INVALID_SYNC_KEY */
export async function syncHierarchy(
  services: HierarchyServices,
  context: HierarchyContext,
  { syncKey, signal }: Cancellable & { syncKey: SyncKey },
): Promise<HierarchySync> {
  const states = await HierarchyStates.open(services, context.address);
  const known = syncKey === initialSyncKey ? undefined : await states.find(syncKey);
  const folders = await listFolders(services, context, { signal });
  const difference = compareHierarchies(known?.folders ?? [], folders);
  const { added, updated, deleted } = difference;
  if (known && added.length + updated.length + deleted.length === 0) return { syncKey, ...difference };
  const key = await states.add({ basedOn: known?.row.key ?? '', request: 'sync', folders }, { signal });
  for (const collectionId of deleted) {
    await services.store.clear({ ...context.address, objectId: objectIdOf(collectionId) ?? -1 });
  }
  return { syncKey: key, ...difference };
}

/** The folders that the device should have now. */
export async function listFolders(
  { folderIds }: HierarchyServices,
  {
    address,
    groupware,
    choice,
  }: Omit<HierarchyContext, 'groupware'> & { groupware: Pick<GroupwareSession, 'listFolders'> },
  { signal }: Cancellable,
): Promise<SyncFolder[]> {
  const folders = chosenFolders(await groupware.listFolders({ signal }), choice);
  const objectIds = await folderIds.objectIds(address, folders);
  return folderTree(folders, objectIds.map(collectionIdOf));
}

/** One folder with the device's id for it. */
export async function toSyncFolder(
  { folderIds }: HierarchyServices,
  { address }: HierarchyContext,
  folder: Folder,
  parentCollectionId: string | undefined,
): Promise<SyncFolder> {
  const [objectId = 0] = await folderIds.objectIds(address, [folder]);
  const placed = { ...folder, collectionId: collectionIdOf(objectId) };
  return parentCollectionId === undefined ? placed : { ...placed, parentCollectionId };
}
