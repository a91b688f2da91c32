import { convert } from 'html-to-text';
import { decodeFlowed } from 'libmime';
import { decode as decodeQuotedPrintable } from 'libqp';
import iconv from 'iconv-lite';
import type { Part } from './message';

/** The bytes of a part's body without its transfer encoding. RFC 2045. */
export function decodeBody(part: Pick<Part, 'encoding'>, body: Buffer): Buffer {
  if (part.encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  if (part.encoding === 'quoted-printable') return decodeQuotedPrintable(body.toString('latin1'));
  return body;
}

/** The text of a part. An unknown charset is read as Latin-1, so that nothing is lost of what is ASCII. */
export function decodeText(part: Part, body: Buffer): string {
  const bytes = decodeBody(part, body);
  const charset = part.charset ?? 'utf-8';
  const text = iconv.decode(bytes, iconv.encodingExists(charset) ? charset : 'latin1');
  return part.flowed ? decodeFlowed(text, part.delSp ?? false) : text;
}

/** Readable text of HTML, links kept, pictures left out. */
export function htmlToText(html: string): string {
  return convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { ignoreHref: true } },
    ],
  });
}

/** Plain text as HTML: what the original puts into `content` of a text part for browsers. */
export function textToHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r?\n/g, '<br>');
}
