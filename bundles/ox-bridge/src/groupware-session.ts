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
import { attachmentCall } from './modules/mail/mail-reader';
import { OxModules } from './modules/ox-modules';
import type { SharedAccount } from './session/shared-account';
import { TypedFailures } from './typed-failures';
import { Announcer } from './watch/announcer';
import type { Watchers } from './watch/watchers';

/** What a handle works with. */
interface Parts {
  readonly client: OxClient;
  readonly modules: OxModules;
  readonly announcer: Announcer;
}

/** One handle on a user's session: sends each call to the module that it is about. A request has one, also while it waits. */
@TypedFailures
export class OxGroupwareSession implements GroupwareSession {
  readonly calls: CallTally;
  #made: Parts | undefined;
  #watches: Set<ChangeWatch> | undefined;
  #isDisposed = false;

  constructor(
    private readonly shared: SharedAccount,
    private readonly now: () => number,
    private readonly watchers: Watchers,
    requestId?: string,
  ) {
    this.calls = new CallTally(requestId);
  }

  get mail(): MailStore | undefined {
    return this.#modules.mail;
  }

  get invitations(): Invitations | undefined {
    return this.#modules.invitations;
  }

  get directory(): Directory {
    return this.#modules.directory;
  }

  get freeBusy(): FreeBusy | undefined {
    return this.#modules.freeBusy;
  }

  get outOfOffice(): OutOfOfficeSettings | undefined {
    return this.#modules.outOfOffice;
  }

  get user(): GroupwareSession['user'] {
    return this.shared.profile.user;
  }

  get classes(): ReadonlySet<ItemClass> {
    return this.shared.profile.classes;
  }

  share({ requestId }: { readonly requestId?: string } = {}): GroupwareSession {
    this.shared.hold();
    return new OxGroupwareSession(this.shared, this.now, this.watchers, requestId);
  }

  listFolders(options: Cancellable): Promise<Folder[]> {
    return this.#modules.folders.list(options);
  }

  createFolder(
    folder: { name: string; itemClass: ItemClass; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }> {
    return this.#announcer.hierarchyWritten(this.#modules.folders.create(folder, options));
  }

  updateFolder(
    folder: FolderRef,
    change: { name?: string; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }> {
    return this.#announcer.hierarchyWritten(this.#modules.folders.update(folder, change, options));
  }

  deleteFolder(folder: FolderRef, options: Cancellable): Promise<void> {
    return this.#announcer.hierarchyWritten(this.#modules.folders.delete(folder, options));
  }

  async emptyFolder(folder: FolderRef, options: Cancellable & { subfolders?: boolean }): Promise<void> {
    const { signal, subfolders = false } = options;
    const emptying = this.#modules.folders.empty(folder, { signal }, (one) => this.#deleteAll(one, signal));
    await this.#announcer.written(emptying, folder.id);
    if (subfolders) await this.#announcer.hierarchyWritten(this.#deleteBelow(folder, signal));
  }

  list<C extends ItemClass>(folder: FolderRef & { itemClass: C }, options: ListOptions): Promise<ItemListing<C>> {
    return this.#unlessGone(folder, this.#modules.store(folder.itemClass).list(folder.id, options), options);
  }

  changes<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    token: string,
    options: ListOptions,
  ): Promise<ItemChanges<C>> {
    return this.#unlessGone(folder, this.#modules.store(folder.itemClass).changes(folder.id, token, options), options);
  }

  async read<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    ids: readonly string[],
    options: ReadOptions & Cancellable,
  ): Promise<ReadResult<C>[]> {
    return ids.length === 0 ? [] : this.#modules.store(folder.itemClass).read(folder.id, ids, options);
  }

