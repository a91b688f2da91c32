import { addressParser, decodeWords } from 'postal-mime';
import type { Mailbox, Message } from '@oxtender/bundle-api';
import type { Draft } from './column-table';

/** Headers that are asked for by name: OX tells them as they are, folded and encoded. */
export const headerNames = [
  'Message-ID',
  'In-Reply-To',
  'References',
  'Thread-Index',
  'Reply-To',
  'Sender',
  'Content-Type',
] as const;

/** Adds to a record what its headers tell; `values` are those of {@link headerNames}. */
export function readHeaders(values: readonly unknown[], record: Draft<Message>): void {
  const [messageId, inReplyTo, references, threadIndex, replyTo, sender, contentType] = values.map(unfolded);
  if (messageId) record.messageId = messageId;
  if (inReplyTo) record.inReplyTo = inReplyTo;
  if (references) record.references = references.split(/\s+/);
  if (threadIndex) record.threadIndex = threadIndex.replaceAll(/\s/g, '');
  const [from] = mailboxesOf(sender);
  if (from) record.sender = from;
  const answers = mailboxesOf(replyTo);
  if (answers.length > 0) record.replyTo = answers;
  const security = securityOf(contentType ?? '');
  if (security) record.security = security;
  if (/^multipart\/report\b.*report-type="?delivery-status/is.test(contentType ?? '')) record.report = true;
}

/** True when the type leaves only one text, which nothing hangs on. */
export function isPlainMail(contentType: unknown): boolean {
  return /^text\/(?:plain|html)\b/i.test(unfolded(contentType) ?? '');
}

function securityOf(contentType: string): Message['security'] {
  if (/^multipart\/signed/i.test(contentType)) return 'signed';
  if (/^multipart\/encrypted/i.test(contentType)) return 'encrypted';
  if (!/^application\/(?:x-)?pkcs7-mime/i.test(contentType)) return undefined;
  return /smime-type="?signed-data/i.test(contentType) ? 'signed' : 'encrypted';
}

function mailboxesOf(header: string | undefined): Mailbox[] {
  if (!header) return [];
  return addressParser(header, { flatten: true }).map(({ name, address }) => ({
    ...(name && { name: decodeWords(name) }),
    address: address ?? '',
  }));
}

/** A header that occurs several times counts with its first value. */
function unfolded(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first.replaceAll(/\r?\n(?=[ \t])/g, '').trim() : undefined;
}
