import {
  type AttachmentInfo,
  type Cancellable,
  type ChangeNotice,
  type ChangeWatch,
  type CreateOptions,
  type DeleteOptions,
  type Directory,
  type Folder,
  type FolderRef,
  type FolderRole,
  type FreeBusy,
  GroupwareError,
  type GroupwareSession,
  type Invitations,
  type Item,
  type ItemChanges,
  type ItemClass,
  type ItemListing,
  type ItemPatch,
  type ListOptions,
  type MailStore,
  type MoveResult,
  type OutOfOfficeSettings,
  type PatchOptions,
  type ReadOptions,
  type ReadResult,
  type WriteResult,
  type WrittenItem,
} from '@oxtender/bundle-api';
import { CallTally } from './http/call-meter';
import { OxClient } from './http/ox-client';
import { oxCalendar } from './modules/calendar';
import { ContactStore } from './modules/contacts';
import { defaultFolders } from './modules/default-folders';
import { OxDirectory } from './modules/directory';
import { FileChanges } from './modules/file-changes';
import { OxFolders } from './modules/folders';
import { OxFreeBusy } from './modules/free-busy';
import { OxInvitations } from './modules/invitations';
import type { ItemFiles } from './modules/item-files';
import type { ItemStore } from './modules/item-store';
import { attachmentCall } from './modules/mail/mail-reader';
import { MailSearch } from './modules/mail/mail-search';
import { OxMailStore } from './modules/mail/mail-services';
import { MailItems } from './modules/mail/mail-store';
import { OxOutOfOffice } from './modules/mailfilter';
import { PeopleDirectory } from './modules/people-directory';
import { TaskStore } from './modules/tasks';
import type { SharedAccount } from './session/shared-account';
import { typedFailures } from './typed-failures';
import { Announcer } from './watch/announcer';
import type { Watchers } from './watch/watchers';

/** One handle on a user's session: sends each call to the module that it is about. */
export class OxGroupwareSession implements GroupwareSession {
  readonly calls = new CallTally();
  readonly mail?: MailStore;
  readonly invitations?: Invitations;
  readonly directory: Directory;
  readonly freeBusy?: FreeBusy;
  readonly outOfOffice?: OutOfOfficeSettings;
  readonly #client: OxClient;
  readonly #folders: OxFolders;
  readonly #stores: { readonly [C in ItemClass]?: ItemStore<C> };
  readonly #files: { readonly [C in ItemClass]?: ItemFiles };
  readonly #fileChanges: { readonly Calendar: FileChanges<'Calendar'>; readonly Tasks: FileChanges<'Tasks'> };
  readonly #watches = new Set<ChangeWatch>();
  readonly #announcer: Announcer;
  #isDisposed = false;

