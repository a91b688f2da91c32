import type { ItemClass } from './values';

/** What a default folder is for. Each role is held by at most one folder of a user. @public */
export type FolderRole =
  'inbox' | 'drafts' | 'sent' | 'trash' | 'junk' | 'outbox' | 'contacts' | 'calendar' | 'tasks' | 'notes';

/** How far a right reaches. @public */
export type RightScope = 'none' | 'own' | 'all';

/** What the user may do in a folder. @public */
export interface FolderRights {
  readonly read: RightScope;
  readonly write: RightScope;
  readonly delete: RightScope;
  readonly createItems: boolean;
  readonly createFolders: boolean;
  /** Rename, move, delete the folder itself. */
  readonly admin: boolean;
}

/** A folder of the groupware. Ids are opaque to all but the bridge. @public */
export interface Folder {
  /** Opaque. A mail folder's id may change when it is renamed or moved. */
  readonly id: string;
  /** Absent at the top. May name a folder that is not in the list; the reader then takes it as the top. */
  readonly parentId?: string;
  readonly name: string;
  readonly itemClass: ItemClass;
  readonly role?: FolderRole;
  readonly space: 'private' | 'public' | 'shared';
  /** Display name of the owner of a shared folder. */
  readonly owner?: string;
  readonly rights: FolderRights;
  /** False when the user has hidden it in the groupware or deselected it for synchronisation. */
  readonly subscribed: boolean;
}
