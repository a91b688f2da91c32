import { convert } from 'html-to-text';
import libmime from 'libmime';
import { decode as decodeQuotedPrintable } from 'libqp';
import iconv from 'iconv-lite';
import type { Part } from './message';

/** The bytes of a part's body without its transfer encoding. RFC 2045. */
export function decodeBody(part: Pick<Part, 'encoding'>, body: Buffer): Buffer {
  if (part.encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  if (part.encoding === 'quoted-printable') return decodeQuotedPrintable(body.toString('latin1'));
  return body;
}

/** Bytes of a body without its transfer encoding, found without decoding where that is possible. */
export function decodedSize(encoding: string | undefined, body: Buffer): number {
  if (encoding === 'quoted-printable') return decodeBody({ encoding }, body).length;
  if (encoding !== 'base64') return body.length;
  let characters = 0;
  for (const byte of body) if (byte > 0x20 && byte !== 0x3d) characters++;
  return Math.floor((characters * 3) / 4);
}

/** Decodes a body that comes in pieces. */
export function* decodeStream(part: Pick<Part, 'encoding'>, pieces: Iterable<Buffer>): Generator<Buffer> {
  if (part.encoding === 'quoted-printable') {
    yield decodeBody(part, Buffer.concat([...pieces]));
    return;
  }
  if (part.encoding !== 'base64') {
    yield* pieces;
    return;
  }
  let rest = '';
  for (const piece of pieces) {
    const text = rest + piece.toString('latin1').replace(/[^A-Za-z0-9+/]/g, '');
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    yield Buffer.from(text.slice(0, whole), 'base64');
  }
  if (rest !== '') yield Buffer.from(rest, 'base64');
}

/** The text of a part. An unknown charset is read as Latin-1, so that nothing is lost of what is ASCII. */
export function decodeText(part: Part, body: Buffer): string {
  const bytes = decodeBody(part, body);
  const charset = part.charset ?? 'utf-8';
  const text = iconv.decode(bytes, iconv.encodingExists(charset) ? charset : 'latin1');
  return part.flowed ? libmime.decodeFlowed(text, part.delSp ?? false) : text;
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
