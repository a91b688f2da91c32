import { oxError } from '../../envelope/ox-error';
import { type MailFolder, mailRoot, mailSeparator, parentPath } from '../../store/mail-folders';
import { type Call, type JsonObject, asObject } from '../call';
import { setSetting } from './view';

/** @returns the path of the new folder. @throws OxError MSG-0060, MSG-0061, MSG-0063, MSG-0066 */
export function createMailFolder(call: Call, parentId: string, title: string): string {
  const parent = parentId === '1' ? mailRoot : parentId;
  const { mailFolders } = call.context;
  if (parent !== mailRoot && !mailFolders.byPath(call.user.id, parent)) throw oxError('MSG-0066', parent);
  return mailFolders.create(call.user.id, freePath(call, parent, title), Math.floor(call.server.now() / 1000)).path;
}

/** Renames, moves and subscribes. @returns the path, which follows the name */
export function updateMailFolder(call: Call, folder: MailFolder, body: JsonObject): string {
  const { mailFolders } = call.context;
  if (body['subscribed'] !== undefined)
    setSetting(call, folder.path, 'subscribed', body['subscribed'] === true || body['subscribed'] === 1);
  if (body['used_for_sync'] !== undefined)
    setSetting(call, folder.path, 'used_for_sync', asObject(body['used_for_sync'])['value']);
  const title = typeof body['title'] === 'string' && body['title'] !== '' ? body['title'] : folder.title;
  const wanted = typeof body['folder_id'] === 'string' ? body['folder_id'] : parentPath(folder.path);
  const parent = wanted === '1' ? mailRoot : wanted;
  if (title === folder.title && parent === parentPath(folder.path)) return folder.path;
  if (folder.standard !== 0) throw oxError('MSG-0098', folder.path);
  if (parent === folder.path || parent.startsWith(folder.path + mailSeparator)) throw oxError('FLD-0045', folder.path);
  if (parent !== mailRoot && !mailFolders.byPath(call.user.id, parent)) throw oxError('MSG-0066', parent);
  const path = freePath(call, parent, title);
  mailFolders.rename(folder, path);
  return path;
}

/** Moves the folder into the trash, or removes it for good when it is there or the request says so. */
export function deleteMailFolder(call: Call, folder: MailFolder, hard: boolean): void {
  if (folder.standard !== 0) throw oxError('MSG-0099', folder.path);
  const { mailFolders } = call.context;
  const trash = mailFolders.standard(call.user.id, 12).path;
  if (hard || folder.path.startsWith(trash + mailSeparator)) {
    mailFolders.delete(folder);
    return;
  }
  let path = trash + mailSeparator + folder.title;
  for (let copy = 2; mailFolders.byPath(call.user.id, path); copy++)
    path = `${trash}${mailSeparator}${folder.title} (${copy})`;
  mailFolders.rename(folder, path);
}

/** Empties the folder: mails and, in the trash, subfolders. */
export function clearMailFolder(call: Call, folder: MailFolder): void {
  const { mails, mailFolders } = call.context;
  mails.clear(folder.id);
  if (folder.standard === 12)
    for (const child of mailFolders.children(call.user.id, folder.path)) mailFolders.delete(child);
}

function freePath(call: Call, parent: string, title: string): string {
  if (title.trim() === '') throw oxError('MSG-0060');
  if (title.includes(mailSeparator) || /[\0-\x1f\x7f]/.test(title)) throw oxError('MSG-0061', title);
  const path = parent + mailSeparator + title;
  if (call.context.mailFolders.byPath(call.user.id, path)) throw oxError('MSG-0063', title);
  return path;
}
