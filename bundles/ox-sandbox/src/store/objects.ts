import type { SqlValue, Values } from '../columns/body';
import type { Column, Viewer } from '../columns/column';
import type { ColumnTable } from '../columns/column-table';
import type { ObjectModule } from '../columns/common';
import { objectSql, rowSql } from '../columns/select';
import type { Database } from './database';
import type { Filter } from './filter';

/** One row as it is stored. */
export type Stored = Record<string, SqlValue> & { id: number; folder: number; last_modified: number };

/** A row of an answer as JSON text, with the stamp that the envelope needs. */
export interface Rows {
  readonly rows: string[];
  /** Newest last_modified among them, 0 without rows. */
  readonly newest: number;
}

/**
 * The objects of one module. In SQL `t` is the object and `f` the place it is seen in: `f.folder`, `f.user`.
 * Answers are written as JSON by the database itself; nothing is built in between.
 */
export class Objects {
  #lastInsert = { key: '', sql: '' };

  constructor(
    readonly module: ObjectModule,
    readonly table: string,
    readonly columns: ColumnTable,
    protected readonly db: Database,
  ) {}

  /** What goes after FROM. */
  protected get source(): string {
    return `(SELECT id AS key, folder, 0 AS user, last_modified FROM ${this.table}) f JOIN ${this.table} t ON t.id = f.key`;
  }

  /** Rows of the columns, in the order asked for. */
  rows(columns: readonly (Column | undefined)[], viewer: Viewer, filter: Filter, order = ''): Rows {
    const sql = `SELECT ${rowSql(columns, viewer)} FROM ${this.source} ${filter.where} ${order}`;
    const rows = this.db.values<string>(sql, ...filter.parameters);
    if (rows.length === 0) return { rows, newest: 0 };
    return { rows, newest: this.newest(filter, order.includes('LIMIT') ? order : '') };
  }

  /** Newest last_modified among the objects that the filter lets through. */
  newest(filter: Filter, order = ''): number {
    const places = `SELECT f.last_modified FROM ${this.source} ${filter.where} ${order}`;
    const sql =
      order === ''
        ? places.replace('f.last_modified', 'max(f.last_modified)')
        : `SELECT max(last_modified) FROM (${places})`;
    return this.db.value<number>(sql, ...filter.parameters) ?? 0;
  }

  /** The object with all its fields as JSON text. */
  object(viewer: Viewer, filter: Filter): string | undefined {
    const sql = `SELECT ${objectSql(this.columns.columns, viewer)} FROM ${this.source} ${filter.where}`;
    return this.db.value<string>(sql, ...filter.parameters);
  }

  count(filter: Filter): number {
    return this.db.value<number>(`SELECT count(*) FROM ${this.source} ${filter.where}`, ...filter.parameters) ?? 0;
  }

  /** Ids of the objects that the filter lets through. */
  ids(filter: Filter): number[] {
    return this.db.values<number>(`SELECT t.id FROM ${this.source} ${filter.where}`, ...filter.parameters);
  }

  stored(id: number): Stored | undefined {
    return this.db.row<Stored>(`SELECT * FROM ${this.table} WHERE id = ?`, id);
  }

  /** Stored rows that the filter lets through. */
  storedRows(filter: Filter, order = ''): Stored[] {
    return this.db.rows<Stored>(`SELECT t.* FROM ${this.source} ${filter.where} ${order}`, ...filter.parameters);
  }

  /** @returns the id of the new object */
  insert(values: Values, folder: number, user: number, stamp = this.db.stamp()): number {
    const row: Values = {
      ...{ created_by: user, modified_by: user, creation_date: stamp, last_modified: stamp },
      ...values,
    };
    return Number(this.db.run(this.#insertSql(Object.keys(row)), folder, ...Object.values(row)).lastInsertRowid);
  }

  /** Objects of one kind mostly have the same fields: the statement is written once for them. */
  #insertSql(names: readonly string[]): string {
    const key = names.join();
    if (this.#lastInsert.key !== key) {
      const columns = names.map((name) => `"${name}"`).join(', ');
      const sql = `INSERT INTO ${this.table} (folder, ${columns}) VALUES (?${', ?'.repeat(names.length)})`;
      this.#lastInsert = { key, sql };
    }
    return this.#lastInsert.sql;
  }

  /** Changes fields and moves the stamp. @returns the new last_modified */
  update(id: number, values: Values, user: number): number {
    const stamp = this.db.stamp();
    const row: Values = { ...values, modified_by: user, last_modified: stamp };
    const assignments = Object.keys(row).map((name) => `"${name}" = ?`);
    this.db.run(`UPDATE ${this.table} SET ${assignments.join(', ')} WHERE id = ?`, ...Object.values(row), id);
    return stamp;
  }

  /** Puts the object into another folder; the old one remembers that it went. @returns the new last_modified */
  move(id: number, from: number, to: number, user: number): number {
    this.bury(id, from);
    this.db.run(`UPDATE ${this.table} SET folder = ? WHERE id = ?`, to, id);
    this.unbury(id, to);
    return this.update(id, {}, user);
  }

  /** @returns the stamp of the deletion */
  delete(id: number): number {
    const stamps = this.folders(id).map((folder) => this.bury(id, folder));
    this.db.run(`DELETE FROM ${this.table} WHERE id = ?`, id);
    return Math.max(0, ...stamps);
  }

  /** Folders in which the object is seen. */
  folders(id: number): number[] {
    return this.db.values<number>(`SELECT folder FROM ${this.table} WHERE id = ?`, id);
  }

  /** Ids that left the folder after `since`, with the newest stamp. */
  deletedSince(folder: number, since: number): { ids: number[]; newest: number } {
    const graves = this.db.rows<{ id: number; last_modified: number }>(
      `SELECT id, last_modified FROM tombstone WHERE module = ? AND folder = ? AND last_modified > ? ORDER BY last_modified`,
      ...[this.module, folder, since],
    );
    return { ids: graves.map(({ id }) => id), newest: graves.at(-1)?.last_modified ?? 0 };
  }

  protected bury(id: number, folder: number): number {
    const stamp = this.db.stamp();
    this.db.run('INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?)', this.module, folder, id, stamp);
    return stamp;
  }

  protected unbury(id: number, folder: number): void {
    this.db.run('DELETE FROM tombstone WHERE module = ? AND folder = ? AND id = ?', this.module, folder, id);
  }
}
