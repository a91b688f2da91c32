import { Json } from '../../envelope/envelope';
import { zoneOffset } from '../../store/zone';
import { type Folder, FolderType } from '../../store/folders';
import { type MailFolder, mailRoot, mailSeparator, parentPath } from '../../store/mail-folders';
import { encodeRights, fullRights } from '../../store/rights';
import type { Call } from '../call';
import { isShared } from '../object-access';

/** A folder as JSON has it: fields by name. */
export type FolderFields = Readonly<Record<string, unknown>>;

/** Columns of folders by number. OX HTTP API, "Detailed folder data", "Common folder data". */
export const folderColumns: readonly (readonly [id: number, name: string])[] = [
  [1, 'id'],
  [2, 'created_by'],
  [3, 'modified_by'],
  [4, 'creation_date'],
  [5, 'last_modified'],
  [6, 'last_modified_utc'],
  [20, 'folder_id'],
  [300, 'title'],
  [301, 'module'],
  [302, 'type'],
  [304, 'subfolders'],
  [305, 'own_rights'],
  [306, 'permissions'],
  [307, 'summary'],
  [308, 'standard_folder'],
  [309, 'total'],
  [310, 'new'],
  [311, 'unread'],
  [312, 'deleted'],
  [313, 'capabilities'],
  [314, 'subscribed'],
  [315, 'subscr_subflds'],
  [316, 'standard_folder_type'],
  [317, 'supported_capabilities'],
  [318, 'account_id'],
  [319, 'folder_name'],
  [321, 'used_for_sync'],
  [3010, 'com.openexchange.publish.publicationFlag'],
  [3020, 'com.openexchange.subscribe.subscriptionFlag'],
  [3030, 'com.openexchange.folderstorage.displayName'],
  [3040, 'preDefined'],
  [3060, 'com.openexchange.share.extendedPermissions'],
  [3201, 'com.openexchange.calendar.extendedProperties'],
  [3203, 'com.openexchange.calendar.provider'],
];

const names = new Map(folderColumns);

/** Folders as rows of the columns asked for. */
export function folderRows(call: Call, folders: readonly FolderFields[]): Json {
  const columns = call
    .need('columns')
    .split(',')
    .filter(Boolean)
    .map((id) => names.get(Number(id)));
  return Json.array(
    folders.map((folder) =>
      JSON.stringify(columns.map((name) => (name === undefined ? null : (folder[name] ?? null)))),
    ),
  );
}

/** A groupware folder as the user sees it. */
export function folderFields(call: Call, folder: Folder): FolderFields {
  const { context, user, viewer } = call;
  const { folders } = context;
  const shared = isShared(folder, user.id);
  const event =
    call.text('content_type') === 'event' || call.text('allowed_modules')?.split(',').includes('event') === true;
  const asEvent = event && folder.module === 'calendar';
  return {
    id: idOf(call, folder.id, asEvent),
    created_by: folder.created_by,
    modified_by: folder.modified_by,
    creation_date: shift(folder.creation_date, viewer.zone),
    last_modified: shift(folder.last_modified, viewer.zone),
    last_modified_utc: folder.last_modified,
    folder_id: shared ? `u:${folder.owner}` : idOf(call, folder.parent, false),
    title: folder.title,
    module: asEvent ? 'event' : folder.module,
    type: shared ? FolderType.shared : folder.type,
    subfolders:
      folder.id === 1 ? true : folders.children(folder.id).some(({ id }) => folders.rights(id, user.id).folder > 0),
    own_rights: encodeRights(folders.rights(folder.id, user.id)),
    permissions: folders.permissions(folder.id).map(({ entity, group, bits }) => ({ entity, group, bits })),
    summary: '',
    standard_folder: folder.standard !== 0 || folder.id < 20,
    ...counts(call, folder),
    subscribed: setting(call, String(folder.id), 'subscribed') !== false,
    subscr_subflds: false,
    standard_folder_type: folder.standard,
    supported_capabilities: ['permissions'],
    folder_name: folder.title,
    used_for_sync: { value: setting(call, String(folder.id), 'used_for_sync') ?? 'true', protected: 'false' },
    'com.openexchange.publish.publicationFlag': false,
    'com.openexchange.subscribe.subscriptionFlag': false,
    ...(shared
      ? { 'com.openexchange.folderstorage.displayName': context.users.get(folder.owner)?.displayName ?? '' }
      : {}),
    preDefined: folder.standard !== 0 && folder.owner === user.id,
    ...(asEvent ? { 'com.openexchange.calendar.provider': 'chronos' } : {}),
  };
}

