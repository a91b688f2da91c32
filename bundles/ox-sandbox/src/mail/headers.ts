import addressparser from 'nodemailer/lib/addressparser';
import libmime from 'libmime';
import type { Address } from './message';

/** The headers of a message in order, folded lines joined. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** Headers whose content is addresses or ids, not text: they are read before encoded words are decoded. */
const structured =
  /^(?:from|to|cc|bcc|sender|reply-to|disposition-notification-to|content-.*|message-id|references|in-reply-to)$/;

/** Reads a header block. RFC 5322, "Folded header fields". Bytes that are no UTF-8 are read as Latin-1. */
export function readHeaderLines(block: Buffer): HeaderLines {
  const utf8 = block.toString('utf8');
  const text = utf8.includes('�') ? block.toString('latin1') : utf8;
  return text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
    });
}

/** Headers by lower-case name, texts decoded; several of one name become an array. */
export function headerRecord(lines: HeaderLines): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [name, raw] of lines) {
    if (name === '__proto__') continue;
    const value = structured.test(name) ? raw : libmime.decodeWords(raw);
    const before = record[name];
    record[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return record;
}

/** The first header of this name; undefined when absent. */
export function firstHeader(lines: HeaderLines, name: string): string | undefined {
  return lines.find(([key]) => key === name)?.[1];
}

/** Addresses of all headers of this name, groups flattened. */
export function readAddresses(lines: HeaderLines, name: string): Address[] {
  return lines
    .filter(([key]) => key === name)
    .flatMap(([, value]) => addressparser(value, { flatten: true }))
    .filter(({ address, name: phrase }) => address !== '' || phrase !== '')
    .map(({ address, name: phrase }) => [phrase === '' ? null : libmime.decodeWords(phrase), address] as const);
}

/** The Date header in UTC milliseconds; null when it is no date. */
export function readDate(value: string | undefined): number | null {
  const milliseconds = value === undefined ? Number.NaN : Date.parse(value.replace(/\(.*\)/, '').trim());
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** Message ids in a header, without angle brackets. */
export function readIds(value: string | undefined): string[] {
  return [...(value ?? '').matchAll(/<([^<>\s]+)>/g)].map(([, id]) => id as string);
}
