import type { MessageFlags } from '../../model/message';
import type { Instant } from '../../model/values';
import type { ByteStream, Cancellable } from './calls';
import type { FolderRef, WrittenItem } from './items';

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
