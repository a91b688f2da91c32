import type { CollectionId, SyncFolder } from '@oxtender/bundle-api';

const known = new WeakMap<readonly SyncFolder[], ReadonlyMap<CollectionId, SyncFolder>>();

/** A device's folders by their ids. Its list is the same object for as long as nothing of it changes. */
export function foldersById(folders: readonly SyncFolder[]): ReadonlyMap<CollectionId, SyncFolder> {
  let byId = known.get(folders);
  if (!byId) known.set(folders, (byId = new Map(folders.map((folder) => [folder.collectionId, folder]))));
  return byId;
}
