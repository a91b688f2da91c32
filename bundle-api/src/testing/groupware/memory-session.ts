import type { Appointment } from '../../model/appointment';
import type { Folder } from '../../model/folder';
import type { Item, ItemPatch } from '../../model/item';
import type { Message } from '../../model/message';
import type { AttachmentInfo, Body, Instant, ItemClass } from '../../model/values';
import { itemClasses } from '../../model/values';
import type { BackendCalls, Cancellable } from '../../services/groupware/calls';
import type { ChangeNotice, ChangeWatch } from '../../services/groupware/change-watch';
import type { Directory } from '../../services/groupware/directory';
import type { FreeBusy } from '../../services/groupware/free-busy';
import { GroupwareError } from '../../services/groupware/groupware-error';
import type { GroupwareSession } from '../../services/groupware/groupware-session';
import type { Invitations } from '../../services/groupware/invitations';
import type {
  CreateOptions,
  DeleteOptions,
  FolderRef,
  ItemChanges,
  ItemListing,
  ItemVersion,
  ListOptions,
  MoveResult,
  PatchOptions,
  ReadOptions,
  ReadResult,
  WriteResult,
  WrittenItem,
} from '../../services/groupware/items';
import type { MailStore } from '../../services/groupware/mail';
import type { OutOfOfficeSettings } from '../../services/groupware/out-of-office';
import { relevantDate } from './item-rules';
import type { MemoryAccount } from './memory-account';
import type { MemoryCalls } from './memory-calls';
import type { MemoryFolder, StoredItem } from './memory-folder';
import { chunks, memoryMailStore } from './memory-mail-store';
import {
  type MemoryPeople,
  memoryDirectory,
  memoryFreeBusy,
  memoryInvitations,
  memoryOutOfOffice,
} from './memory-people';
import { storeNewFiles } from './new-files';

/** How a {@link MemoryGroupware} reports changes. @public */
export interface MemoryBehaviour {
  /** Classes whose changes come as complete listings, as a backend without change tokens tells them. Default none. */
  snapshots: readonly ItemClass[];
  /** Which listings carry whole records. Default `deltas`. */
  recordsIn: 'nothing' | 'deltas' | 'listings';
  /** What {@link ChangeWatch.covers} answers. Default true. */
  watchCovers: boolean;
}

/** One handle on a user's data; see the contract. */
export class MemorySession implements GroupwareSession {
  readonly classes = new Set(itemClasses);
  readonly mail: MailStore;
  readonly invitations: Invitations;
  readonly directory: Directory;
  readonly freeBusy: FreeBusy;
  readonly outOfOffice: OutOfOfficeSettings;
  readonly #calls: MemoryCalls;
  readonly #watches = new Set<Disposable>();

  constructor(
    private readonly account: MemoryAccount,
    calls: MemoryCalls,
    private readonly behaviour: MemoryBehaviour,
    people: MemoryPeople,
  ) {
    this.#calls = calls;
    this.mail = memoryMailStore(calls);
    this.invitations = memoryInvitations(calls, account.user.addresses);
    this.directory = memoryDirectory(calls, people);
    this.freeBusy = memoryFreeBusy(calls);
    this.outOfOffice = memoryOutOfOffice(calls, account);
  }

  get user(): GroupwareSession['user'] {
    return this.account.user;
  }

  get calls(): BackendCalls {
    return { count: this.#calls.count, milliseconds: 0 };
  }

  listFolders({ signal }: Cancellable): Promise<Folder[]> {
    return this.#run('listFolders', { signal }, () =>
      this.#store.visibleFolders(this.#login).map((one) => one.seenBy(this.#login) as Folder),
    );
  }

  createFolder(
    folder: { name: string; itemClass: ItemClass; parentId?: string },
    { signal }: Cancellable,
  ): Promise<{ id: string }> {
    return this.#run('createFolder', { signal }, () => ({ id: this.#store.addFolder(this.#login, folder).id }));
  }

