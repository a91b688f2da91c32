import { createHash } from 'node:crypto';
import type { Instant } from '@oxtender/bundle-api';

/** What a mail says of the conversation that it is part of. */
export interface ConversationClues {
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  /** Header Thread-Index, base64. */
  readonly threadIndex?: string;
  readonly subject?: string;
  readonly sentAt?: Instant;
  readonly receivedAt?: Instant;
}

/** Thread-Index: one byte 1, five of the time, a GUID, five for each reply. [MS-OXOMSG] "PidTagConversationIndex". */
const threadIndex = { time: 1, guid: 6, replies: 22, reply: 5 } as const;

/**
 * 16 bytes that all mails of a conversation share, in whatever folder: of the id of the first mail, which every reply
 * names, where possible. [MS-ASEMAIL] "ConversationId".
 */
export function conversationId(mail: ConversationClues): Uint8Array {
  const first = mail.references?.[0] ?? mail.inReplyTo ?? mail.messageId;
  if (first !== undefined) return digest(`id ${first}`);
  const index = mail.threadIndex === undefined ? undefined : Buffer.from(mail.threadIndex, 'base64');
  if (index !== undefined && index.length >= threadIndex.replies) {
    return index.subarray(threadIndex.guid, threadIndex.replies);
  }
  return digest(`topic ${threadTopic(mail.subject ?? '').toLowerCase()}`);
}

/** The mail's place in its conversation: the time of the first mail, and five bytes for each reply. [MS-ASEMAIL] "ConversationIndex". */
export function conversationIndex(mail: ConversationClues): Uint8Array {
  const index = mail.threadIndex === undefined ? undefined : Buffer.from(mail.threadIndex, 'base64');
  if (index !== undefined && index.length >= threadIndex.replies) {
    return Buffer.concat([
      index.subarray(threadIndex.time, threadIndex.guid),
      index.subarray(threadIndex.replies, index.length - ((index.length - threadIndex.replies) % threadIndex.reply)),
    ]);
  }
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(fileTime(mail.sentAt ?? mail.receivedAt ?? 0));
  return time.subarray(1, 6);
}

/** The subject without `Re: `, `AW: `, `Fwd: `: up to three letters and a colon. [MS-OXCMSG] "Normalizing the Subject". */
export function threadTopic(subject: string): string {
  return subject.replace(/^\s*(?:[^\s\d:[\]]{1,3}(?:\[\d+\])?\s?:\s+)+/u, '').trim();
}

/** 100 ns units since 1601. */
function fileTime(instant: Instant): bigint {
  return (BigInt(Math.max(Math.trunc(instant), -11_644_473_600_000)) + 11_644_473_600_000n) * 10_000n;
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest().subarray(0, 16);
}
