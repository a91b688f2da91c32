import type { OxContext } from './context';
import { FolderType, type FolderModule } from './folders';
import { allUsers } from './groups';
import { encodeRights, fullRights } from './rights';
import type { User } from './users';

/** The context's administrator, who owns what belongs to nobody. */
export const administrator = 2;

const see = encodeRights({ folder: 1, read: 0, write: 0, delete: 0, admin: false });
const createBelow = encodeRights({ folder: 4, read: 0, write: 0, delete: 0, admin: false });
const readAll = encodeRights({ folder: 1, read: 2, write: 1, delete: 0, admin: false });

/** Folders that every context has under fixed ids. OX HTTP API, "System folders". */
const systemFolders: readonly (readonly [
  id: number,
  parent: number,
  module: FolderModule,
  title: string,
  bits: number,
])[] = [
  [1, 0, 'system', 'Private', createBelow],
  [2, 0, 'system', 'Public', createBelow],
  [3, 0, 'system', 'Shared', see],
  [6, 2, 'contacts', 'Global address book', readAll],
  [9, 0, 'infostore', 'Infostore', see],
  [10, 9, 'infostore', 'Userstore', createBelow],
  [15, 9, 'infostore', 'Public infostore', createBelow],
];

/** Ids below are the system's. */
const firstOrdinaryId = 20;

export function createSystemFolders({ db, folders, groups }: OxContext): void {
  if (folders.get(1)) return;
  groups.save({ id: allUsers, name: 'users', display_name: 'All users', members: [] });
  for (const [id, parent, module, title, bits] of systemFolders)
    folders.create(
      {
        ...{ id, parent, module, title, owner: administrator },
        type: id === 6 ? FolderType.public : FolderType.system,
        permissions: [{ entity: allUsers, group: true, bits }],
      },
      administrator,
    );
  db.run(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'folder'`, firstOrdinaryId - 1);
}

/** Number, module, parent and title of a user's standard folders. */
const standardFolders: readonly (readonly [standard: number, module: FolderModule, parent: number, title: string])[] = [
  [1, 'tasks', 1, 'Tasks'],
  [2, 'calendar', 1, 'Calendar'],
  [3, 'contacts', 1, 'Contacts'],
  [8, 'infostore', 10, ''],
];

export function createUserFolders({ folders, mailFolders, now }: OxContext, user: User): void {
  for (const [standard, module, parent, title] of standardFolders)
    folders.create(
      {
        ...{ parent, module, standard, owner: user.id },
        title: title || user.displayName,
        type: module === 'infostore' ? FolderType.public : FolderType.private,
        permissions: [{ entity: user.id, group: false, bits: fullRights }],
      },
      user.id,
    );
  mailFolders.createStandard(user.id, Math.floor(now() / 1000));
}
