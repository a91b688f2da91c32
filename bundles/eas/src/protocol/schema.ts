import type { Instant } from '@oxtender/bundle-api';
import {
  type Element,
  type Tag,
  WbxmlError,
  WbxmlReader,
  type DecodeLimits,
  type DocumentInput,
  type StoredBytes,
  readElement,
} from '../wbxml';
import { parseDateTime } from '../values/date-time';
import { MalformedRequest, type MalformedRequestCode } from './malformed-request';

/**
 * What stands inside an element: how it is read from the decoder, checked, and typed. Schemas are made by the functions
 * of this file, once per command, and read a request in one pass without a tree between.
 */
export interface Content<T> {
  /** Reads the element `tag` that the reader has just opened, and closes it. */
  readContent(reader: WbxmlReader, tag: Tag): T;
}

/** A kind of child element and its meaning in the element that it stands in. */
export interface Field<T> {
  /** The elements that belong to the field; more than one for {@link choice}. */
  readonly tags: readonly Tag[];
  /** Elements may come again: `readField` then is given what it returned before. */
  readonly repeatable: boolean;
  /** What holds when there is no such element; without it, the element is required. */
  readonly absent?: { readonly value: T };
  /** Reads the element `tag` that the reader has just opened, and closes it. Never gives `undefined`. */
  readField(reader: WbxmlReader, tag: Tag, before: T | undefined): T;
}

/** Anything that can stand in an element: members in an {@link object}, or one field alone. */
export type Shape<T> = Content<T> | Field<T>;

/** The type that a schema yields. */
export type Infer<S> = S extends Field<infer T> ? T : S extends Content<infer T> ? T : never;

type Fields = Readonly<Record<string, Field<unknown>>>;
type Members<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };
type Alternative<F extends Fields> = {
  [K in keyof F]: { readonly kind: K; readonly value: Infer<F[K]> };
}[keyof F];

export interface ObjectOptions {
  /** `strict`: elements must come in the order of the fields. Default `any`. */
  readonly order?: 'any' | 'strict';
  /** What becomes of elements that are no field. Default `refuse`. */
  readonly unknown?: 'refuse' | 'skip';
}

/**
 * Reads a document.
 *
 * @throws WbxmlError when the bytes cannot be decoded
 * @throws MalformedRequest when the document breaks the schema
 */
export function readDocument<T>(
  bytes: Uint8Array | DocumentInput,
  root: Tag,
  shape: Shape<T>,
  limits?: DecodeLimits,
): T {
  const reader = new WbxmlReader(bytes, limits);
  try {
    const tag = reader.root();
    if (tag !== root) throw new MalformedRequest('UNEXPECTED_ELEMENT', tag.name, `expected ${root.name}`);
    const request = contentOf(shape).readContent(reader, root);
    reader.finish();
    return request;
  } catch (error) {
    if (error instanceof WbxmlError && error.code === 'UNEXPECTED_CONTENT') {
      throw new MalformedRequest('UNEXPECTED_CONTENT', error.path, error.message, { cause: error });
    }
    throw error;
  }
}

/** Elements with names of their own. Every key of the result is there; absent optional ones hold `undefined`. */
export function object<F extends Fields>(fields: F, options: ObjectOptions = {}): Content<Members<F>> {
  const members = Object.entries(fields).map(([name, field], index) => ({ name, field, index }));
  const byTag = new Map(members.flatMap((member) => member.field.tags.map((tag) => [tag, member] as const)));
  const { order = 'any', unknown = 'refuse' } = options;

  return {
    readContent(reader, tag) {
      const values = new Array<unknown>(members.length);
      let last = 0;
      for (let child = reader.nextChild(); child; child = reader.nextChild()) {
        const member = byTag.get(child);
        if (!member) {
          if (unknown === 'refuse') throw violation('UNEXPECTED_ELEMENT', reader.path, 'not expected here');
          reader.skip();
          continue;
        }
        const { field, index } = member;
        const before = values[index];
        if (order === 'strict' && index < last) throw violation('WRONG_ORDER', reader.path, 'stands too late');
        if (before !== undefined && !field.repeatable) throw violation('REPEATED_ELEMENT', reader.path, 'stands twice');
        values[index] = field.readField(reader, child, before);
        last = index;
      }
      const result: Record<string, unknown> = {};
      for (const { name, field, index } of members) {
        result[name] = values[index] ?? valueOfAbsent(field, reader, tag);
      }
      return result as Members<F>;
    },
  };
}

function valueOfAbsent({ absent, tags }: Field<unknown>, reader: WbxmlReader, parent: Tag): unknown {
  if (absent) return absent.value;
  throw violation('MISSING_ELEMENT', join(join(reader.path, parent), tags[0]), 'missing');
}

/** An element that holds other elements. */
export function container<T>(tag: Tag, shape: Shape<T>): Field<T> {
  const content = contentOf(shape);
  return field([tag], (reader) => content.readContent(reader, tag));
}

/** An element that may be missing. */
export function optional<T>(of: Field<T>): Field<T | undefined>;
/** @param fallback - what holds then */
export function optional<T>(of: Field<T>, fallback: T): Field<T>;
export function optional<T>(of: Field<T>, fallback?: T): Field<T | undefined> {
  return { ...of, absent: { value: fallback } };
}

