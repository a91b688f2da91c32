import type { Item } from '../../model/item';
import type { MessageFlags } from '../../model/message';
import type { Instant, ItemClass } from '../../model/values';
import type { Cancellable } from './calls';
import type { GroupwareError } from './groupware-error';

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
