import type { Folder, FolderRights, FolderRole } from '../../model/folder';
import type { Item, ItemPatch } from '../../model/item';
import type { Message } from '../../model/message';
import type { ItemClass } from '../../model/values';
import type { ChangeNotice } from '../../services/groupware/change-watch';
import { GroupwareError } from '../../services/groupware/groupware-error';
import { applyPatch } from './item-rules';
import { fullRights, MemoryFolder, type StoredItem } from './memory-folder';
import { composeSource, parseSource } from './message-source';

const defaultFolders: readonly [FolderRole, string, ItemClass][] = [
  ['inbox', 'Inbox', 'Email'],
  ['drafts', 'Drafts', 'Email'],
  ['sent', 'Sent', 'Email'],
  ['trash', 'Trash', 'Email'],
  ['junk', 'Spam', 'Email'],
  ['calendar', 'Calendar', 'Calendar'],
  ['contacts', 'Contacts', 'Contacts'],
  ['tasks', 'Tasks', 'Tasks'],
  ['notes', 'Notes', 'Notes'],
];

/** What a new item is made of. */
export interface NewItem {
  readonly item: Item;
  readonly id?: string;
  readonly key?: string;
  readonly source?: Uint8Array;
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

interface NewFolder {
  readonly name: string;
  readonly itemClass: ItemClass;
  readonly parentId?: string;
  readonly role?: FolderRole;
  /** Default: true. */
  readonly subscribed?: boolean;
}

/** All folders of all users, with one change counter, and those who listen to changes. */
export class MemoryStore {
  readonly #folders = new Map<string, Map<string, MemoryFolder>>();
  readonly #listeners = new Map<string, Set<(notice: ChangeNotice) => void>>();
  #sequence = 0;

  /** The newest change. */
  get sequence(): number {
    return this.#sequence;
  }

  addUser(login: string): void {
    this.#folders.set(login, new Map());
    this.#listeners.set(login, new Set());
    for (const [role, name, itemClass] of defaultFolders) this.addFolder(login, { name, itemClass, role });
  }

  listen(login: string, listener: (notice: ChangeNotice) => void): Disposable {
    const listeners = this.#listeners.get(login);
    listeners?.add(listener);
    return { [Symbol.dispose]: () => void listeners?.delete(listener) };
  }

