import type { Patch } from '@oxtender/bundle-api';
import { type Element, element, type Tag } from '../wbxml';
import { ItemError } from '../values/item-error';
import {
  type FieldContext,
  type FieldTable,
  type Read,
  type TableField,
  readApplicationData,
  writeApplicationData,
} from './field-table';
import { parseFlag, parseInteger } from './schema';
import type { VersionRange } from './versions';

/** Keys of `T` whose values are of type `V` and can take any `V`. */
export type KeyOf<T, V> = {
  [K in keyof T]-?: [NonNullable<T[K]>] extends [V] ? ([V] extends [NonNullable<T[K]>] ? K : never) : never;
}[keyof T];

/** Keys of `T` whose values are some of the texts `V`. */
export type KeyOfUnion<T, V extends string> = {
  [K in keyof T]-?: [V] extends [NonNullable<T[K]>] ? ([NonNullable<T[K]>] extends [V] ? K : never) : never;
}[keyof T];

/** What can be said of any field. */
export interface FieldOptions extends VersionRange {
  /** See {@link TableField.missing}. Default `clear`. */
  readonly missing?: TableField<unknown>['missing'];
}

/** Text. Empty text is not written; an empty element clears. */
export function text<T>(tag: Tag, key: KeyOf<T, string>, options: FieldOptions & { max?: number } = {}): TableField<T> {
  const { max = Infinity } = options;
  return simpleField(tag, key, options, {
    write: (value: string) => value || undefined,
    read: (read) => (read.length <= max ? read || null : invalid(tag)),
  });
}

/** A decimal integer; by default 0 to 4294967295. An empty element clears. */
export function integer<T>(
  tag: Tag,
  key: KeyOf<T, number>,
  options: FieldOptions & { min?: number; max?: number } = {},
): TableField<T> {
  const { min = 0, max = 0xffffffff } = options;
  return simpleField(tag, key, options, {
    write: (value: number) => String(value),
    read(read) {
      if (read.trim() === '') return null;
      const number = parseInteger(read);
      return number !== undefined && number >= min && number <= max ? number : invalid(tag);
    },
  });
}

/** `0` or `1`; an empty element is true. */
export function flag<T>(tag: Tag, key: KeyOf<T, boolean>, options: FieldOptions = {}): TableField<T> {
  return simpleField(tag, key, options, {
    write: (value: boolean) => (value ? '1' : '0'),
    read: (read) => parseFlag(read) ?? invalid(tag),
  });
}

/** Words of the record that are numbers on the wire: `coded(Calendar.BusyStatus, 'busyStatus', { free: 0, busy: 2 })`. */
export function coded<T, V extends string>(
  tag: Tag,
  key: KeyOfUnion<T, V>,
  codes: Readonly<Record<V, number>>,
  options: FieldOptions = {},
): TableField<T> {
  const words = new Map(Object.entries<number>(codes).map(([word, code]) => [code, word as V]));
  return simpleField(tag, key, options, {
    write: (value: V) => String(codes[value]),
    read(read) {
      if (read.trim() === '') return null;
      return words.get(parseInteger(read) ?? NaN) ?? invalid(tag);
    },
  });
}

/** Texts in a container: `textList(Contacts.Categories, Contacts.Category, 'categories')`. Empty lists are not written. */
export function textList<T>(
  tag: Tag,
  item: Tag,
  key: KeyOf<T, readonly string[]>,
  options: FieldOptions & { max?: number } = {},
): TableField<T> {
  const { max = Infinity } = options;
  return containerField(tag, key, options, {
    write: (values: readonly string[]) => values.map((value) => element(item, value)),
    read(read) {
      const values = read.children.filter((child) => child.tag === item).map((child) => child.text);
      return values.length > max ? invalid(tag) : values.length > 0 ? values : null;
    },
  });
}

/** One record in a container: `record(AirSyncBase.Location, 'location', locationFields)`. An empty container clears. */
export function record<T, K extends keyof T, C extends FieldContext = FieldContext>(
  tag: Tag,
  key: K,
  table: FieldTable<NonNullable<T[K]>, C>,
  options: FieldOptions = {},
): TableField<T, C> {
  return containerField<T, NonNullable<T[K]>, C>(tag, key, options, {
    write: (value, context) => writeApplicationData(table, value, context),
    read: (read, context) => (read.children.length > 0 ? readRecord(table, read, context) : null),
  });
}

/** Records in a container: `records(Calendar.Attendees, Calendar.Attendee, 'attendees', attendeeFields)`. */
export function records<T, R, C extends FieldContext = FieldContext>(
  tag: Tag,
  item: Tag,
  key: KeyOf<T, readonly R[]>,
  table: FieldTable<R, C>,
  options: FieldOptions & { max?: number } = {},
): TableField<T, C> {
  const { max = Infinity } = options;
  return containerField<T, readonly R[], C>(tag, key, options, {
    write: (values, context) => values.map((value) => element(item, writeApplicationData(table, value, context))),
    read(read, context) {
      const values = read.children.filter((child) => child.tag === item);
      if (values.length > max) return invalid(tag);
      return values.length > 0 ? values.map((child) => readRecord(table, child, context)) : null;
    },
  });
}

/** Refuses a value. The value itself is the user's and no matter for the log. @throws ItemError INVALID_VALUE */
export function invalid(tag: Tag): never {
  throw new ItemError('INVALID_VALUE', `${tag.namespace}:${tag.name} has a value that it may not have`);
}

interface TextCodec<V> {
  write(value: V): string | undefined;
  read(text: string): Read<V>;
}

function simpleField<T, V>(
  tag: Tag,
  key: keyof T,
  { since, until, missing = 'clear' }: FieldOptions,
  codec: TextCodec<V>,
): TableField<T> {
  return {
    tag,
    keys: [key],
    since,
    until,
    missing,
    write(item) {
      const value = item[key] as V | undefined;
      const written = value === undefined ? undefined : codec.write(value);
      return written === undefined ? undefined : element(tag, written);
    },
    read: (read) => patchOf<T>(key, codec.read(read.text)),
  };
}

interface ContainerCodec<V, C> {
  write(value: V, context: C): Element[];
  read(element: Element, context: C): Read<V>;
}

function containerField<T, V, C extends FieldContext = FieldContext>(
  tag: Tag,
  key: keyof T,
  { since, until, missing = 'clear' }: FieldOptions,
  codec: ContainerCodec<V, C>,
): TableField<T, C> {
  return {
    tag,
    keys: [key],
    since,
    until,
    missing,
    write(item, context) {
      const value = item[key] as V | undefined;
      const children = value === undefined ? [] : codec.write(value, context);
      return children.length > 0 ? element(tag, children) : undefined;
    },
    read: (read, context) => patchOf<T>(key, codec.read(read, context)),
  };
}

function patchOf<T>(key: keyof T, value: unknown): Patch<T> | undefined {
  return value === undefined ? undefined : ({ [key]: value } as Patch<T>);
}

/** A record of its own: what is empty in it is absent. */
function readRecord<R, C extends FieldContext>(table: FieldTable<R, C>, read: Element, context: C): R {
  const { patch } = readApplicationData(table, read, context);
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null)) as R;
}