  constructor(
    private readonly shared: SharedAccount,
    private readonly now: () => number,
    private readonly watchers: Watchers,
  ) {
    const { user, classes, folderChoice, capabilities } = shared.profile;
    const announcer = new Announcer(watchers, user);
    this.#announcer = announcer;
    const client = new OxClient(shared.account, this.calls);
    this.#client = client;
    const people = new PeopleDirectory(client, user.userId, user.addresses, shared.people);
    const defaults = (options: Cancellable): Promise<ReadonlyMap<string, FolderRole>> =>
      (shared.defaultFolders ??= defaultFolders(client, options));
    this.#folders = new OxFolders(client, people, {
      classes,
      choice: folderChoice,
      chronos: shared.account.traits.legacyCalendar === false,
      defaults,
    });

    const calendar = oxCalendar(client, people, { now, timeZone: user.timeZone });
    const tasks = new TaskStore(client, now);
    const mails = new MailItems(client, { name: user.displayName, address: user.primaryAddress });
    this.#stores = { Email: mails, Contacts: new ContactStore(client, now), Calendar: calendar, Tasks: tasks };
    this.#files = { Calendar: calendar.files, Tasks: tasks.files };
    this.#fileChanges = {
      Calendar: new FileChanges(calendar, calendar.files),
      Tasks: new FileChanges(tasks, tasks.files),
    };

    this.directory = typedFailures(new OxDirectory(client, people));
    if (classes.has('Email')) {
      const search = new MailSearch(client, (options) => this.#folders.list(options));
      this.mail = typedFailures(announcer.mail(new OxMailStore(client, mails, search, user.addresses)));
    }
    if (classes.has('Calendar')) {
      const invitations = new OxInvitations(calendar, (options) => this.#folders.list(options), people, user);
      this.invitations = typedFailures(announcer.invitations(invitations));
      this.freeBusy = typedFailures(new OxFreeBusy(client, people));
    }
    if (capabilities === undefined || capabilities.has('mailfilter') || capabilities.has('mailfilter_v2'))
      this.outOfOffice = typedFailures(new OxOutOfOffice(client, user));
  }

  get user(): GroupwareSession['user'] {
    return this.shared.profile.user;
  }

  get classes(): ReadonlySet<ItemClass> {
    return this.shared.profile.classes;
  }

  share(): GroupwareSession {
    this.shared.hold();
    return typedFailures(new OxGroupwareSession(this.shared, this.now, this.watchers));
  }

  listFolders(options: Cancellable): Promise<Folder[]> {
    return this.#folders.list(options);
  }

  createFolder(
    folder: { name: string; itemClass: ItemClass; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }> {
    return this.#announcer.hierarchyWritten(this.#folders.create(folder, options));
  }

  updateFolder(
    folder: FolderRef,
    change: { name?: string; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }> {
    return this.#announcer.hierarchyWritten(this.#folders.update(folder, change, options));
  }

  deleteFolder(folder: FolderRef, options: Cancellable): Promise<void> {
    return this.#announcer.hierarchyWritten(this.#folders.delete(folder, options));
  }

  async emptyFolder(folder: FolderRef, options: Cancellable & { subfolders?: boolean }): Promise<void> {
    const { signal, subfolders = false } = options;
    const emptying = this.#folders.empty(folder, { signal }, (one) => this.#deleteAll(one, signal));
    await this.#announcer.written(emptying, folder.id);
    if (subfolders) await this.#announcer.hierarchyWritten(this.#deleteBelow(folder, signal));
  }

  list<C extends ItemClass>(folder: FolderRef & { itemClass: C }, options: ListOptions): Promise<ItemListing<C>> {
    return this.#unlessGone(folder, this.#store(folder.itemClass).list(folder.id, options), options);
  }

  changes<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    token: string,
    options: ListOptions,
  ): Promise<ItemChanges<C>> {
    return this.#unlessGone(folder, this.#store(folder.itemClass).changes(folder.id, token, options), options);
  }

  async read<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    ids: readonly string[],
    options: ReadOptions & Cancellable,
  ): Promise<ReadResult<C>[]> {
    return ids.length === 0 ? [] : this.#store(folder.itemClass).read(folder.id, ids, options);
  }

  create<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    item: Item<C>,
    options: CreateOptions,
  ): Promise<WrittenItem> {
    return this.#announcer.written(this.#writer(folder.itemClass).create(folder.id, item, options), folder.id);
  }

  findCreated(folder: FolderRef, key: string, options: Cancellable): Promise<WrittenItem | undefined> {
    return this.#store(folder.itemClass).findCreated(folder.id, key, options);
  }

  patch<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    id: string,
    patch: ItemPatch<C>,
    options: PatchOptions,
  ): Promise<WrittenItem> {
    return this.#announcer.written(this.#writer(folder.itemClass).patch(folder.id, id, patch, options), folder.id);
  }

  async delete(folder: FolderRef, ids: readonly string[], options: DeleteOptions): Promise<WriteResult[]> {
    if (ids.length === 0) return [];
    return this.#announcer.written(this.#store(folder.itemClass).delete(folder.id, ids, options), folder.id);
  }

  async move(
    folder: FolderRef,
    ids: readonly string[],
    target: FolderRef,
    options: Cancellable,
  ): Promise<MoveResult[]> {
    if (ids.length === 0) return [];
    const moving = this.#store(folder.itemClass).move(folder.id, ids, target.id, options);
    return this.#announcer.written(moving, folder.id, target.id);
  }

  async readAttachment(
    folder: FolderRef,
    id: string,
    attachmentId: string,
    options: Cancellable,
  ): ReturnType<GroupwareSession['readAttachment']> {
    if (folder.itemClass !== 'Email') return this.#attachments(folder).read(folder.id, id, attachmentId, options);
    const [found] = await this.#store('Email').read(folder.id, [id], options);
    if (!found || found.error) throw found?.error ?? new GroupwareError('NOT_FOUND', 'the mail is gone');
    const info = found.item.attachments?.find((one) => one.id === attachmentId);
    if (!info) throw new GroupwareError('NOT_FOUND', 'no such attachment');
    const { content } = await this.#client.download(attachmentCall(folder.id, id, attachmentId), options);
    return { info, content };
  }

  async addAttachment(
    folder: FolderRef,
    id: string,
    attachment: { fileName: string; contentType: string; content: Uint8Array },
    options: Cancellable,
  ): Promise<AttachmentInfo> {
    return this.#announcer.written(this.#attachments(folder).add(folder.id, id, attachment, options), folder.id);
  }

  async removeAttachment(folder: FolderRef, id: string, attachmentId: string, options: Cancellable): Promise<void> {
    await this.#announcer.written(this.#attachments(folder).remove(folder.id, id, attachmentId, options), folder.id);
  }

  watch(listener: (notice: ChangeNotice) => void): ChangeWatch {
    const watch = this.watchers.of(this.shared).listen(listener);
    this.#watches.add(watch);
    return {
      covers: (folder) => watch.covers(folder),
      attend: (interest) => watch.attend?.(interest),
      [Symbol.dispose]: () => {
        this.#watches.delete(watch);
        watch[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#watches.clear();
    this.shared.release();
  }

  /** Of a folder that is gone, OX says that the user has no right to it. */
  async #unlessGone<T>(folder: FolderRef, result: Promise<T>, { signal }: Cancellable): Promise<T> {
    try {
      return await result;
    } catch (error) {
      if (
        error instanceof GroupwareError &&
        error.code === 'PERMISSION' &&
        !(await this.#folders.exists(folder, { signal }))
      )
        throw new GroupwareError('NOT_FOUND', 'the folder is gone', { cause: error });
      throw error;
    }
  }

  #store<C extends ItemClass>(itemClass: C): ItemStore<C> {
    const store = this.#stores[itemClass];
    if (!store) throw new GroupwareError('UNSUPPORTED', `OX has no items of class ${itemClass}`);
    // TypeScript does not follow the key of a mapped type into a type parameter.
    return store;
  }

  #writer<C extends ItemClass>(itemClass: C): Pick<ItemStore<C>, 'create' | 'patch'> {
    const changes: { readonly [K in ItemClass]?: Pick<ItemStore<K>, 'create' | 'patch'> } = this.#fileChanges;
    return changes[itemClass] ?? this.#store(itemClass);
  }

  #attachments({ itemClass }: FolderRef): ItemFiles {
    const files = this.#files[itemClass];
    if (!files) throw new GroupwareError('UNSUPPORTED', 'OX takes files for appointments and tasks only');
    return files;
  }

  async #deleteBelow(folder: FolderRef, signal: AbortSignal): Promise<void> {
    for (const child of await this.#folders.below(folder, { signal }))
      await this.#folders.delete(child, { signal }, { hardDelete: true });
  }

  async #deleteAll(folder: FolderRef, signal: AbortSignal): Promise<void> {
    const { items } = await this.#store(folder.itemClass).list(folder.id, { signal });
    const ids = items.map(({ id }) => id);
    if (ids.length === 0) return;
    const failed = (await this.delete(folder, ids, { mode: 'permanent', signal })).find(({ error }) => error);
    if (failed?.error) throw failed.error;
  }
}
