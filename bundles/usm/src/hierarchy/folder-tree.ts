import type { CollectionId, Folder, SyncFolder } from '@oxtender/bundle-api';

/** Folders with the ids of a device, parents before children; a folder whose parent is not among them stands at the top. */
export function folderTree(folders: readonly Folder[], collectionIds: readonly CollectionId[]): SyncFolder[] {
  const ids = new Map(folders.map(({ id }, at) => [id, collectionIds[at] ?? '']));
  const children = new Map<string | undefined, SyncFolder[]>();
  for (const folder of folders) {
    const { id, parentId } = folder;
    const parent = parentId === undefined || parentId === id ? undefined : ids.get(parentId);
    const placed: SyncFolder = {
      ...folder,
      collectionId: ids.get(id) ?? '',
      ...(parent !== undefined && { parentCollectionId: parent }),
    };
    children.set(parent, [...(children.get(parent) ?? []), placed]);
  }
  const ordered: SyncFolder[] = [];
  const place = (parent: string | undefined): void => {
    for (const folder of children.get(parent) ?? []) {
      ordered.push(folder);
      place(folder.collectionId);
    }
  };
  place(undefined);
  return ordered;
}

/** The folder and all below it. */
export function subtree(folders: readonly SyncFolder[], collectionId: CollectionId): SyncFolder[] {
  const inside = new Set([collectionId]);
  // Parents stand before children, so one pass is enough.
  return folders.filter((folder) => {
    const isInside = inside.has(folder.collectionId) || inside.has(folder.parentCollectionId ?? '');
    if (isInside) inside.add(folder.collectionId);
    return isInside;
  });
}

/**
 * Pairs the folders below two folders by name and class: the same folders before and after the upper one got another id.
 */
export function pairSubfolders(
  before: readonly Folder[],
  after: readonly Folder[],
  top: { readonly from: string; readonly to: string },
): { from: Folder; to: Folder }[] {
  return before
    .filter(({ parentId, id }) => parentId === top.from && id !== top.from)
    .flatMap((from) => {
      const to = after.find(
        ({ parentId, name, itemClass }) => parentId === top.to && name === from.name && itemClass === from.itemClass,
      );
      return to ? [{ from, to }, ...pairSubfolders(before, after, { from: from.id, to: to.id })] : [];
    });
}
