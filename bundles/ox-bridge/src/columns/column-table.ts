import type { Patch } from '@oxtender/bundle-api';

/** A record under construction. */
export type Draft<M> = { -readonly [K in keyof M]?: M[K] };

/** Fields of an OX object by name, as bodies carry them. */
export type OxBody = Record<string, unknown>;

/** How one value is written in JSON. `decode` answers undefined for what means nothing. */
export interface Codec<V> {
  decode(value: unknown): V | undefined;
  encode(value: V): unknown;
}

/** A column by its number and its name. */
export type ColumnName = readonly [id: number, name: string];

/**
 * Columns that together make fields of a record, in both directions. `Context` is what values mean something
 * relative to: the user, the folder.
 */
export interface ColumnMapping<M, Context> {
  readonly columns: readonly ColumnName[];
  /** Fields of the record that {@link ColumnMapping.write} looks at. */
  readonly keys: readonly (keyof M)[];
  /** Not known to all servers: left out where the server refuses it. */
  readonly optional?: boolean;
  /** @param row - holds the columns' values from `at` on; null and undefined both mean that nothing is there */
  read(row: readonly unknown[], at: number, record: Draft<M>, context: Context): void;
  /** Called only when the patch has one of the keys; `null` clears. */
  write(patch: Patch<M>, body: OxBody, context: Context): void;
}

/** One column, one field. */
export function column<M, K extends keyof M & string, Context = unknown>(
  [id, name]: ColumnName,
  key: K,
  codec: Codec<NonNullable<M[K]>>,
  optional = false,
): ColumnMapping<M, Context> {
  return {
    columns: [[id, name]],
    keys: [key],
    optional,
    read(row, at, record) {
      const value = row[at];
      if (value === null || value === undefined) return;
      const decoded = codec.decode(value);
      if (decoded !== undefined) record[key] = decoded;
    },
    write(patch, body) {
      const value = patch[key];
      body[name] = value === null ? null : codec.encode(value as NonNullable<M[K]>);
    },
  };
}

/** A mapping for fields that only the server writes. */
export function readOnly<M, Context>(mapping: ColumnMapping<M, Context>): ColumnMapping<M, Context> {
  return { ...mapping, keys: [] };
}

/**
 * All columns of a class: reads rows of lists and objects of `get`, and writes bodies of `new` and `update`.
 */
export class ColumnTable<M, Context = unknown> {
  /** Numbers of the columns, in the order in which {@link ColumnTable.readRow} wants them. */
  readonly columns: readonly number[];
  readonly #names: readonly string[];
  readonly #fieldsOf: ReadonlyMap<string, readonly (keyof M)[]>;
  /** Each mapping, and where in a row its columns begin. */
  readonly #places: readonly { readonly mapping: ColumnMapping<M, Context>; readonly begin: number }[];
  readonly #lists = new Map<string, string>();
  #withoutOptional: ColumnTable<M, Context> | undefined;

  constructor(readonly mappings: readonly ColumnMapping<M, Context>[]) {
    const all = mappings.flatMap(({ columns }) => columns);
    this.columns = all.map(([id]) => id);
    this.#names = all.map(([, name]) => name);
    this.#fieldsOf = new Map(mappings.flatMap(({ columns, keys }) => columns.map(([, name]) => [name, keys] as const)));
    let end = 0;
    this.#places = mappings.map((mapping) => {
      const begin = end;
      end += mapping.columns.length;
      return { mapping, begin };
    });
  }

  /** The table without the columns that not all servers know. */
  withoutOptional(): ColumnTable<M, Context> {
    this.#withoutOptional ??= new ColumnTable(this.mappings.filter(({ optional }) => optional !== true));
    return this.#withoutOptional;
  }

  /** All columns as a call names them, behind those that the caller wants first; made once for each `lead`. */
  listBehind(lead: string): string {
    let list = this.#lists.get(lead);
    if (list === undefined) this.#lists.set(lead, (list = `${lead},${this.columns.join()}`));
    return list;
  }

  /** @param offset - where in the row this table's columns begin */
  readRow(row: readonly unknown[], offset: number, context: Context): Draft<M> {
    const record: Draft<M> = {};
    for (const { mapping, begin } of this.#places) mapping.read(row, offset + begin, record, context);
    return record;
  }

  readObject(object: OxBody, context: Context): Draft<M> {
    return this.readRow(
      this.#names.map((name) => object[name]),
      0,
      context,
    );
  }

  writeBody(patch: Patch<M>, context: Context): OxBody {
    const body: OxBody = {};
    for (const mapping of this.mappings)
      if (mapping.keys.some((key) => patch[key] !== undefined)) mapping.write(patch, body, context);
    return body;
  }

  /** Name of a column; undefined when the table has no such column. */
  nameOf(id: number): string | undefined {
    return this.#names[this.columns.indexOf(id)];
  }

  /** Fields of the record that the column is part of. */
  fieldsOf(name: string): readonly string[] {
    return (this.#fieldsOf.get(name) ?? []).map(String);
  }
}
