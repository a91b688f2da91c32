import type { Folder, FolderRights } from '../../model/folder';
import type { Item } from '../../model/item';

/** An item as it lies in a folder. */
export interface StoredItem {
  readonly id: string;
  /** Grows with each change in the whole groupware; as text it is the item's version. */
  readonly changedAt: number;
  readonly item: Item;
  readonly createdBy: string;
  readonly key?: string;
  /** Email: the RFC 5322 source. */
  readonly source?: Uint8Array;
  /** Bytes of attachments by id. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Everything is allowed. @public */
export const fullRights: FolderRights = {
  read: 'all',
  write: 'all',
  delete: 'all',
  createItems: true,
  createFolders: true,
  admin: true,
};

/** A folder with its items and its tombstones. */
export class MemoryFolder {
  readonly items = new Map<string, StoredItem>();
  /** Ids of items that went, with the time of their going. */
  readonly tombstones: { readonly id: string; readonly changedAt: number }[] = [];
  /** Logins of other users who see it. */
  readonly shares = new Map<string, FolderRights>();
  /** Tokens older than this are refused. */
  oldestToken = 0;

  constructor(
    public folder: Folder,
    readonly ownerLogin: string,
  ) {}

  put(stored: StoredItem): void {
    this.items.set(stored.id, stored);
  }

  remove(id: string, changedAt: number): StoredItem | undefined {
    const stored = this.items.get(id);
    if (!stored) return undefined;
    this.items.delete(id);
    this.tombstones.push({ id, changedAt });
    return stored;
  }

  /** The folder as `login` sees it; undefined when it is hidden from that user. */
  seenBy(login: string): Folder | undefined {
    if (login === this.ownerLogin) return this.folder;
    const rights = this.shares.get(login);
    if (!rights) return undefined;
    const { id, name, itemClass, subscribed } = this.folder;
    return { id, name, itemClass, subscribed, space: 'shared', owner: this.ownerLogin, rights };
  }
}
