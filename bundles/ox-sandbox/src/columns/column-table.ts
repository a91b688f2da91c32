import type { Column } from './column';

/** The columns of a module, by number and by name. */
export class ColumnTable {
  readonly #byId: ReadonlyMap<number, Column>;
  readonly #byName: ReadonlyMap<string, Column>;
  readonly #parsed = new Map<string, readonly (Column | undefined)[]>();

  constructor(readonly columns: readonly Column[]) {
    this.#byId = new Map(columns.flatMap((column) => (column.id === undefined ? [] : [[column.id, column] as const])));
    this.#byName = new Map(columns.map((column) => [column.name, column]));
  }

  /** Columns that lie in the object's table. */
  get stored(): Column[] {
    return this.columns.filter((column) => column.sql === undefined);
  }

  byName(name: string): Column | undefined {
    return this.#byName.get(name);
  }

  byId(id: number): Column | undefined {
    return this.#byId.get(id);
  }

  /** The value of `columns=`: unknown numbers are undefined, a trailing comma is tolerated. */
  parse(list: string): readonly (Column | undefined)[] {
    let columns = this.#parsed.get(list);
    if (!columns) {
      columns = list
        .split(',')
        .filter((id) => id.trim() !== '')
        .map((id) => this.#byId.get(Number(id)));
      if (this.#parsed.size < 1000) this.#parsed.set(list, columns);
    }
    return columns;
  }
}
