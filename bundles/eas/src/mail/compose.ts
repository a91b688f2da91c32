import { simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Readable } from 'node:stream';
import type { Original } from './original';
import { quoteOriginal } from './quote';
import { type MailSource, splitSource } from './source';

/** A file for the new mail. */
export interface Enclosure {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Readable;
  readonly contentId?: string;
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
 * reference to the original.
 */
export async function composeWithOriginal(
  written: MailSource,
  original: Original,
  { enclosures = [], calendar }: { enclosures?: readonly Enclosure[]; calendar?: string | undefined },
): Promise<MailSource> {
  const whole = Buffer.concat([written.headers.build(), written.body]);
  const parsed = await simpleParser(whole, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const { text, html } = quoteOriginal({ text: parsed.text, html: parsed.html || undefined }, original);
  const composed = await new MailComposer({
    text,
    ...(html === undefined ? {} : { html }),
    ...(calendar === undefined ? {} : { alternatives: [calendarPart(calendar)] }),
    attachments: [
      ...parsed.attachments.map((attachment) => ({
        filename: attachment.filename ?? 'attachment',
        contentType: attachment.contentType,
        content: attachment.content,
        ...(attachment.cid ? { cid: attachment.cid } : {}),
      })),
      ...enclosures.map(({ fileName, contentId, ...rest }) => ({
        ...rest,
        filename: fileName,
        ...(contentId ? { cid: contentId } : {}),
      })),
    ],
  })
    .compile()
    .build();
  return withContentOf(written, splitSource(composed), original);
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
