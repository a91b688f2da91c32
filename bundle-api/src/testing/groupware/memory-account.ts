import type { Folder, FolderRights, FolderRole } from '../../model/folder';
import type { Item, ItemPatch } from '../../model/item';
import type { Message } from '../../model/message';
import type { ItemClass } from '../../model/values';
import type { DirectoryEntry } from '../../services/groupware/directory';
import type { GroupwareUser } from '../../services/groupware/groupware-bridge';
import type { OutOfOffice } from '../../services/groupware/out-of-office';
import { fullRights } from './memory-folder';
import type { MemoryStore } from './memory-store';

/** A user of the in-memory groupware. What is not given is made up. @public */
export interface MemoryUser {
  readonly login: string;
  readonly password?: string;
  readonly displayName?: string;
  /** Default: the login, which then should be an address. */
  readonly primaryAddress?: string;
  readonly timeZone?: string;
  /** What the address list says of the user beside name and address. */
  readonly entry?: Omit<Partial<DirectoryEntry>, 'kind' | 'displayName' | 'address'>;
  readonly picture?: { readonly contentType: string; readonly data: Uint8Array };
  /** X.509, DER. */
  readonly certificates?: readonly Uint8Array[];
}

/** A group of users in the address list. @public */
export interface MemoryGroup {
  readonly displayName: string;
  readonly address?: string;
  /** Addresses. */
  readonly members: readonly string[];
}

/**
 * What a user has in the groupware, for tests: arranges and looks at it behind the backs of the sessions, as another
 * program of the user would.
 *
 * @public
 */
export class MemoryAccount {
  /** False: the next login is refused with NOT_ALLOWED. */
  allowed = true;
  outOfOffice: OutOfOffice = { state: 'off', message: '' };
  /** What the address list has of the user. */
  readonly directory: Pick<MemoryUser, 'entry' | 'picture' | 'certificates'>;

  /** @internal */
  constructor(
    readonly user: GroupwareUser,
    public password: string,
    private readonly store: MemoryStore,
    directory: Pick<MemoryUser, 'entry' | 'picture' | 'certificates'> = {},
  ) {
    this.directory = directory;
  }

  /** The default folder of that role. */
  folder(role: FolderRole): Folder {
    return this.store.folderByRole(this.user.login, role).folder;
  }

  /** Makes a folder, as the user would at the groupware. */
  addFolder(folder: { name: string; itemClass: ItemClass; parentId?: string; subscribed?: boolean }): Folder {
    return this.store.addFolder(this.user.login, folder);
  }

  /** Renames or moves a folder. */
  changeFolder(id: string, change: { name?: string; parentId?: string }): Folder {
    return this.store.changeFolder(this.user.login, id, change);
  }

  /** Deletes a folder with what is in it. */
  removeFolder(id: string): void {
    this.store.removeFolder(this.user.login, id);
  }

  /** Lets another user see the folder. */
  share(folderId: string, login: string, rights: FolderRights = fullRights): void {
    this.store.share(this.user.login, folderId, login, rights);
  }

  /** Stores an item. @returns its id */
  put(folderId: string, item: Item, id?: string): string {
    const folder = this.store.folder(this.user.login, folderId);
    return this.store.put(folder, this.user.login, { item, ...(id !== undefined && { id }) }).id;
  }

  /** Changes an item behind the session's back. */
  change(folderId: string, id: string, patch: ItemPatch): void {
    this.store.change(this.store.folder(this.user.login, folderId), id, patch);
  }

  /** Deletes an item behind the session's back. */
  remove(folderId: string, id: string): void {
    this.store.remove(this.store.folder(this.user.login, folderId), id);
  }

  /** Delivers a mail, as source or as record. @returns its id */
  async deliver(mail: Uint8Array | string | Partial<Message>, folderId = this.folder('inbox').id): Promise<string> {
    const folder = this.store.folder(this.user.login, folderId);
    const isSource = typeof mail === 'string' || mail instanceof Uint8Array;
    const stored = await this.store.putMail(
      folder,
      this.user.login,
      isSource ? { source: typeof mail === 'string' ? Buffer.from(mail, 'utf8') : mail } : mail,
    );
    return stored.id;
  }

  /** Everything in the folder, oldest change first. */
  items<T extends Item = Item>(folderId: string): { id: string; version: string; item: T }[] {
    return [...this.store.folder(this.user.login, folderId).items.values()]
      .sort((a, b) => a.changedAt - b.changedAt)
      .map(({ id, changedAt, item }) => ({ id, version: String(changedAt), item: structuredClone(item) as T }));
  }

  /** All tokens given out for the folder until now are refused with STALE_TOKEN. */
  expireTokens(folderId: string): void {
    this.store.folder(this.user.login, folderId).oldestToken = this.store.sequence + 1;
  }
}
