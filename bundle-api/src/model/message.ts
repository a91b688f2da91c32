import type { AttachmentInfo, Body, Importance, Instant, Mailbox } from './values';

/** Follow-up flag. @public */
export interface FollowUp {
  readonly status: 'active' | 'complete';
  /** Text such as `for Follow Up`. */
  readonly flagType?: string;
  /** As {@link Task.start}: dates are 00:00 UTC. */
  readonly start?: Instant;
  readonly due?: Instant;
  readonly reminder?: Instant;
  readonly completedAt?: Instant;
  readonly subject?: string;
}

/** What of a mail can change after it was stored. @public */
export interface MessageFlags {
  readonly read: boolean;
  readonly followUp?: FollowUp;
  readonly answered?: boolean;
  readonly forwarded?: boolean;
  readonly categories?: readonly string[];
}

/** What protects or signs a mail. @public */
export type MessageSecurity = 'none' | 'signed' | 'encrypted';

/**
 * A mail. The source (RFC 5322) is the truth and is read apart as a stream; this record is what clients list.
 *
 * @public
 */
export interface Message extends MessageFlags {
  readonly subject?: string;
  readonly from?: readonly Mailbox[];
  readonly sender?: Mailbox;
  readonly to?: readonly Mailbox[];
  readonly cc?: readonly Mailbox[];
  readonly bcc?: readonly Mailbox[];
  readonly replyTo?: readonly Mailbox[];
  readonly receivedAt?: Instant;
  readonly sentAt?: Instant;
  readonly importance?: Importance;
  readonly draft?: boolean;
  /** Bytes of the source. */
  readonly size?: number;
  /** With angle brackets, as in the header. With the content of a draft a patch may give another. */
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  /** Header Thread-Index, base64. */
  readonly threadIndex?: string;
  readonly security?: MessageSecurity;
  /** The forms that were asked for and that the mail has; HTML and text of one mail may both be here. */
  readonly bodies?: readonly Body[];
  /** The whole source, when `source` was asked for and it is not larger than the limit asked for. */
  readonly source?: Uint8Array;
  readonly attachments?: readonly AttachmentInfo[];
  /** The first text/calendar part, undecoded iCalendar text. */
  readonly calendar?: string;
  /** True for a delivery status notification. */
  readonly report?: boolean;
}
