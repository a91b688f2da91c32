import type { DatabaseConnection, StatementResult } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';

/**
 * Numbers that are given out in order, each once. Whoever has read or advanced one holds it until his transaction ends: of those
 * who make something with the numbers of one sequence, one is at work at a time.
 */
export class Sequence {
  readonly #where: string;

  /** @param columns - of the table's key: one sequence is one row */
  constructor(
    private readonly connection: DatabaseConnection,
    private readonly table: string,
    private readonly columns: readonly string[],
  ) {
    this.#where = columns.map((name) => `${name} = ?`).join(' AND ');
  }

  /** Begins the sequence unless it has begun; a transaction of its own, for many who insert the same in theirs dead-lock. */
  async begin(key: readonly number[]): Promise<void> {
    const insert = this.connection.dialect === 'mysql' ? 'INSERT IGNORE' : 'INSERT OR IGNORE';
    await this.connection.dataSource.query(
      `${insert} INTO ${this.table} (${this.columns.join(', ')}, id) VALUES (${key.map(() => '?').join(', ')}, 0)`,
      [...key],
    );
  }

  /** @returns the last number given out; undefined when the sequence has not begun */
  async advance(manager: EntityManager, key: readonly number[], amount: number): Promise<number | undefined> {
    const { affectedRows } = await manager.query<StatementResult>(
      `UPDATE ${this.table} SET id = id + ? WHERE ${this.#where}`,
      [amount, ...key],
    );
    if (affectedRows === 0) return undefined;
    const rows = await manager.query<{ id: number }[]>(`SELECT id FROM ${this.table} WHERE ${this.#where}`, [...key]);
    return rows[0]?.id;
  }

  /** Waits for the others. @returns the last number given out */
  async hold(manager: EntityManager, key: readonly number[]): Promise<number | undefined> {
    return this.advance(manager, key, 0);
  }
}