  updateFolder(
    folder: FolderRef,
    change: { name?: string; parentId?: string },
    { signal }: Cancellable,
  ): Promise<{ id: string }> {
    return this.#run('updateFolder', { signal, folderId: folder.id }, () => {
      this.#require(this.#folder(folder), 'admin');
      return { id: this.#store.changeFolder(this.#login, folder.id, change).id };
    });
  }

  deleteFolder(folder: FolderRef, { signal }: Cancellable): Promise<void> {
    return this.#run('deleteFolder', { signal, folderId: folder.id }, () => {
      const target = this.#folder(folder);
      this.#require(target, 'admin');
      if (target.folder.role) throw new GroupwareError('PERMISSION', 'a default folder stays');
      this.#store.removeFolder(this.#login, folder.id);
    });
  }

  emptyFolder(folder: FolderRef, { signal, subfolders }: Cancellable & { subfolders?: boolean }): Promise<void> {
    return this.#run('emptyFolder', { signal, folderId: folder.id }, () => {
      const target = this.#folder(folder);
      this.#require(target, 'delete');
      for (const id of [...target.items.keys()]) this.#store.remove(target, id);
      if (subfolders !== true) return;
      for (const child of this.#store.visibleFolders(this.#login))
        if (child.folder.parentId === folder.id) this.#store.removeFolder(this.#login, child.folder.id);
    });
  }

  list<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    { signal, ...wanted }: ListOptions,
  ): Promise<ItemListing<C>> {
    return this.#run('list', { signal, folderId: folder.id }, () => ({
      items: this.#listing<C>([...this.#readable(folder).items.values()], folder.itemClass, wanted, 'listings'),
      token: this.#token(wanted),
    }));
  }

  changes<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    token: string,
    { signal, ...wanted }: ListOptions,
  ): Promise<ItemChanges<C>> {
    return this.#run('changes', { signal, folderId: folder.id }, (): ItemChanges<C> => {
      const { items, tombstones, oldestToken } = this.#readable(folder);
      const from = Number.parseInt(token, 10);
      if (!(from >= oldestToken)) throw new GroupwareError('STALE_TOKEN', 'the token is too old');
      const newer = (one: { changedAt: number }): boolean => one.changedAt > from;
      const changed = [...items.values()].filter(newer);
      const deleted = tombstones.filter((one) => newer(one) && !items.has(one.id)).map(({ id }) => id);
      const newToken = this.#token(wanted);
      const sameMode = token.endsWith('c') === newToken.endsWith('c');
      if (changed.length === 0 && deleted.length === 0 && sameMode) return { kind: 'none', token: newToken };
      // a new mail changes the date of all of its conversation
      if (this.behaviour.snapshots.includes(folder.itemClass) || wanted.conversations === true || !sameMode) {
        const all = this.#listing<C>([...items.values()], folder.itemClass, wanted, 'deltas');
        return { kind: 'snapshot', items: all, token: newToken };
      }
      return {
        kind: 'delta',
        changed: this.#listing<C>(changed, folder.itemClass, {}, 'deltas'),
        deleted: [...new Set(deleted)],
        token: newToken,
      };
    });
  }

  read<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    ids: readonly string[],
    { signal, ...options }: ReadOptions & Cancellable,
  ): Promise<ReadResult<C>[]> {
    return this.#run('read', { signal, folderId: folder.id }, () => {
      const { items } = this.#readable(folder);
      return ids.map((id): ReadResult<C> => {
        const stored = items.get(id);
        if (!stored) return { id, error: new GroupwareError('NOT_FOUND', 'no such item') };
        const item: Item = folder.itemClass === 'Email' ? asRead(stored, options) : structuredClone(stored.item);
        return { id, version: String(stored.changedAt), item } as ReadResult<C>;
      });
    });
  }

  create<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    item: Item<C>,
    { signal, key }: CreateOptions,
  ): Promise<WrittenItem> {
    return this.#run('create', { signal, folderId: folder.id }, async () => {
      const target = this.#folder(folder);
      if (!rightsOf(target, this.#login).createItems) throw new GroupwareError('PERMISSION', 'no right to create');
      if (folder.itemClass === 'Email') return written(await this.#store.putMail(target, this.#login, item, key));
      const uid = 'uid' in item || folder.itemClass === 'Calendar' ? { uid: key } : {};
      const organized = folder.itemClass === 'Calendar' ? this.#asOrganizer(item as Appointment) : {};
      const filed = 'attachments' in item ? storeNewFiles(item.attachments ?? []) : undefined;
      const whole = { ...uid, ...organized, ...item, ...(filed && { attachments: filed.attachments }) };
      return written(this.#store.put(target, this.#login, { item: whole, key, ...(filed && { files: filed.files }) }));
    });
  }

  findCreated(folder: FolderRef, key: string, { signal }: Cancellable): Promise<WrittenItem | undefined> {
    return this.#run('findCreated', { signal, folderId: folder.id }, () => {
      const found = [...this.#folder(folder).items.values()].find((one) => one.key === key || uidOf(one) === key);
      return found && written(found);
    });
  }

  patch<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    id: string,
    patch: ItemPatch<C>,
    { signal, ifVersion }: PatchOptions,
  ): Promise<WrittenItem> {
    return this.#run('patch', { signal, folderId: folder.id }, () => {
      const target = this.#folder(folder);
      const stored = this.#store.item(target, id);
      this.#require(target, 'write', stored);
      if (ifVersion !== undefined && ifVersion !== String(stored.changedAt))
        throw new GroupwareError('CONFLICT', 'the item has another version');
      const wanted = (patch as ItemPatch<'Calendar'>).attachments;
      if (!wanted) return written(this.#store.change(target, id, patch));
      const { attachments, files } = storeNewFiles(wanted, stored.files);
      return written(this.#store.change(target, id, { ...patch, attachments }, files));
    });
  }

  delete(folder: FolderRef, ids: readonly string[], { signal, mode }: DeleteOptions): Promise<WriteResult[]> {
    return this.#run('delete', { signal, folderId: folder.id }, () => {
      const target = this.#folder(folder);
      const trash = folder.itemClass === 'Email' ? this.#store.folderByRole(this.#login, 'trash') : undefined;
      return ids.map((id) =>
        outcome(id, () => {
          const stored = target.items.get(id);
          if (!stored) return { id };
          this.#require(target, 'delete', stored);
          if (mode === 'trash' && trash && trash !== target) this.#store.move(target, id, trash);
          else this.#store.remove(target, id);
          return { id };
        }),
      );
    });
  }

  move(folder: FolderRef, ids: readonly string[], target: FolderRef, { signal }: Cancellable): Promise<MoveResult[]> {
    return this.#run('move', { signal, folderId: folder.id }, () => {
      const from = this.#folder(folder);
      const to = this.#folder(target);
      return ids.map((id) =>
        outcome(id, () => {
          this.#require(from, 'delete', this.#store.item(from, id));
          return { id, moved: written(this.#store.move(from, id, to)) };
        }),
      );
    });
  }

  readAttachment(
    folder: FolderRef,
    id: string,
    attachmentId: string,
    { signal }: Cancellable,
  ): ReturnType<GroupwareSession['readAttachment']> {
    return this.#run('readAttachment', { signal, folderId: folder.id }, () => {
      const stored = this.#store.item(this.#readable(folder), id);
      const info = attachmentsOf(stored).find((one) => one.id === attachmentId);
      const bytes = stored.files.get(attachmentId);
      if (!info || !bytes) throw new GroupwareError('NOT_FOUND', 'no such attachment');
      return { info, content: chunks(bytes) };
    });
  }

  addAttachment(
    folder: FolderRef,
    id: string,
    { fileName, contentType, content }: { fileName: string; contentType: string; content: Uint8Array },
    { signal }: Cancellable,
  ): Promise<AttachmentInfo> {
    return this.#run('addAttachment', { signal, folderId: folder.id }, () => {
      if (folder.itemClass !== 'Calendar' && folder.itemClass !== 'Tasks')
        throw new GroupwareError('UNSUPPORTED', 'only appointments and tasks take attachments');
      const target = this.#folder(folder);
      const stored = this.#store.item(target, id);
      const info = { id: `file-${this.#store.sequence + 1}`, fileName, contentType, size: content.length };
      const files = new Map(stored.files).set(info.id, content.slice());
      this.#store.change(target, id, { attachments: [...attachmentsOf(stored), info] }, files);
      return info;
    });
  }

  removeAttachment(folder: FolderRef, id: string, attachmentId: string, { signal }: Cancellable): Promise<void> {
    return this.#run('removeAttachment', { signal, folderId: folder.id }, () => {
      const target = this.#folder(folder);
      const stored = this.#store.item(target, id);
      const left = attachmentsOf(stored).filter((one) => one.id !== attachmentId);
      const files = new Map([...stored.files].filter(([key]) => key !== attachmentId));
      this.#store.change(target, id, { attachments: left.length > 0 ? left : null }, files);
    });
  }

  watch(listener: (notice: ChangeNotice) => void): ChangeWatch {
    const listening = this.#store.listen(this.#login, listener);
    this.#watches.add(listening);
    return {
      covers: () => this.behaviour.watchCovers,
      [Symbol.dispose]: () => {
        this.#watches.delete(listening);
        listening[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#calls.dispose();
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#watches.clear();
  }

  get #store(): MemoryCalls['store'] {
    return this.#calls.store;
  }

  get #login(): string {
    return this.#calls.login;
  }

  #run<T>(method: string, about: { signal: AbortSignal; folderId?: string }, work: () => T | Promise<T>): Promise<T> {
    return this.#calls.run(method, about, work);
  }

  #folder({ id }: FolderRef): MemoryFolder {
    return this.#store.folder(this.#login, id);
  }

  /** A meeting is the user's who made it, unless it says otherwise. */
  #asOrganizer({ organizer, attendees = [] }: Appointment): Partial<Appointment> {
    if (attendees.length === 0) return {};
    const { primaryAddress, displayName, addresses } = this.account.user;
    const self = { name: displayName, address: primaryAddress };
    return { organizer: organizer ?? self, ownedByUser: !organizer || addresses.includes(organizer.address) };
  }

  /** Dates of conversations are others than those of mails. */
  #token({ conversations }: Pick<ListOptions, 'conversations'>): string {
    return `${this.#store.sequence}${conversations === true ? 'c' : ''}`;
  }

  #readable(folder: FolderRef): MemoryFolder {
    const target = this.#folder(folder);
    if (rightsOf(target, this.#login).read === 'none') throw new GroupwareError('PERMISSION', 'no right to read');
    return target;
  }

  #require(folder: MemoryFolder, right: 'write' | 'delete' | 'admin', stored?: StoredItem): void {
    const granted = rightsOf(folder, this.#login)[right];
    const allowed = granted === true || granted === 'all' || (granted === 'own' && stored?.createdBy === this.#login);
    if (!allowed) throw new GroupwareError('PERMISSION', `no right to ${right}`);
  }

  #listing<C extends ItemClass>(
    stored: readonly StoredItem[],
    itemClass: C,
    { since, conversations }: Omit<ListOptions, 'signal'>,
    kind: 'deltas' | 'listings',
  ): ItemVersion<C>[] {
    const { recordsIn } = this.behaviour;
    const newest = conversations === true ? newestOfConversations(stored) : undefined;
    const withItem = itemClass !== 'Email' && (recordsIn === 'listings' || recordsIn === kind);
    return stored
      .map((one): ItemVersion<C> => {
        const date = newest?.get(conversationOf(one)) ?? relevantDate(itemClass, one.item);
        return {
          id: one.id,
          version: String(one.changedAt),
          ...(date !== undefined && { date }),
          ...(itemClass === 'Email' && { flags: flagsOf(one.item as Message) }),
          ...(withItem && { item: structuredClone(one.item) as Item<C> }),
        };
      })
      .filter(({ date }) => since === undefined || date === undefined || date >= since);
  }
}