/** Elements of one field, any number, in document order: `many(text(Settings.To))`, `many(choice({ ... }))`. */
export function many<T>(of: Field<T>, limits?: ManyLimits): Field<readonly T[]>;
/** Short for `many(container(tag, shape))`. */
export function many<T>(of: Tag, shape: Shape<T>, limits?: ManyLimits): Field<readonly T[]>;
export function many<T>(of: Field<T> | Tag, second?: Shape<T> | ManyLimits, third?: ManyLimits): Field<readonly T[]> {
  const item = 'tags' in of ? of : container(of, second as Shape<T>);
  const { min = 0, max = Infinity } = ('tags' in of ? (second as ManyLimits | undefined) : third) ?? {};
  return {
    tags: item.tags,
    repeatable: true,
    ...(min === 0 ? { absent: { value: [] } } : {}),
    readField(reader, tag, before) {
      const items = (before ?? []) as T[];
      if (items.length >= max) throw violation('TOO_MANY_ELEMENTS', reader.path, `more than ${max}`);
      items.push(item.readField(reader, tag, undefined));
      return items;
    },
  };
}

export interface ManyLimits {
  /** 0 or 1. */
  readonly min?: 0 | 1;
  readonly max?: number;
}

/** One of several elements, told apart by `kind`; in {@link many}, a list of them in document order. */
export function choice<F extends Fields>(alternatives: F): Field<Alternative<F>> {
  const byTag = new Map(
    Object.entries(alternatives).flatMap(([kind, of]) => of.tags.map((tag) => [tag, { kind, of }] as const)),
  );
  return field([...byTag.keys()], (reader, tag) => {
    const alternative = byTag.get(tag);
    return { kind: alternative?.kind, value: alternative?.of.readField(reader, tag, undefined) } as Alternative<F>;
  });
}

/** Text. Lengths in characters. */
export function text(tag: Tag, { min = 0, max = Infinity }: { min?: number; max?: number } = {}): Field<string> {
  return value(tag, (read) => (read.length >= min && read.length <= max ? read : undefined));
}

/** A decimal integer; by default 0 to 4294967295. */
export function integer(tag: Tag, { min = 0, max = 0xffffffff }: { min?: number; max?: number } = {}): Field<number> {
  return value(tag, (read) => {
    const number = parseInteger(read);
    return number !== undefined && number >= min && number <= max ? number : undefined;
  });
}

/** `1` or an empty element is true, `0` is false. [MS-ASDTYPE] "boolean Data Type". */
export function flag(tag: Tag): Field<boolean> {
  return value(tag, parseFlag);
}

/** One of some texts or numbers, typed as their union. */
export function oneOf<const V extends string | number>(tag: Tag, values: readonly V[]): Field<V> {
  const byText = new Map(values.map((allowed) => [String(allowed), allowed]));
  return value(tag, (read) => byText.get(read.trim()));
}

/** A moment, in either of the two forms. */
export function dateTime(tag: Tag): Field<Instant> {
  return value(tag, parseDateTime, 'INVALID_DATE');
}

/** Bytes; a view of the request's body. Text is given as its UTF-8 bytes. */
export function opaque(tag: Tag): Field<Uint8Array> {
  return field([tag], (reader) => reader.bytes());
}

/** As {@link opaque}, for what may be large: it stays where it was stored, which holds as long as the request. */
export function stored(tag: Tag): Field<StoredBytes> {
  return field([tag], (reader) => reader.stored());
}

/** The element with all that is in it, unread: ApplicationData, which is read once the class is known. */
export function tree(tag: Tag): Field<Element> {
  return field([tag], (reader) => readElement(reader, tag));
}

/** A field of text with a meaning: `parse` returns `undefined` for what is none of the allowed values. */
export function value<T>(
  tag: Tag,
  parse: (text: string) => T | undefined,
  code: MalformedRequestCode = 'INVALID_VALUE',
): Field<T> {
  return field([tag], (reader) => {
    const read = reader.text();
    const parsed = parse(read);
    if (parsed === undefined) throw violation(code, join(reader.path, tag), `'${read.slice(0, 80)}' is not allowed`);
    return parsed;
  });
}

/** Decimal text without fraction, or `undefined`. */
export function parseInteger(read: string): number | undefined {
  return /^\s*[+-]?\d{1,15}\s*$/.test(read) ? Number(read) : undefined;
}

/** See {@link flag}. */
export function parseFlag(read: string): boolean | undefined {
  const trimmed = read.trim();
  return trimmed === '' || trimmed === '1' ? true : trimmed === '0' ? false : undefined;
}

function field<T>(tags: readonly Tag[], readField: (reader: WbxmlReader, tag: Tag) => T): Field<T> {
  return { tags, repeatable: false, readField };
}

function contentOf<T>(shape: Shape<T>): Content<T> {
  if ('readContent' in shape) return shape;
  const content = object({ only: shape });
  return { readContent: (reader, tag) => content.readContent(reader, tag).only };
}

function violation(code: MalformedRequestCode, path: string, message: string): MalformedRequest {
  return new MalformedRequest(code, path, message);
}

function join(path: string, tag: Tag | undefined): string {
  return path === '' ? (tag?.name ?? '') : `${path}/${tag?.name ?? ''}`;
}
