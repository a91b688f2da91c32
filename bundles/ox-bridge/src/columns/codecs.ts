import { convert } from 'html-to-text';
import type { Body, Instant, PlainDate } from '@oxtender/bundle-api';
import type { Codec } from './column-table';

const day = 86_400_000;

/** What a server meant as text: numbers come from some versions. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}

/** The objects of a list: some servers leave null in the place of what is gone. */
export function objectsIn<T extends object>(value: unknown): readonly T[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is T => typeof one === 'object' && one !== null);
}

/** Text. An empty one says as much as none. */
export const text: Codec<string> = {
  decode: (value) => (value === '' ? undefined : textOf(value)),
  encode: (value) => value,
};

/** True or false; never a number or a text, which servers refuse. */
export const bool: Codec<boolean> = { decode: (value) => value === true, encode: (value) => value };

/** A number; a text in answers of some versions. */
export const int: Codec<number> = { decode: Number, encode: (value) => value };

/** A flag that is worth a word only when it is set. */
export const flag: Codec<boolean> = {
  decode: (value) => (value === true ? true : undefined),
  encode: (value) => value,
};

/** Time with `timezone=UTC`, and Timestamp. */
export const instant: Codec<Instant> = { decode: Number, encode: (value) => value };

/** Milliseconds of a moment that means a date: phones send their own midnight or noon, so the nearest day counts. */
export function roundToDay(value: Instant): Instant {
  return Math.round(value / day) * day;
}

/** Date: 00:00 UTC of the day. What is no time at all, or beyond all calendars, is no date. */
export const plainDate: Codec<PlainDate> = {
  decode: (value) => {
    const date = new Date(roundToDay(Number(value)));
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
  },
  encode: (value) => Date.parse(`${value.slice(0, 10)}T00:00:00Z`),
};

/** Categories, separated by commas. */
export const categories: Codec<readonly string[]> = {
  decode: (value) => {
    const list = textOf(value)
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    return list.length > 0 ? list : undefined;
  },
  encode: (value) => (value.length > 0 ? value.map((one) => one.replaceAll(',', ' ')).join(',') : null),
};

/** Notes of contacts, appointments and tasks are plain text. */
export const note: Codec<Body> = {
  decode: (value) => (value === '' ? undefined : { format: 'text', content: String(value).replaceAll('\r\n', '\n') }),
  encode: ({ format, content }) =>
    format === 'html' ? convert(content, { wordwrap: false }) : content.replaceAll('\r\n', '\n'),
};

/** A choice of words for numbers; unknown numbers mean nothing. The first word of a number is the one that is read. */
export function choice<W extends string>(words: readonly (readonly [W, unknown])[]): Codec<W> {
  const numbers = new Map(words);
  const wordOf = new Map(words.toReversed().map(([word, number]) => [number, word]));
  return { decode: (value) => wordOf.get(value), encode: (value) => numbers.get(value) };
}

/** One of several texts that share a field of the record, kept in a spare field of OX. */
export const textList: Codec<readonly string[]> = {
  decode: (value) => {
    const list = textOf(value).split('; ').filter(Boolean);
    return list.length > 0 ? list : undefined;
  },
  encode: (value) => (value.length > 0 ? value.join('; ') : null),
};