/** When the last mail of each conversation came. */
function newestOfConversations(mails: readonly StoredItem[]): ReadonlyMap<string, Instant> {
  const newest = new Map<string, Instant>();
  for (const mail of mails) {
    const conversation = conversationOf(mail);
    newest.set(conversation, Math.max(newest.get(conversation) ?? 0, (mail.item as Message).receivedAt ?? 0));
  }
  return newest;
}

function conversationOf({ id, item }: StoredItem): string {
  const { references = [], inReplyTo, messageId } = item as Message;
  return references[0] ?? inReplyTo ?? messageId ?? id;
}

function rightsOf(folder: MemoryFolder, login: string): Folder['rights'] {
  return (folder.seenBy(login) as Folder).rights;
}

function written({ id, changedAt }: StoredItem): WrittenItem {
  return { id, version: String(changedAt) };
}

function outcome<T extends { id: string }>(id: string, work: () => T): T | { id: string; error: GroupwareError } {
  try {
    return work();
  } catch (error) {
    if (error instanceof GroupwareError) return { id, error };
    throw error;
  }
}

function uidOf({ item }: StoredItem): string | undefined {
  return 'uid' in item ? item.uid : 'messageId' in item ? item.messageId : undefined;
}

function attachmentsOf({ item }: StoredItem): readonly AttachmentInfo[] {
  return 'attachments' in item ? (item.attachments ?? []) : [];
}

function flagsOf({ read, followUp, answered, forwarded, categories }: Message): Message {
  return structuredClone({
    read,
    ...(followUp && { followUp }),
    ...(answered !== undefined && { answered }),
    ...(forwarded !== undefined && { forwarded }),
    ...(categories && { categories }),
  });
}

function asRead(stored: StoredItem, options: ReadOptions): Message {
  const { bodies, ...message } = structuredClone(stored.item) as Message;
  const wanted = bodies?.filter(({ format }) => options.bodies?.includes(format)) ?? [];
  const limit = options.maxBodySize ?? Infinity;
  return {
    ...message,
    ...(wanted.length > 0 && { bodies: wanted.map((body) => cut(body, limit)) }),
    ...(options.maxSourceSize !== undefined &&
      (options.sourceOf !== 'secured' || (message.security ?? 'none') !== 'none') &&
      stored.source && { source: stored.source.subarray(0, options.maxSourceSize) }),
  };
}

function cut(body: Body, limit: number): Body {
  const bytes = Buffer.from(body.content, 'utf8');
  if (bytes.length <= limit) return body;
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { ...body, content: bytes.toString('utf8', 0, end), fullSize: bytes.length };
}
