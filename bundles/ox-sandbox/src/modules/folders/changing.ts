import { oxError } from '../../envelope/ox-error';
import { Filter } from '../../store/filter';
import { type Folder, FolderType, type Permission } from '../../store/folders';
import type { Objects } from '../../store/objects';
import { fullRights } from '../../store/rights';
import { type Call, type JsonObject, asObject } from '../call';
import { idOf } from '../ids';
import type { Module } from '../module';
import { checkTree, locate } from './lookup';
import { clearMailFolder, createMailFolder, deleteMailFolder, updateMailFolder } from './mail-folders';
import { setSetting } from './view';

/** Creating, changing and removing folders. */
export const changingFolders: Module = {
  new: (call) => {
    checkTree(call);
    const body = folderBody(call);
    const parent = call.text('folder_id') ?? text(body['folder_id']);
    if (parent === undefined) throw oxError('SVL-0002', 'folder_id');
    if (text(body['title']) === undefined) throw oxError('FLD-0007', 'title');
    if (parent.startsWith('default') || body['module'] === 'mail')
      return { data: createMailFolder(call, parent, String(body['title'])) };
    const folder = createFolder(call, parent, body);
    return { data: idOf(call, folder.id), timestamp: folder.last_modified };
  },

  update: (call) => {
    checkTree(call);
    const body = folderBody(call);
    const located = locate(call, call.need('id'));
    if (located.kind === 'mail') return { data: updateMailFolder(call, located.folder, body) };
    if (located.kind !== 'groupware') throw oxError('FLD-0010', call.need('id'));
    const folder = updateFolder(call, located.folder, body);
    return { data: idOf(call, folder.id), timestamp: folder.last_modified };
  },

  delete: (call) => {
    checkTree(call);
    const kept: string[] = [];
    for (const id of call.strings()) {
      const located = locate(call, id);
      if (located.kind === 'mail') deleteMailFolder(call, located.folder, call.flag('hardDelete'));
      else if (located.kind !== 'groupware') throw oxError('FLD-0010', id);
      else if (located.folder.last_modified > call.timestamp) kept.push(id);
      else deleteFolder(call, located.folder);
    }
    return { data: kept, timestamp: call.context.db.stamp() };
  },

  clear: (call) => {
    for (const id of call.strings()) {
      const located = locate(call, id);
      if (located.kind === 'mail') clearMailFolder(call, located.folder);
      else if (located.kind === 'groupware') clearFolder(call, located.folder);
    }
    return { data: [] };
  },
};

/** `{folder: {...}}`; 6.x also the bare object. */
function folderBody(call: Call): JsonObject {
  const body = call.object();
  return 'folder' in body ? asObject(body['folder']) : body;
}

const objectModules = ['contacts', 'calendar', 'tasks'];

function createFolder(call: Call, parentId: string, body: JsonObject): Folder {
  const located = locate(call, parentId);
  if (located.kind !== 'groupware') throw oxError('FLD-0006', parentId);
  const parent = located.folder;
  const { folders } = call.context;
  if (folders.rights(parent.id, call.user.id).folder < 4) throw oxError('FLD-0006', parentId);
  const module = (
    body['module'] === 'event' ? 'calendar' : (text(body['module']) ?? parent.module)
  ) as Folder['module'];
  if (!objectModules.includes(module)) throw oxError('FLD-1012', parentId, module);
  const system = parent.type === FolderType.system;
  if (!system && parent.module !== module) throw oxError('FLD-0014', parentId, module);
  const title = String(body['title']);
  checkTitle(call, parent.id, title);
  const type = parent.id === 2 || parent.type === FolderType.public ? FolderType.public : FolderType.private;
  const permissions = permissionsOf(body) ?? inherited(call, parent);
  const owner = type === FolderType.private && !system ? parent.owner : call.user.id;
  return folders.create({ parent: parent.id, module, type, title, owner, permissions }, call.user.id);
}

/** A folder made in another's folder has its permissions; others belong to the creator alone. */
function inherited(call: Call, parent: Folder): readonly Permission[] {
  if (parent.type !== FolderType.system) return call.context.folders.permissions(parent.id);
  return [{ entity: call.user.id, group: false, bits: fullRights }];
}

