import { oxError } from '../../envelope/ox-error';
import type { Folder } from '../../store/folders';
import { type MailFolder, mailRoot } from '../../store/mail-folders';
import type { Call } from '../call';
import { folderNumber, isShared } from '../object-access';
import { type FolderFields, folderFields, mailFolderFields, mailRootFields, sharerFields } from './view';

/** A folder of either kind, found by its id. */
export type Located =
  | { readonly kind: 'groupware'; readonly folder: Folder }
  | { readonly kind: 'mail'; readonly folder: MailFolder }
  | { readonly kind: 'mailRoot' }
  | { readonly kind: 'sharer'; readonly owner: number };

/** Trees that exist; 20 is the folder selection of ActiveSync. @throws OxError FLD-1031 */
export function checkTree(call: Call): void {
  const tree = call.text('tree') ?? '0';
  if (tree === '0' || tree === '1' || (tree === '20' && call.server.options.allowFolderSelection)) return;
  throw oxError('FLD-1031', tree);
}

/** @throws OxError FLD-0008, FLD-0003, FLD-1025, MSG-0066 */
export function locate(call: Call, id: string): Located {
  if (id === mailRoot) return { kind: 'mailRoot' };
  if (id.startsWith('default')) {
    const folder = call.context.mailFolders.byPath(call.user.id, id);
    if (!folder) throw oxError('MSG-0066', id);
    return { kind: 'mail', folder };
  }
  if (/^u:\d+$/.test(id)) return { kind: 'sharer', owner: Number(id.slice(2)) };
  const number = folderNumber(id);
  const folder = call.context.folders.get(number);
  if (!folder) throw oxError('FLD-0008', id);
  if (call.context.folders.rights(number, call.user.id).folder < 1) throw oxError('FLD-0003', id);
  return { kind: 'groupware', folder };
}

export function fieldsOf(call: Call, located: Located): FolderFields {
  switch (located.kind) {
    case 'groupware':
      return folderFields(call, located.folder);
    case 'mail':
      return mailFolderFields(call, located.folder);
    case 'mailRoot':
      return mailRootFields(call);
    case 'sharer':
      return sharerFields(call, located.owner);
  }
}

/** Everything that the user sees of the groupware folders. */
export function visibleFolders(call: Call): readonly Folder[] {
  return call.context.folders.visible(call.user.id);
}

/** Folders below, with the nodes that the tree puts in between. */
export function childrenOf(call: Call, located: Located): FolderFields[] {
  const { user, context } = call;
  if (located.kind === 'mailRoot')
    return context.mailFolders.children(user.id, mailRoot).map((folder) => mailFolderFields(call, folder));
  if (located.kind === 'mail')
    return context.mailFolders.children(user.id, located.folder.path).map((folder) => mailFolderFields(call, folder));
  const visible = visibleFolders(call);
  if (located.kind === 'sharer')
    return visible
      .filter((folder) => isShared(folder, user.id) && folder.owner === located.owner)
      .map((folder) => folderFields(call, folder));
  const { folder } = located;
  if (folder.id === 3) {
    const owners = new Set(visible.filter((candidate) => isShared(candidate, user.id)).map(({ owner }) => owner));
    return [...owners].map((owner) => sharerFields(call, owner));
  }
  const below = visible
    .filter((child) => child.parent === folder.id && !isShared(child, user.id))
    .map((child) => folderFields(call, child));
  if (folder.id !== 1) return below;
  const tree = call.text('tree') ?? '0';
  if (tree === '0') return [mailRootFields(call), ...below];
  return [...context.mailFolders.children(user.id, mailRoot).map((child) => mailFolderFields(call, child)), ...below];
}

/** Parent of a folder on the way to the root; undefined at the root. */
export function parentOf(call: Call, fields: FolderFields): Located | undefined {
  const parent = String(fields['folder_id']);
  return parent === '0' || fields['id'] === '0' ? undefined : locate(call, parent);
}
