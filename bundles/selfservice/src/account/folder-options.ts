import type { Folder, FolderChoice, ItemClass } from '@oxtender/bundle-api';

/** A folder that a device may have, for a person to choose. */
export interface FolderOption {
  readonly id: string;
  readonly itemClass: ItemClass;
  /** With the folders above it: `Projects / 2026`. */
  readonly name: string;
  /** Whose it is, if not the user's. */
  readonly owner?: string;
  readonly space: Folder['space'];
  readonly isChosen: boolean;
  /** A default folder: every device has it. */
  readonly isFixed: boolean;
}

/** Folders that the user can read, by class and name, with what the device has of them. */
export function folderOptions(folders: readonly Folder[], choice: FolderChoice): FolderOption[] {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const options = folders.filter(isReadable).map((folder): FolderOption => {
    const { id, itemClass, owner, space } = folder;
    const isFixed = folder.role !== undefined;
    const name = pathOf(folder, byId).join(' / ');
    return {
      ...{ id, itemClass, name, space, isFixed, isChosen: isFixed || isChosen(folder, choice) },
      ...(owner !== undefined && { owner }),
    };
  });
  return options.sort((a, b) => Number(b.isFixed) - Number(a.isFixed) || a.name.localeCompare(b.name));
}

/**
 * The choice that leads to the wanted folders: what differs from the user's subscriptions. What was chosen of folders that
 * cannot be seen now is kept.
 */
export function chooseFolders(
  folders: readonly Folder[],
  before: FolderChoice,
  wanted: ReadonlySet<string>,
): FolderChoice {
  const open = folders.filter((folder) => isReadable(folder) && folder.role === undefined);
  const seen = new Set(folders.map(({ id }) => id));
  const unseen = (ids: readonly string[]) => ids.filter((id) => !seen.has(id));
  const ids = (chosen: readonly Folder[]) => chosen.map(({ id }) => id);
  return {
    include: [...unseen(before.include), ...ids(open.filter(({ id, subscribed }) => !subscribed && wanted.has(id)))],
    exclude: [...unseen(before.exclude), ...ids(open.filter(({ id, subscribed }) => subscribed && !wanted.has(id)))],
  };
}

function isReadable({ rights, role }: Folder): boolean {
  return role !== undefined || rights.read !== 'none';
}

function isChosen({ id, subscribed }: Folder, { include, exclude }: FolderChoice): boolean {
  return include.includes(id) || (subscribed && !exclude.includes(id));
}

/** Names from the top; a folder that names itself as its parent ends the way. */
function pathOf(folder: Folder, byId: ReadonlyMap<string, Folder>): string[] {
  const path: string[] = [];
  const passed = new Set<string>();
  for (let at: Folder | undefined = folder; at && !passed.has(at.id); at = byId.get(at.parentId ?? '')) {
    passed.add(at.id);
    path.unshift(at.name);
  }
  return path;
}