const countedTables: Partial<Record<Folder['module'], string>> = {
  contacts: 'contact',
  calendar: 'appointment_folder',
  tasks: 'task_folder',
};

/** Counting a large folder takes its time: it is done only for who asks. */
const countColumns = /(?:^|,)(?:309|310|311|312)(?:,|$)/;

function counts(call: Call, folder: Folder): FolderFields {
  const table = countedTables[folder.module];
  const columns = call.text('columns');
  if (table === undefined || (columns !== undefined && !countColumns.test(columns))) return {};
  const total = call.context.db.value<number>(`SELECT count(*) FROM ${table} WHERE folder = ?`, folder.id);
  return { total, new: 0, unread: 0, deleted: 0 };
}

/** A mail folder. In tree 1 it lies below the private folders, in tree 0 below the account. */
export function mailFolderFields(call: Call, folder: MailFolder): FolderFields {
  const parent = parentPath(folder.path);
  const byUser = { created_by: call.user.id, modified_by: call.user.id };
  return {
    ...byUser,
    id: folder.path,
    folder_id: parent === mailRoot && inVirtualTree(call) ? '1' : parent,
    title: folder.title,
    module: 'mail',
    type: FolderType.mail,
    subfolders: call.context.mailFolders.hasChildren(call.user.id, folder.path),
    own_rights: fullRights,
    permissions: [{ entity: call.user.id, group: false, bits: fullRights, rights: 'lrswipkxtecda' }],
    summary: '',
    standard_folder: folder.standard !== 0,
    total: folder.total,
    new: 0,
    unread: folder.unread,
    deleted: 0,
    capabilities: 0b11110,
    subscribed: setting(call, folder.path, 'subscribed') !== false,
    subscr_subflds: true,
    standard_folder_type: folder.standard,
    supported_capabilities: ['quota', 'sort', 'subscription'],
    account_id: mailRoot,
    folder_name: folder.path.slice(folder.path.lastIndexOf(mailSeparator) + 1),
    used_for_sync: { value: setting(call, folder.path, 'used_for_sync') ?? 'true', protected: 'false' },
    'com.openexchange.publish.publicationFlag': false,
    'com.openexchange.subscribe.subscriptionFlag': false,
    preDefined: folder.standard !== 0,
  };
}

/** Root of the primary mail account. */
export function mailRootFields(call: Call): FolderFields {
  return {
    id: mailRoot,
    folder_id: '1',
    title: 'E-Mail',
    module: 'mail',
    type: FolderType.mail,
    subfolders: true,
    own_rights: encodeRights({ folder: 4, read: 0, write: 0, delete: 0, admin: false }),
    permissions: [{ entity: call.user.id, group: false, bits: fullRights }],
    summary: '',
    standard_folder: false,
    total: 0,
    new: 0,
    unread: 0,
    deleted: 0,
    subscribed: true,
    subscr_subflds: true,
    standard_folder_type: 0,
    supported_capabilities: [],
    account_id: mailRoot,
  };
}

/** Node of a user below "Shared". */
export function sharerFields(call: Call, owner: number): FolderFields {
  return {
    id: `u:${owner}`,
    folder_id: idOf(call, 3, false),
    title: call.context.users.get(owner)?.displayName ?? '',
    module: 'system',
    type: FolderType.system,
    subfolders: true,
    own_rights: encodeRights({ folder: 1, read: 0, write: 0, delete: 0, admin: false }),
    permissions: [],
    summary: '',
    standard_folder: false,
    subscribed: true,
    subscr_subflds: true,
    standard_folder_type: 0,
  };
}

export function inVirtualTree(call: Call): boolean {
  return call.text('tree') !== undefined && call.text('tree') !== '0';
}

export function setting(call: Call, folder: string, name: string): unknown {
  const value = call.context.db.value<string>(
    'SELECT value FROM folder_setting WHERE folder = ? AND user = ? AND name = ?',
    ...[folder, call.user.id, name],
  );
  return value === undefined ? undefined : (JSON.parse(value) as unknown);
}

export function setSetting(call: Call, folder: string, name: string, value: unknown): void {
  call.context.db.run(
    'INSERT OR REPLACE INTO folder_setting VALUES (?, ?, ?, ?)',
    ...[folder, call.user.id, name, JSON.stringify(value)],
  );
}

function idOf(call: Call, id: number, event: boolean): string | number {
  if (event) return `cal://0/${id}`;
  return call.viewer.numericIds ? id : String(id);
}

function shift(milliseconds: number, zone: string): number {
  return milliseconds + zoneOffset(milliseconds, zone);
}
