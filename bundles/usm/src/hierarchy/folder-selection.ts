import type { Folder } from '@oxtender/bundle-api';

/**
 * Session field with the user's choice for one device: JSON `{"include": [folder ids], "exclude": [folder ids]}`. It adds
 * to and takes from what the user subscribed in the groupware; default folders stay.
 */
export const selectionField = 'usm.folders';

interface Selection {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Folders that a device gets. */
export function selectFolders(folders: readonly Folder[], field: string | undefined): Folder[] {
  const selection: Selection = field === undefined ? {} : (JSON.parse(field) as Selection);
  const { include = [], exclude = [] } = selection;
  return folders.filter(({ id, role, subscribed, rights }) => {
    if (role !== undefined) return true;
    if (rights.read === 'none') return false;
    return include.includes(id) || (subscribed && !exclude.includes(id));
  });
}
