import PostalMime from 'postal-mime';
import type { Message } from '../../model/message';
import type { AttachmentInfo, Body, Mailbox } from '../../model/values';

/** What was found in a source: the record, and the attachments' bytes by id. */
export interface ParsedSource {
  readonly message: Omit<Message, 'read'>;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Reads an RFC 5322 source into the record that a groupware would deliver for it. */
export async function parseSource(source: Uint8Array): Promise<ParsedSource> {
  const mail = await PostalMime.parse(Buffer.from(source), { attachmentEncoding: 'arraybuffer' });
  const header = (name: string): string | undefined => mail.headers.find(({ key }) => key === name)?.value;
  const files = new Map<string, Uint8Array>();
  const attachments: AttachmentInfo[] = [];
  let calendar: string | undefined;
  for (const part of mail.attachments) {
    const bytes = new Uint8Array(part.content as ArrayBuffer);
    if (part.mimeType === 'text/calendar') calendar ??= Buffer.from(bytes).toString('utf8');
    const info = attachmentInfo(String(attachments.length + 2), part, bytes.length);
    attachments.push(info);
    files.set(info.id, bytes);
  }
  const bodies: Body[] = [];
  if (mail.text !== undefined) bodies.push({ format: 'text', content: mail.text.replaceAll('\r\n', '\n') });
  if (mail.html !== undefined) bodies.push({ format: 'html', content: mail.html.replaceAll('\r\n', '\n') });
  const message = {
    subject: mail.subject,
    from: mailboxes(mail.from && [mail.from]),
    to: mailboxes(mail.to),
    cc: mailboxes(mail.cc),
    bcc: mailboxes(mail.bcc),
    replyTo: mailboxes(mail.replyTo),
    sentAt: mail.date === undefined ? undefined : Date.parse(mail.date) || undefined,
    size: source.length,
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references?.split(/\s+/).filter(Boolean),
    threadIndex: header('thread-index'),
    importance: importanceOf(header('importance'), header('x-priority')),
    security: securityOf(header('content-type') ?? ''),
    bodies: bodies.length > 0 ? bodies : undefined,
    attachments: attachments.length > 0 ? attachments : undefined,
    calendar,
  };
  return { message: withoutUndefined(message), files };
}

function securityOf(contentType: string): Message['security'] {
  if (/^multipart\/signed|smime-type="?signed-data/i.test(contentType)) return 'signed';
  return /^multipart\/encrypted|^application\/(?:x-)?pkcs7-mime/i.test(contentType) ? 'encrypted' : undefined;
}

/** A plain source for a record that was given without one. */
export function composeSource(message: Partial<Message>): Uint8Array {
  const body = message.bodies?.[0];
  const lines = [
    addressLine('From', message.from),
    addressLine('To', message.to),
    addressLine('Cc', message.cc),
    message.subject === undefined ? '' : `Subject: ${encodedWord(message.subject)}`,
    message.messageId === undefined ? '' : `Message-ID: ${message.messageId}`,
    message.sentAt === undefined ? '' : `Date: ${new Date(message.sentAt).toUTCString()}`,
    'MIME-Version: 1.0',
    `Content-Type: text/${body?.format === 'html' ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Transfer-Encoding: 8bit',
  ].filter(Boolean);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${(body?.content ?? '').replaceAll(/\r?\n/g, '\r\n')}`, 'utf8');
}

/** The source with the header line `name` taken out. */
export function withoutHeader(source: Uint8Array, name: string): Uint8Array {
  const text = Buffer.from(source).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const header = text.slice(0, end).replace(new RegExp(`^${name}:.*(?:\\r?\\n[ \\t].*)*\\r?\\n`, 'gim'), '');
  return Buffer.from(header + text.slice(end), 'latin1');
}

interface MimePart {
  readonly filename: string | null;
  readonly mimeType: string;
  readonly disposition: string | null;
  readonly contentId?: string | undefined;
}

function attachmentInfo(id: string, part: MimePart, size: number): AttachmentInfo {
  return {
    id,
    fileName: part.filename ?? `part-${id}`,
    contentType: part.mimeType,
    size,
    ...(part.contentId !== undefined && { contentId: part.contentId.replace(/^<|>$/g, '') }),
    ...(part.disposition === 'inline' && { inline: true }),
    ...(part.mimeType === 'message/rfc822' && { message: true }),
  };
}

function mailboxes(list: readonly PostalMime.Address[] | undefined): Mailbox[] | undefined {
  const found = list?.flatMap((entry) => entry.group ?? [entry]);
  if (!found || found.length === 0) return undefined;
  return found.map(({ name, address }) => ({ ...(name && { name }), address }));
}

function importanceOf(importance?: string, priority?: string): Message['importance'] {
  if (importance?.toLowerCase() === 'high' || /^[12]/.test(priority ?? '')) return 'high';
  if (importance?.toLowerCase() === 'low' || /^[45]/.test(priority ?? '')) return 'low';
  return undefined;
}

function addressLine(name: string, list: readonly Mailbox[] | undefined): string {
  if (!list || list.length === 0) return '';
  return `${name}: ${list.map((one) => (one.name ? `${encodedWord(one.name)} <${one.address}>` : one.address)).join(', ')}`;
}

function encodedWord(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
