import { OxtenderError } from '../errors';
import { serviceToken } from '../framework/token';
import type { ParticipationStatus } from '../model/appointment';
import type { Folder } from '../model/folder';
import type { Item, ItemPatch } from '../model/item';
import type { MessageFlags } from '../model/message';
import type { AttachmentInfo, Instant, ItemClass, Mailbox, TimeZoneId } from '../model/values';

/**
 * What went wrong in the groupware, in words that no backend owns.
 *
 * - `AUTHENTICATION`: user name or password refused; do not try again with the same
 * - `PASSWORD_EXPIRED`: the password is right and has to be changed before anything else
 * - `NOT_ALLOWED`: the account may not synchronise (disabled, locked, no licence)
 * - `PERMISSION`: no right for this folder or item
 * - `NOT_FOUND`: folder or item is gone
 * - `CONFLICT`: somebody changed it since the version that the caller knows
 * - `EXISTS`: a folder of that name, or an item of that UID, is there
 * - `QUOTA`: no space, or a limit of the server
 * - `TOO_LONG`: a value is longer than the backend stores; `fields` names it
 * - `INVALID`: the backend refuses the content
 * - `UNSUPPORTED`: the backend has no such feature
 * - `STALE_TOKEN`: the change token is too old; list the folder anew
 * - `UNAVAILABLE`: not reachable, overloaded or out of order; try again later
 * - `BROKEN_ANSWER`: the backend answered nonsense
 *
 * @public
 */
export type GroupwareErrorCode =
  | 'AUTHENTICATION'
  | 'PASSWORD_EXPIRED'
  | 'NOT_ALLOWED'
  | 'PERMISSION'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'EXISTS'
  | 'QUOTA'
  | 'TOO_LONG'
  | 'INVALID'
  | 'UNSUPPORTED'
  | 'STALE_TOKEN'
  | 'UNAVAILABLE'
  | 'BROKEN_ANSWER';

/** A failure of the groupware, by meaning: protocols map its code in one table. @public */
export class GroupwareError extends OxtenderError<GroupwareErrorCode> {
  /** With `TOO_LONG`: names of the record's fields. */
  readonly fields: readonly string[];
  /** The backend's own words, for the log: code, error id. */
  readonly backend: Readonly<Record<string, unknown>>;
  /** With `UNAVAILABLE`: when to come back, in milliseconds, if the backend said so. */
  readonly retryAfter: number | undefined;

  constructor(
    code: GroupwareErrorCode,
    message: string,
    options: {
      cause?: unknown;
      fields?: readonly string[];
      backend?: Readonly<Record<string, unknown>>;
      retryAfter?: number;
    } = {},
  ) {
    super(code, message, {
      ...('cause' in options ? { cause: options.cause } : {}),
      retryable: code === 'UNAVAILABLE',
    });
    this.fields = options.fields ?? [];
    this.backend = options.backend ?? {};
    this.retryAfter = options.retryAfter;
  }
}

/** Cancellation of a call: client gone, deadline, or bundle stopping. @public */
export interface Cancellable {
  readonly signal: AbortSignal;
}

/** Bytes as they come. @public */
export type ByteStream = AsyncIterable<Uint8Array>;

/** A user's proof. Never logged, never stored. @public */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/** What a login tells of the device. @public */
export interface LoginOptions extends Cancellable {
  /** Address of the device, for the backend's own checks and logs. */
  readonly address?: string;
  readonly userAgent?: string;
}

/**
 * A groupware server as a synchronisation engine sees it. Nothing in it names a product: a bridge over IMAP and
 * CalDAV, or over JMAP, implements the same.
 *
 * @public
 */
export interface GroupwareBridge {
  /** Short name of the backend for logs: `ox`. */
  readonly name: string;
  /**
   * Logs in, or joins the session that the bridge already holds for the same user and password. Concurrent logins of
   * one user cause one login at the backend. A password that was just refused is refused again without asking the
   * backend, for a back-off time, so that a phone with an old password does not lock the account.
   *
   * @returns a handle; the caller disposes it, the bridge keeps the backend's session until it was idle for long
   * @throws GroupwareError AUTHENTICATION, PASSWORD_EXPIRED, NOT_ALLOWED, UNAVAILABLE
   */
  login(credentials: Credentials, options: LoginOptions): Promise<GroupwareSession>;
}