function updateFolder(call: Call, folder: Folder, body: JsonObject): Folder {
  const { folders } = call.context;
  const id = String(folder.id);
  if (body['subscribed'] !== undefined)
    setSetting(call, id, 'subscribed', body['subscribed'] === true || body['subscribed'] === 1);
  if (body['used_for_sync'] !== undefined)
    setSetting(call, id, 'used_for_sync', asObject(body['used_for_sync'])['value']);
  const title = text(body['title']);
  const renamed = title !== undefined && title !== folder.title;
  const parent = text(body['folder_id']);
  const moved = parent !== undefined && parent !== String(folder.parent) && !parent.startsWith('u:');
  const permissions = permissionsOf(body);
  if (!renamed && !moved && !permissions) return folder;
  if (!folders.rights(folder.id, call.user.id).admin) throw oxError('FLD-0010', id);
  if (folder.last_modified > call.timestamp) throw oxError('FLD-1022', id);
  if (renamed && folder.standard !== 0) throw oxError('FLD-0011', id);
  if (moved) checkMove(call, folder, parent);
  const target = moved ? Number(parent) : folder.parent;
  if (renamed || moved) checkTitle(call, target, title ?? folder.title, folder.id);
  return folders.update(
    folder.id,
    { ...(renamed ? { title } : {}), ...(moved ? { parent: target } : {}), ...(permissions ? { permissions } : {}) },
    call.user.id,
  );
}

function checkMove(call: Call, folder: Folder, parentId: string): void {
  if (folder.standard !== 0) throw oxError('FLD-0021', folder.id);
  const located = locate(call, parentId);
  if (located.kind !== 'groupware') throw oxError('FLD-0006', parentId);
  const { folders } = call.context;
  const parent = located.folder;
  if (folders.rights(parent.id, call.user.id).folder < 4) throw oxError('FLD-0006', parentId);
  const isPrivate = parent.id === 1 || parent.type === FolderType.private;
  if ((folder.type === FolderType.private) !== isPrivate) throw oxError('FLD-0026');
  for (let next: Folder | undefined = parent; next; next = folders.get(next.parent))
    if (next.id === folder.id) throw oxError('FLD-0045', folder.id);
}

/** @throws OxError FLD-0012 when a sibling that the user can see has the name */
function checkTitle(call: Call, parent: number, title: string, self = 0): void {
  const { folders } = call.context;
  const taken = folders
    .children(parent)
    .some(
      (folder) =>
        folder.id !== self &&
        folder.title.toLowerCase() === title.toLowerCase() &&
        folders.rights(folder.id, call.user.id).folder > 0,
    );
  if (taken) throw oxError('FLD-0012', title);
}

function deleteFolder(call: Call, folder: Folder): void {
  const { folders } = call.context;
  if (folder.standard !== 0 || folder.id < 20) throw oxError('FLD-0031', folder.id);
  if (!folders.rights(folder.id, call.user.id).admin) throw oxError('FLD-0010', folder.id);
  for (const child of folders.children(folder.id)) deleteFolder(call, child);
  clearFolder(call, folder);
  folders.delete(folder.id);
}

/** Removes what the folder holds. @throws OxError FLD-0032 */
function clearFolder(call: Call, folder: Folder): void {
  const objects = objectsOf(call, folder);
  const { delete: level } = call.context.folders.rights(folder.id, call.user.id);
  if (!objects) return;
  const filter = Filter.of('f.folder = ?', folder.id);
  const foreign = level >= 2 ? 0 : objects.count(filter.and('t.created_by <> ?', call.user.id));
  if (level < 1 || foreign > 0) throw oxError('FLD-0032', folder.id);
  for (const id of objects.ids(filter)) objects.delete(id);
}

function objectsOf({ context }: Call, folder: Folder): Objects | undefined {
  const tables: Partial<Record<Folder['module'], Objects>> = {
    contacts: context.contacts,
    calendar: context.appointments,
    tasks: context.tasks,
  };
  return tables[folder.module];
}

function permissionsOf(body: JsonObject): Permission[] | undefined {
  const permissions = body['permissions'];
  if (!Array.isArray(permissions)) return undefined;
  return permissions.map((element) => {
    const { entity, group, bits } = asObject(element);
    return { entity: Number(entity), group: group === true, bits: Number(bits) };
  });
}

function text(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}
