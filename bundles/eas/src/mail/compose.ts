import { Readable } from 'node:stream';
import type { ByteStream } from '@oxtender/bundle-api';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Contents } from '../content/contents';
import type { Original } from './original';
import { parseMail } from './parse';
import { quoteOriginal } from './quote';
import { type MailSource, splitSource, streamSource } from './source';

/** A file for the new mail. */
export interface Enclosure {
  readonly fileName: string;
  readonly contentType: string;
  /** Read when the mail is written, one file after the other. */
  readonly content: ByteStream;
  readonly contentId?: string;
}

/** What goes below the user's words beside the original's. */
export interface Additions {
  readonly enclosures?: readonly Enclosure[];
  readonly calendar?: string | undefined;
}

const contentHeaders = [
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'mime-version',
];

/** Signed or encrypted mail must not be touched: it is sent as the device made it. */
export function isSealed({ headers }: MailSource): boolean {
  return /multipart\/signed|multipart\/encrypted|application\/(x-)?pkcs7-mime/i.test(headers.getFirst('content-type'));
}

/**
 * The device's mail with the original below it. Headers stay the device's own, but for those of the content and the
 * reference to the original. Files pass through; none is held in memory.
 */
export async function composeWithOriginal(
  written: MailSource,
  original: Original,
  contents: Contents,
  { enclosures = [], calendar }: Additions = {},
): Promise<MailSource> {
  const parsed = await parseMail(streamSource(written), contents);
  const { text, html } = quoteOriginal(parsed, original);
  const files = parsed.files.map((file) => ({ ...file, content: file.content.stream() }));
  const composed = new MailComposer({
    text,
    ...(html === undefined ? {} : { html }),
    ...(calendar === undefined ? {} : { alternatives: [calendarPart(calendar)] }),
    attachments: [...files, ...enclosures].map(({ fileName, contentType, content, contentId }) => ({
      filename: fileName,
      contentType,
      content: Readable.from(content, { objectMode: false }),
      ...(contentId ? { cid: contentId } : {}),
    })),
  })
    .compile()
    .createReadStream();
  return withContentOf(written, splitSource(await contents.store(composed)), original);
}

function calendarPart(calendar: string): { contentType: string; content: string } {
  const method = /^METHOD:(\w+)/im.exec(calendar)?.[1]?.toUpperCase() ?? 'REQUEST';
  return { contentType: `text/calendar; charset=utf-8; method=${method}`, content: calendar };
}

function withContentOf({ headers }: MailSource, composed: MailSource, original: Original): MailSource {
  for (const name of contentHeaders) {
    headers.remove(name);
    const value = composed.headers.getFirst(name);
    if (value) headers.add(name, value, Infinity);
  }
  if (original.messageId && !headers.getFirst('in-reply-to')) {
    headers.add('In-Reply-To', original.messageId, Infinity);
    const references = [...(original.references ?? []), original.messageId].join('\r\n ');
    if (!headers.getFirst('references')) headers.add('References', references, Infinity);
  }
  return { headers, body: composed.body };
}