/** Its token: what it is registered and found by. @public */
export const GroupwareBridge = serviceToken<GroupwareBridge>('groupware.GroupwareBridge');

/** Who has logged in. @public */
export interface GroupwareUser {
  /** Tenant; part of every key in storage. Integer text for OX. */
  readonly contextId: number;
  readonly userId: number;
  /** As the user logs in. */
  readonly login: string;
  readonly displayName: string;
  readonly primaryAddress: string;
  /** All addresses that are the user's, the primary one first. */
  readonly addresses: readonly string[];
  readonly timeZone: TimeZoneId;
  /** For example `de_DE`. */
  readonly locale: string;
}

/** A folder by id, with the class of what is in it. @public */
export interface FolderRef {
  readonly id: string;
  readonly itemClass: ItemClass;
}

/** One item in a listing. @public */
export interface ItemVersion<C extends ItemClass = ItemClass> {
  /** Opaque, unique in the folder. */
  readonly id: string;
  /** Opaque, short; differs when the item differs. For mails it covers the flags. */
  readonly version: string;
  /**
   * When the item matters, for time filters: receipt of a mail, end of an appointment or of the last occurrence.
   * Absent: always (endless series, contacts, open tasks).
   */
  readonly date?: Instant;
  /** Email only: the flags, when the listing has them at no cost. */
  readonly flags?: MessageFlags;
  /** The whole record, when the listing has it at no cost. */
  readonly item?: Item<C>;
}

/** What to list. @public */
export interface ListOptions extends Cancellable {
  /** Items with an older {@link ItemVersion.date} may be left out. A hint: the caller filters again. */
  readonly since?: Instant;
  /**
   * Email: a mail's date is that of the newest mail of its conversation in the folder, so that a time filter takes a
   * conversation as a whole. A backend that knows no conversations ignores it.
   */
  readonly conversations?: boolean;
}

/** All items of a folder, and where changes begin from. @public */
export interface ItemListing<C extends ItemClass = ItemClass> {
  readonly items: readonly ItemVersion<C>[];
  /** For {@link GroupwareSession.changes}; opaque, under 1 KiB. */
  readonly token: string;
}

/**
 * Changes since a token: none; a delta (an id may be reported as deleted more than once, and without having been seen);
 * or, where the backend cannot tell, the complete listing.
 *
 * @public
 */
export type ItemChanges<C extends ItemClass = ItemClass> =
  | { readonly kind: 'none'; readonly token: string }
  | {
      readonly kind: 'delta';
      readonly changed: readonly ItemVersion<C>[];
      readonly deleted: readonly string[];
      readonly token: string;
    }
  | { readonly kind: 'snapshot'; readonly items: readonly ItemVersion<C>[]; readonly token: string };

/** What to read beyond the plain fields. Bodies of contacts, appointments, tasks and notes are always read. @public */
export interface ReadOptions {
  /** Email: forms of the text wanted; those that the mail has are delivered. Default none. */
  readonly bodies?: readonly ('text' | 'html')[];
  /** Email: bytes of each body's text that are enough; more may be cut, with `fullSize` set. */
  readonly maxBodySize?: number;
  /** Email: deliver the source up to this many bytes (0: none of it); what is longer is cut. Default: no source. */
  readonly maxSourceSize?: number;
  /** Email: of which mails the source is wanted; `secured`: signed and encrypted ones. Default `all`. */
  readonly sourceOf?: 'all' | 'secured';
}

/** One item's outcome: one failure never fails the others. @public */
export type ReadResult<C extends ItemClass = ItemClass> =
  | { readonly id: string; readonly version: string; readonly item: Item<C>; readonly error?: undefined }
  | { readonly id: string; readonly error: GroupwareError };

/** An item after it was written. @public */
export interface WrittenItem {
  /** Differs from the id that was given when the backend makes a new one. */
  readonly id: string;
  readonly version: string;
}

/** The outcome for one of many items: one failure never fails the others. @public */
export type WriteResult =
  { readonly id: string; readonly error?: undefined } | { readonly id: string; readonly error: GroupwareError };

