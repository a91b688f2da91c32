import type { Patch } from '@oxtender/bundle-api';
import type { Element, Tag } from '../wbxml';
import { isWithin, type ProtocolVersion, protocolVersions, type VersionRange } from './versions';

/** What every field may look at. Classes extend it with what their own fields need. */
export interface FieldContext {
  readonly version: ProtocolVersion;
}

/**
 * What an element becomes in a record: a value; `null`, cleared; `undefined`, nothing: the element is passed over as if
 * it had not been there, and the record keeps what it has.
 */
export type Read<V> = V | null | undefined;

/** What stands in one direction or the other for one element. Made by the functions of `fields.ts`, or by {@link field}. */
export interface TableField<T, C extends FieldContext = FieldContext> extends VersionRange {
  readonly tag: Tag;
  /** What the element speaks for in the record: cleared when a device leaves the element out to clear it. */
  readonly keys: readonly (keyof T)[];
  /**
   * What it means that a device leaves the element out of a whole item. `clear`, unless the device never supported it
   * (ghosted); `keep`: leaving out never clears; `clear-always`: the element cannot be ghosted.
   * [MS-ASCMD] "Supported"; [MS-ASCMD] "Change (Sync)".
   */
  readonly missing: 'clear' | 'clear-always' | 'keep';
  /** The element for the device; `undefined` for none. */
  write?(item: T, context: C): Element | undefined;
  /** What the device's element says. Absent: the element is for the device only and ignored in requests. */
  read?(element: Element, context: C): Patch<T> | undefined;
}

/** Elements of a class, in the order in which they are written. */
export interface FieldTable<T, C extends FieldContext = FieldContext> {
  readonly fields: readonly TableField<T, C>[];
  /** The fields of one version, in order. */
  of(version: ProtocolVersion): readonly TableField<T, C>[];
  /** The field of an element in a version. */
  field(tag: Tag, version: ProtocolVersion): TableField<T, C> | undefined;
}

/** What a device's ApplicationData says. */
export interface ReadData<T> {
  /** Of the elements that are there: values, and `null` for those that are empty. */
  readonly patch: Patch<T>;
  /** The elements that are there and known. */
  readonly present: ReadonlySet<Tag>;
}

/** Makes a table of its fields. */
export function fieldTable<T, C extends FieldContext = FieldContext>(
  fields: readonly TableField<T, C>[],
): FieldTable<T, C> {
  const byVersion = new Map(
    protocolVersions.map((version) => {
      const list = fields.filter((field) => isWithin(version, field));
      return [version, { list, byTag: new Map(list.map((field) => [field.tag, field])) }];
    }),
  );
  return {
    fields,
    of: (version) => byVersion.get(version)?.list ?? [],
    field: (tag, version) => byVersion.get(version)?.byTag.get(tag),
  };
}

/** A field whose two directions are given. */
export function field<T, C extends FieldContext = FieldContext>(
  definition: Omit<TableField<T, C>, 'missing'> & Partial<Pick<TableField<T, C>, 'missing'>>,
): TableField<T, C> {
  return { missing: 'clear', ...definition };
}

/** The elements of an item for a device of the context's version, in the table's order. */
export function writeApplicationData<T, C extends FieldContext>(
  table: FieldTable<T, C>,
  item: T,
  context: C,
): Element[] {
  const elements: Element[] = [];
  for (const field of table.of(context.version)) {
    const written = field.write?.(item, context);
    if (written) elements.push(written);
  }
  return elements;
}

/**
 * Reads a device's elements. Those that the table does not have in the context's version are passed over.
 *
 * @throws ItemError when a value is none that the element may have
 */
export function readApplicationData<T, C extends FieldContext>(
  table: FieldTable<T, C>,
  data: Element,
  context: C,
): ReadData<T> {
  const patch = {} as Record<keyof T, unknown>;
  const present = new Set<Tag>();
  for (const element of data.children) {
    const field = table.field(element.tag, context.version);
    if (!field) continue;
    present.add(element.tag);
    Object.assign(patch, field.read?.(element, context));
  }
  return { patch: patch as Patch<T>, present };
}

/**
 * The change that is meant when the device sends the whole item (up to 14.1, and classes other than Calendar): what it
 * left out is cleared, unless the field says otherwise or the element is ghosted.
 *
 * @param supported - elements that the device manages; `undefined`: all. What it does not manage stays as it is
 */
export function patchOfWholeItem<T, C extends FieldContext>(
  table: FieldTable<T, C>,
  { patch, present }: ReadData<T>,
  { version, supported }: { version: ProtocolVersion; supported?: ReadonlySet<Tag> | undefined },
): Patch<T> {
  const cleared = {} as Record<keyof T, null>;
  for (const field of table.of(version)) {
    if (!field.read || field.missing === 'keep' || present.has(field.tag)) continue;
    if (field.missing === 'clear' && supported && !supported.has(field.tag)) continue;
    for (const key of field.keys) cleared[key] = null;
  }
  return { ...cleared, ...patch };
}

/** The change that is meant when the device sends what it changed (16.x Calendar, mail): what it left out stays. */
export function patchOfChangedElements<T>({ patch }: ReadData<T>): Patch<T> {
  return patch;
}
