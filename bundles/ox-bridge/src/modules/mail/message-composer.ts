import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import {
  type AttachmentInfo,
  type ByteStream,
  type Importance,
  isStoredContent,
  type Mailbox,
  type Message,
  type StoredContent,
} from '@oxtender/bundle-api';

/** A Message-ID by which a mail is found again; a key that is one is taken as it is. RFC 5322, "Identification Fields". */
export function messageIdOf(key: string): string {
  if (/^<[^<>\s]+>$/.test(key)) return key;
  return `<${key.replaceAll(/[^\w.+-]/g, '_')}@oxtender.invalid>`;
}

/** A file for a new message. */
export interface ComposedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array | StoredContent | ByteStream;
  readonly contentId?: string | undefined;
}

/** Those of a record's attachments that are new. */
export function newFiles(attachments: readonly AttachmentInfo[] | null = []): ComposedFile[] {
  return (attachments ?? []).flatMap(({ content, ...file }) => (content === undefined ? [] : [{ ...file, content }]));
}

/** The source of a record that has none: a draft that a device wrote. */
export function compose(
  message: Partial<Message>,
  from: Mailbox,
  messageId: string,
  files: readonly ComposedFile[] = [],
): ByteStream {
  const body = (format: 'text' | 'html'): string | undefined =>
    message.bodies?.find((one) => one.format === format)?.content;
  const composer = new MailComposer({
    from: addresses(message.from ?? [from]),
    to: addresses(message.to),
    cc: addresses(message.cc),
    bcc: addresses(message.bcc),
    replyTo: addresses(message.replyTo),
    subject: message.subject,
    inReplyTo: message.inReplyTo,
    references: message.references ? [...message.references] : undefined,
    ...(message.sentAt !== undefined && { date: new Date(message.sentAt) }),
    headers: importanceHeaders[message.importance ?? 'normal'],
    text: body('text'),
    html: body('html'),
    messageId,
    attachments: files.map(({ fileName, contentType, content, contentId }) => ({
      filename: fileName,
      contentType,
      content: contentOf(content),
      ...(contentId !== undefined && { cid: contentId }),
    })),
  });
  const node = composer.compile();
  node.keepBcc = true;
  return node.createReadStream();
}

/** The composer reads a stream when its turn comes. */
function contentOf(content: ComposedFile['content']): Buffer | Readable {
  if (content instanceof Uint8Array) return Buffer.from(content);
  return Readable.from(isStoredContent(content) ? content.stream() : content, { objectMode: false });
}

/** The composer has no word of its own for it. Clients read the one or the other. */
const importanceHeaders: Readonly<Record<Importance, Readonly<Record<string, string>>>> = {
  high: { 'X-Priority': '1 (Highest)', Importance: 'High' },
  normal: {},
  low: { 'X-Priority': '5 (Lowest)', Importance: 'Low' },
};

function addresses(list: readonly Mailbox[] | undefined): { name: string; address: string }[] | undefined {
  return list?.map(({ name = '', address }) => ({ name, address }));
}