  create<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    item: Item<C>,
    options: CreateOptions,
  ): Promise<WrittenItem> {
    return this.#announcer.written(this.#modules.writer(folder.itemClass).create(folder.id, item, options), folder.id);
  }

  findCreated(folder: FolderRef, key: string, options: Cancellable): Promise<WrittenItem | undefined> {
    return this.#modules.store(folder.itemClass).findCreated(folder.id, key, options);
  }

  patch<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    id: string,
    patch: ItemPatch<C>,
    options: PatchOptions,
  ): Promise<WrittenItem> {
    return this.#announcer.written(
      this.#modules.writer(folder.itemClass).patch(folder.id, id, patch, options),
      folder.id,
    );
  }

  async delete(folder: FolderRef, ids: readonly string[], options: DeleteOptions): Promise<WriteResult[]> {
    if (ids.length === 0) return [];
    return this.#announcer.written(this.#modules.store(folder.itemClass).delete(folder.id, ids, options), folder.id);
  }

  async move(
    folder: FolderRef,
    ids: readonly string[],
    target: FolderRef,
    options: Cancellable,
  ): Promise<MoveResult[]> {
    if (ids.length === 0) return [];
    const moving = this.#modules.store(folder.itemClass).move(folder.id, ids, target.id, options);
    return this.#announcer.written(moving, folder.id, target.id);
  }

  async readAttachment(
    folder: FolderRef,
    id: string,
    attachmentId: string,
    options: Cancellable,
  ): ReturnType<GroupwareSession['readAttachment']> {
    if (folder.itemClass !== 'Email')
      return this.#modules.files(folder.itemClass).read(folder.id, id, attachmentId, options);
    const [found] = await this.#modules.store('Email').read(folder.id, [id], options);
    if (!found || found.error) throw found?.error ?? new GroupwareError('NOT_FOUND', 'the mail is gone');
    const info = found.item.attachments?.find((one) => one.id === attachmentId);
    if (!info) throw new GroupwareError('NOT_FOUND', 'no such attachment');
    const { content } = await this.#parts.client.download(attachmentCall(folder.id, id, attachmentId), options);
    return { info, content };
  }

  async addAttachment(
    folder: FolderRef,
    id: string,
    attachment: { fileName: string; contentType: string; content: Uint8Array },
    options: Cancellable,
  ): Promise<AttachmentInfo> {
    return this.#announcer.written(
      this.#modules.files(folder.itemClass).add(folder.id, id, attachment, options),
      folder.id,
    );
  }

  async removeAttachment(folder: FolderRef, id: string, attachmentId: string, options: Cancellable): Promise<void> {
    await this.#announcer.written(
      this.#modules.files(folder.itemClass).remove(folder.id, id, attachmentId, options),
      folder.id,
    );
  }

  watch(listener: (notice: ChangeNotice) => void): ChangeWatch {
    const watch = this.watchers.of(this.shared).listen(listener);
    const watches = (this.#watches ??= new Set());
    watches.add(watch);
    return {
      covers: (folder) => watch.covers(folder),
      attend: (interest) => watch.attend?.(interest),
      [Symbol.dispose]: () => {
        watches.delete(watch);
        watch[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const watch of this.#watches ?? []) watch[Symbol.dispose]();
    this.#watches?.clear();
    this.shared.release();
  }

  get #modules(): OxModules {
    return this.#parts.modules;
  }

  get #announcer(): Announcer {
    return this.#parts.announcer;
  }

  /** Made with the first call: most handles make none. */
  get #parts(): Parts {
    if (this.#made) return this.#made;
    const { profile, account } = this.shared;
    const announcer = new Announcer(this.watchers, profile.user);
    const client = new OxClient(account, this.calls);
    return (this.#made = { client, announcer, modules: new OxModules(client, this.shared, announcer, this.now) });
  }

  /** Of a folder that is gone, OX says that the user has no right to it. */
  async #unlessGone<T>(folder: FolderRef, result: Promise<T>, { signal }: Cancellable): Promise<T> {
    try {
      return await result;
    } catch (error) {
      if (
        error instanceof GroupwareError &&
        error.code === 'PERMISSION' &&
        !(await this.#modules.folders.exists(folder, { signal }))
      )
        throw new GroupwareError('NOT_FOUND', 'the folder is gone', { cause: error });
      throw error;
    }
  }

  async #deleteBelow(folder: FolderRef, signal: AbortSignal): Promise<void> {
    for (const child of await this.#modules.folders.below(folder, { signal }))
      await this.#modules.folders.delete(child, { signal }, { hardDelete: true });
  }

  async #deleteAll(folder: FolderRef, signal: AbortSignal): Promise<void> {
    const { items } = await this.#modules.store(folder.itemClass).list(folder.id, { signal });
    const ids = items.map(({ id }) => id);
    if (ids.length === 0) return;
    const failed = (await this.delete(folder, ids, { mode: 'permanent', signal })).find(({ error }) => error);
    if (failed?.error) throw failed.error;
  }
}