  /** The user's own folders and those shared with the user. */
  visibleFolders(login: string): MemoryFolder[] {
    return [...this.#folders.values()].flatMap((own) => [...own.values()]).filter((one) => one.seenBy(login));
  }

  /** @throws GroupwareError NOT_FOUND */
  folder(login: string, id: string): MemoryFolder {
    const found = this.#folders.get(login)?.get(id) ?? this.visibleFolders(login).find((one) => one.folder.id === id);
    if (!found) throw new GroupwareError('NOT_FOUND', 'no such folder', { backend: { folderId: id } });
    return found;
  }

  folderByRole(login: string, role: FolderRole): MemoryFolder {
    const found = [...(this.#folders.get(login)?.values() ?? [])].find((one) => one.folder.role === role);
    if (!found) throw new GroupwareError('NOT_FOUND', `no folder for ${role}`);
    return found;
  }

  /** @throws GroupwareError EXISTS */
  addFolder(login: string, { name, itemClass, parentId, role, subscribed = true }: NewFolder): Folder {
    this.#refuseDuplicate(login, { name, itemClass, parentId });
    const folder: Folder = {
      id: this.#folderId(itemClass, name, parentId),
      ...(parentId !== undefined && { parentId }),
      name,
      itemClass,
      ...(role && { role }),
      space: 'private',
      rights: fullRights,
      subscribed,
    };
    this.#folders.get(login)?.set(folder.id, new MemoryFolder(folder, login));
    this.#announceHierarchy(login);
    return folder;
  }

  /** Renames or moves; the ids of mail folders are paths and change. */
  changeFolder(login: string, id: string, change: { name?: string; parentId?: string }): Folder {
    const target = this.folder(login, id);
    const name = change.name ?? target.folder.name;
    const parentId = change.parentId ?? target.folder.parentId;
    const { itemClass } = target.folder;
    this.#refuseDuplicate(login, { id, name, itemClass, parentId });
    const newId = itemClass === 'Email' ? this.#folderId(itemClass, name, parentId) : id;
    const own = this.#folders.get(target.ownerLogin);
    own?.delete(id);
    target.folder = { ...target.folder, id: newId, name, ...(parentId !== undefined && { parentId }) };
    own?.set(newId, target);
    for (const child of [...(own?.values() ?? [])].filter((one) => one.folder.parentId === id))
      this.changeFolder(login, child.folder.id, { parentId: newId });
    this.#announceHierarchy(login);
    return target.folder;
  }

  removeFolder(login: string, id: string): void {
    const own = this.#folders.get(this.folder(login, id).ownerLogin);
    for (const child of [...(own?.values() ?? [])].filter((one) => one.folder.parentId === id))
      this.removeFolder(login, child.folder.id);
    own?.delete(id);
    this.#announceHierarchy(login);
  }

  share(login: string, id: string, withLogin: string, rights: FolderRights): void {
    this.folder(login, id).shares.set(withLogin, rights);
    this.#announceHierarchy(withLogin);
  }

  put(folder: MemoryFolder, createdBy: string, { item, id, key, source, files }: NewItem): StoredItem {
    const changedAt = this.#next();
    const stored: StoredItem = {
      id: id ?? String(changedAt),
      changedAt,
      item: structuredClone(item),
      createdBy,
      ...(key !== undefined && { key }),
      ...(source && { source }),
      files: files ?? new Map(),
    };
    folder.put(stored);
    this.#announce(folder);
    return stored;
  }

  /** Stores a mail given as source, as record, or as record with a source in it. */
  async putMail(folder: MemoryFolder, createdBy: string, mail: Partial<Message>, key?: string): Promise<StoredItem> {
    const { source = composeSource(mail), ...record } = mail;
    const { message, files } = await parseSource(source);
    const item: Message = { receivedAt: Date.now(), read: false, ...message, ...record };
    return this.put(folder, createdBy, { item, source, files, ...(key !== undefined && { key }) });
  }

  /** @throws GroupwareError NOT_FOUND */
  item(folder: MemoryFolder, id: string): StoredItem {
    const stored = folder.items.get(id);
    if (!stored) throw new GroupwareError('NOT_FOUND', 'no such item', { backend: { id } });
    return stored;
  }

  change(folder: MemoryFolder, id: string, patch: ItemPatch, files?: ReadonlyMap<string, Uint8Array>): StoredItem {
    const before = this.item(folder, id);
    const stored = {
      ...before,
      changedAt: this.#next(),
      item: applyPatch(before.item, patch),
      ...(files && { files }),
    };
    folder.put(stored);
    this.#announce(folder);
    return stored;
  }

  remove(folder: MemoryFolder, id: string): StoredItem | undefined {
    const removed = folder.remove(id, this.#next());
    if (removed) this.#announce(folder);
    return removed;
  }

  /** Mails get a new id, as on IMAP; other items keep theirs. */
  move(folder: MemoryFolder, id: string, target: MemoryFolder): StoredItem {
    const { item, createdBy, source, files, key } = this.item(folder, id);
    this.remove(folder, id);
    return this.put(target, createdBy, {
      item,
      files,
      ...(source && { source }),
      ...(key !== undefined && { key }),
      ...(folder.folder.itemClass !== 'Email' && { id }),
    });
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #folderId(itemClass: ItemClass, name: string, parentId: string | undefined): string {
    if (itemClass === 'Email') return `${parentId ?? 'default0'}/${name}`;
    return `folder-${this.#next()}`;
  }

  #refuseDuplicate(
    login: string,
    wanted: Pick<Folder, 'name' | 'itemClass'> & { id?: string; parentId: string | undefined },
  ): void {
    const taken = [...(this.#folders.get(login)?.values() ?? [])].some(
      ({ folder: { id, name, itemClass, parentId } }) =>
        id !== wanted.id && name === wanted.name && itemClass === wanted.itemClass && parentId === wanted.parentId,
    );
    if (taken) throw new GroupwareError('EXISTS', 'a folder of that name is there');
  }

  #announce(folder: MemoryFolder): void {
    this.#tell([folder.ownerLogin, ...folder.shares.keys()], { folderId: folder.folder.id });
  }

  #announceHierarchy(login: string): void {
    this.#tell([login], { hierarchy: true });
  }

  #tell(logins: readonly string[], notice: ChangeNotice): void {
    for (const login of logins) for (const listener of [...(this.#listeners.get(login) ?? [])]) listener(notice);
  }
}
