import type { Folder } from '../../model/folder';
import type { Item, ItemPatch } from '../../model/item';
import type { AttachmentInfo, ItemClass } from '../../model/values';
import type { BackendCalls, ByteStream, Cancellable } from './calls';
import type { ChangeNotice, ChangeWatch } from './change-watch';
import type { Directory } from './directory';
import type { FreeBusy } from './free-busy';
import type { GroupwareUser } from './groupware-bridge';
import type { Invitations } from './invitations';
import type {
  CreateOptions,
  DeleteOptions,
  FolderRef,
  ItemChanges,
  ItemListing,
  ListOptions,
  MoveResult,
  PatchOptions,
  ReadOptions,
  ReadResult,
  WriteResult,
  WrittenItem,
} from './items';
import type { MailStore } from './mail';
import type { OutOfOfficeSettings } from './out-of-office';

/**
 * A logged-in user. All methods may be called concurrently. Every method may throw GroupwareError with AUTHENTICATION,
 * PERMISSION, NOT_FOUND, UNAVAILABLE or BROKEN_ANSWER; other codes are named at the method.
 *
 * @public
 */
export interface GroupwareSession extends Disposable {
  readonly user: GroupwareUser;
  /** Classes for which the user has folders. */
  readonly classes: ReadonlySet<ItemClass>;
  /** For the log: `4 OX calls took 253 ms`. Absent where the bridge does not count. */
  readonly calls?: BackendCalls;
  /**
   * Another handle on the same login, for one request: counts its own calls, and is disposed by itself. Costs no call.
   * Absent where the bridge does not tell requests apart.
   *
   * @param request - `requestId`: for the log lines of the handle
   */
  share?(request?: { readonly requestId?: string }): GroupwareSession;

  /** All folders that the user can see, of the classes above; in no order. */
  listFolders(options: Cancellable): Promise<Folder[]>;
  /** @throws GroupwareError EXISTS, INVALID, QUOTA */
  createFolder(
    folder: { name: string; itemClass: ItemClass; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }>;
  /**
   * Renames and moves.
   *
   * @returns the id, new where ids are paths; ids of subfolders then change as well
   * @throws GroupwareError EXISTS, INVALID
   */
  updateFolder(
    folder: FolderRef,
    change: { name?: string; parentId?: string },
    options: Cancellable,
  ): Promise<{ id: string }>;
  /** Deletes a folder with everything in it. @throws GroupwareError NOT_FOUND, NOT_ALLOWED, UNAVAILABLE */
  deleteFolder(folder: FolderRef, options: Cancellable): Promise<void>;
  /** Deletes all items for good; with `subfolders` also the folders below. */
  emptyFolder(folder: FolderRef, options: Cancellable & { subfolders?: boolean }): Promise<void>;

  /** All items of a folder with their versions. @throws GroupwareError NOT_FOUND, NOT_ALLOWED, UNAVAILABLE */
  list<C extends ItemClass>(folder: FolderRef & { itemClass: C }, options: ListOptions): Promise<ItemListing<C>>;
  /** @throws GroupwareError STALE_TOKEN */
  changes<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    token: string,
    options: ListOptions,
  ): Promise<ItemChanges<C>>;
  /** Reads many items; results in the order of `ids`. Never marks a mail as read. */
  read<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    ids: readonly string[],
    options: ReadOptions & Cancellable,
  ): Promise<ReadResult<C>[]>;

  /** @throws GroupwareError QUOTA, TOO_LONG, INVALID, EXISTS */
  create<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    item: Item<C>,
    options: CreateOptions,
  ): Promise<WrittenItem>;
  /**
   * The item that a {@link GroupwareSession.create} with this key made, if it is there. In a folder of mails, a Message-ID
   * with its angle brackets finds the mail that has it, whoever made it.
   */
  findCreated(folder: FolderRef, key: string, options: Cancellable): Promise<WrittenItem | undefined>;
  /**
   * Changes the fields that the patch names and no other.
   *
   * @throws GroupwareError CONFLICT, QUOTA, TOO_LONG, INVALID
   */
  patch<C extends ItemClass>(
    folder: FolderRef & { itemClass: C },
    id: string,
    patch: ItemPatch<C>,
    options: PatchOptions,
  ): Promise<WrittenItem>;
  /** Deleting what is gone already succeeds. Results in the order of `ids`. */
  delete(folder: FolderRef, ids: readonly string[], options: DeleteOptions): Promise<WriteResult[]>;
  /** Results in the order of `ids`. */
  move(folder: FolderRef, ids: readonly string[], target: FolderRef, options: Cancellable): Promise<MoveResult[]>;

  /** The content of a file that hangs on an item. @throws GroupwareError NOT_FOUND, UNAVAILABLE */
  readAttachment(
    folder: FolderRef,
    id: string,
    attachmentId: string,
    options: Cancellable,
  ): Promise<{ info: AttachmentInfo; content: ByteStream }>;
  /** Calendar and Tasks. @throws GroupwareError QUOTA, UNSUPPORTED */
  addAttachment(
    folder: FolderRef,
    id: string,
    attachment: { fileName: string; contentType: string; content: Uint8Array },
    options: Cancellable,
  ): Promise<AttachmentInfo>;
  /** Takes a file off an item. @throws GroupwareError NOT_FOUND, NOT_ALLOWED, UNAVAILABLE */
  removeAttachment(folder: FolderRef, id: string, attachmentId: string, options: Cancellable): Promise<void>;

  /** Tells of changes of any of the user's folders until disposed. The bridge runs one watcher per user. */
  watch(listener: (notice: ChangeNotice) => void): ChangeWatch;

  /** Absent where the backend has none. */
  readonly mail?: MailStore | undefined;
  readonly invitations?: Invitations | undefined;
  readonly directory?: Directory;
  readonly freeBusy?: FreeBusy | undefined;
  readonly outOfOffice?: OutOfOfficeSettings | undefined;
}