/** The outcome for one of many moved items. @public */
export type MoveResult =
  | { readonly id: string; readonly moved: WrittenItem; readonly error?: undefined }
  | { readonly id: string; readonly error: GroupwareError };

/** How an item is created. @public */
export interface CreateOptions extends Cancellable {
  /**
   * Unique text that the bridge makes findable in the backend (iCalendar UID, contact UID, Message-ID), so that a
   * creation whose answer was lost is found again by {@link GroupwareSession.findCreated}. An appointment's own `uid`
   * is its key.
   */
  readonly key: string;
  /** Mails or invitations to other people are sent by the backend. Default false. */
  readonly notify?: boolean;
}

/** How an item is changed. @public */
export interface PatchOptions extends Cancellable {
  /** Fails with CONFLICT when the item has another version. Absent: whatever it has. */
  readonly ifVersion?: string;
  readonly notify?: boolean;
}

/** How items are deleted. @public */
export interface DeleteOptions extends Cancellable {
  /** `trash`: into the deleted items folder, where the class has one and the item is not in it. */
  readonly mode: 'trash' | 'permanent';
  readonly notify?: boolean;
}

/** Something changed at the groupware; what exactly, the next listing tells. @public */
export interface ChangeNotice {
  /** Absent: any folder may have changed. */
  readonly folderId?: string;
  /** Folders were created, renamed, moved or deleted, or rights changed. */
  readonly hierarchy?: boolean;
}

/** What somebody waits for. @public */
export interface WatchInterest {
  readonly folders: readonly FolderRef[];
  /** The list of folders matters as well. */
  readonly hierarchy: boolean;
}

/** A watch over folders; disposing it ends it. @public */
export interface ChangeWatch extends Disposable {
  /**
   * True when every change of the folder since the watch began has been, or is within a second, announced: silence
   * means that nothing changed.
   */
  covers(folder: FolderRef): boolean;
  /**
   * Says what is waited for from now on, in place of what was said before. A bridge that has to ask the backend asks
   * about this soon and often, and about the rest seldom or not at all; before the first call, about everything.
   * Absent where the backend tells of all changes by itself.
   */
  attend?(interest: WatchInterest): void;
}

/** What a session handle has cost at the backend so far. Watching is not counted. @public */
export interface BackendCalls {
  readonly count: number;
  /** Sum of the calls' durations; calls that ran side by side count each. */
  readonly milliseconds: number;
}

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
   */
  share?(): GroupwareSession;

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
  readonly mail?: MailStore;
  readonly invitations?: Invitations;
  readonly directory?: Directory;
  readonly freeBusy?: FreeBusy;
  readonly outOfOffice?: OutOfOfficeSettings;
}

/** Mail beyond listing and flags. @public */
export interface MailStore {
  /** The source, as stored, without marking it as read. */
  readSource(folder: FolderRef, id: string, options: Cancellable): Promise<ByteStream>;
  /** Stores a message without sending it. */
  createFromSource(
    folder: FolderRef,
    source: ByteStream,
    options: Cancellable & { flags?: Partial<MessageFlags>; draft?: boolean },
  ): Promise<WrittenItem>;
  /**
   * Sends to the recipients in the headers, Bcc included, which is then removed.
   *
   * @returns the copy in the sent folder, if one was kept. A copy that could not be kept is no error: the mail is out
   * @throws GroupwareError INVALID (no or bad recipients), QUOTA (too many, too large), PERMISSION (sender)
   */
  send(
    source: ByteStream,
    options: Cancellable & { saveInSent: boolean },
  ): Promise<{ folderId: string; id: string } | undefined>;
  /**
   * Mails that match, newest first; `offset` and `limit` cut the hits. The cost depends on `offset + limit`, not on the
   * size of the mailbox, where the backend can do that.
   */
  search(query: MailQuery, options: Cancellable & { offset: number; limit: number }): Promise<MailHits>;
}

/**
 * What a mail must be like; all parts must match. Text is found at least at the beginning of words, whatever its case; a
 * backend may find it inside of words too.
 *
 * @public
 */
