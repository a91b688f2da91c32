import type { StoredContent } from './stored-content';

/** A moment: milliseconds since 1970-01-01T00:00:00Z. @public */
export type Instant = number;

/** A calendar date without time or zone: `2026-11-22`. @public */
export type PlainDate = string;

/** IANA name of a time zone: `Europe/Berlin`. @public */
export type TimeZoneId = string;

/** Kinds of item. The words are those of Exchange ActiveSync. @public */
export type ItemClass = 'Email' | 'Contacts' | 'Calendar' | 'Tasks' | 'Notes';

/** All of them, in the order of the documents. @public */
export const itemClasses: readonly ItemClass[] = ['Email', 'Contacts', 'Calendar', 'Tasks', 'Notes'];

/** How private an item is. iCalendar CLASS; [MS-ASCAL] "Sensitivity". @public */
export type Sensitivity = 'normal' | 'personal' | 'private' | 'confidential';

/** How urgent an item is. [MS-ASEMAIL] "Importance". @public */
export type Importance = 'low' | 'normal' | 'high';

/** A person or list with a mail address. @public */
export interface Mailbox {
  readonly name?: string;
  /** `local@domain`; empty when the source had none that parses. */
  readonly address: string;
}

/**
 * The text of an item in one form.
 *
 * @public
 */
export interface Body {
  readonly format: 'text' | 'html';
  readonly content: string;
  /** Bytes of the whole text in UTF-8 when `content` was cut; absent when it is whole. */
  readonly fullSize?: number;
}

/** A file that hangs on an item; the bytes are read apart. @public */
export interface AttachmentInfo {
  /** Opaque, unique in the item, stable as long as the item's version. */
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  /** Bytes; an estimate for mails (decoded size). */
  readonly size: number;
  /** Without angle brackets. */
  readonly contentId?: string;
  readonly contentLocation?: string;
  /** Shown inside the body. */
  readonly inline?: boolean;
  /** True when the attachment is a message (message/rfc822). */
  readonly message?: boolean;
  /**
   * Its bytes: only in an item that is created and in a patch, where they make the attachment a new one, whose `id` means
   * nothing yet. A patch names all attachments: those that it leaves out are removed.
   */
  readonly content?: Uint8Array | StoredContent;
}

/**
 * Repetition of an appointment or task, in the item's time zone. Mirrors what EAS and iCalendar share.
 *
 * @public
 */
export interface Recurrence {
  readonly frequency: 'daily' | 'weekly' | 'monthly' | 'yearly';
  /** From 1. */
  readonly interval: number;
  /**
   * Bits: 1 Sunday, 2 Monday, 4 Tuesday, 8 Wednesday, 16 Thursday, 32 Friday, 64 Saturday. Weekly: the days;
   * with `weekOfMonth`: the weekday or set of days of which the nth counts; daily: only on these days.
   */
  readonly daysOfWeek?: number;
  /** 1 to 31. */
  readonly dayOfMonth?: number;
  /** 1 to 5, 5 = last. */
  readonly weekOfMonth?: number;
  /** 1 to 12. */
  readonly month?: number;
  /** Last day on which an occurrence may begin. Never together with `occurrences`. */
  readonly until?: PlainDate;
  readonly occurrences?: number;
  /** 0 Sunday to 6 Saturday; default Monday (1). */
  readonly firstDayOfWeek?: number;
}

/**
 * A partial change: an absent key leaves the field as it is, `null` clears it.
 *
 * @public
 */
export type Patch<T> = { readonly [K in keyof T]?: T[K] | null };
