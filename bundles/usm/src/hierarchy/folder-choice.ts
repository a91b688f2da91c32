import type { Folder, FolderChoice } from '@oxtender/bundle-api';

/** Session field with the user's choice for one device, as JSON. */
export const choiceField = 'usm.folders';

export function readChoice(field: string | undefined): FolderChoice {
  const choice = field === undefined ? {} : (JSON.parse(field) as Partial<FolderChoice>);
  return { include: [], exclude: [], ...choice };
}

/** Undefined for a choice that changes nothing. */
export function writeChoice({ include, exclude }: FolderChoice): string | undefined {
  return include.length + exclude.length === 0 ? undefined : JSON.stringify({ include, exclude });
}

/** Folders that a device gets. */
export function chosenFolders(folders: readonly Folder[], { include, exclude }: FolderChoice): Folder[] {
  return folders.filter(({ id, role, subscribed, rights }) => {
    if (role !== undefined) return true;
    if (rights.read === 'none') return false;
    return include.includes(id) || (subscribed && !exclude.includes(id));
  });
}