export interface MailCondition {
  /** Words in subject, addresses or text, next to each other and in this order. */
  readonly text?: string;
  /** Words in the text alone. */
  readonly body?: string;
  readonly subject?: string;
  /** Of names and addresses. */
  readonly from?: string;
  readonly to?: string;
  readonly cc?: string;
  readonly bcc?: string;
  /** Received at this moment or later. */
  readonly after?: Instant;
  /** Received before this moment. */
  readonly before?: Instant;
  readonly read?: boolean;
  /** Files hang on it, or none; pictures within a text may count. */
  readonly hasAttachment?: boolean;
  /** Each of these matches. */
  readonly all?: readonly MailCondition[];
  /** One of these matches at least; an empty list matches nothing. */
  readonly any?: readonly MailCondition[];
  readonly not?: MailCondition;
}

/** A condition, and where to look. @public */
export interface MailQuery extends MailCondition {
  /** Absent: all mail folders. */
  readonly folderIds?: readonly string[];
  /** Also in the folders below. */
  readonly deep?: boolean;
}

/** Newest first. @public */
export interface MailHits {
  readonly hits: readonly { folderId: string; id: string }[];
  /**
   * How many mails match. A backend that would have to look at the whole mailbox to know says how many it has found:
   * more than `offset + hits.length` when there are more.
   */
  readonly total: number;
}

/** The user's answers to invitations. @public */
export interface Invitations {
  /**
   * Records the answer in the user's calendar.
   *
   * @param answer - `occurrence`: `originalStart` of one occurrence; absent: the whole item
   */
  respond(
    folder: FolderRef,
    id: string,
    answer: { status: ParticipationStatus; comment?: string; occurrence?: Instant },
    options: Cancellable & { notify: boolean },
  ): Promise<WrittenItem>;
  /** The appointment with this UID in any of the user's calendars. */
  findByUid(uid: string, options: Cancellable): Promise<{ folder: FolderRef; id: string } | undefined>;
  /** Brings a received iTIP message (text/calendar) into the calendar. @returns the item that it made or changed */
  apply(calendar: string, options: Cancellable): Promise<{ folder: FolderRef; id: string } | undefined>;
}

/** An entry of an address list. @public */
export interface DirectoryEntry {
  readonly kind: 'user' | 'group' | 'resource' | 'contact';
  readonly displayName: string;
  readonly address: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly alias?: string;
  readonly title?: string;
  readonly company?: string;
  readonly department?: string;
  readonly office?: string;
  readonly businessPhone?: string;
  readonly homePhone?: string;
  readonly mobilePhone?: string;
  /** Addresses of a group's members. */
  readonly members?: readonly Mailbox[];
}

/** The people of the groupware. @public */
export interface Directory {
  /** Global address list; with `contacts` also the user's own contacts. Prefix match, sorted by display name. */
  search(
    text: string,
    options: Cancellable & { offset: number; limit: number; contacts?: boolean },
  ): Promise<{ entries: readonly DirectoryEntry[]; total: number }>;
  /** @returns undefined when there is none */
  picture(address: string, options: Cancellable): Promise<{ contentType: string; data: Uint8Array } | undefined>;
  /**
   * Certificates for mails to this address (X.509, DER), the best one first. Absent where the backend keeps none.
   */
  certificates?(address: string, options: Cancellable): Promise<readonly Uint8Array[]>;
}

/** A stretch of somebody's time. @public */
export interface BusyPeriod {
  readonly start: Instant;
  readonly end: Instant;
  readonly status: 'tentative' | 'busy' | 'away';
}

/** When people have time. @public */
export interface FreeBusy {
  /** @returns one list per address in order; undefined: no data for that address */
  query(
    addresses: readonly string[],
    range: { start: Instant; end: Instant },
    options: Cancellable,
  ): Promise<(readonly BusyPeriod[] | undefined)[]>;
}

/** An automatic answer. @public */
export interface OutOfOffice {
  readonly state: 'off' | 'on' | 'scheduled';
  readonly start?: Instant;
  readonly end?: Instant;
  readonly subject?: string;
  /** Plain text. */
  readonly message: string;
}

/** The user's automatic answer. @throws GroupwareError UNAVAILABLE @public */
export interface OutOfOfficeSettings {
  /** As it is now. */
  get(options: Cancellable): Promise<OutOfOffice>;
  /** Replaces it as a whole. */
  set(value: OutOfOffice, options: Cancellable): Promise<void>;
}
