import Sqlite from 'better-sqlite3';
import { bindable } from '../parameters';

/** Statements that stay prepared per connection; a statement takes some KiB. */
const cacheSize = 500;

export type SqliteStatement = Sqlite.Statement;

/** What a statement gave: rows, or how many it changed. */
export interface SqliteOutcome {
  readonly rows?: unknown[];
  readonly affectedRows: number;
  readonly insertId: number;
}

export interface SqliteOptions {
  readonly file: string;
  /** Off: the operating system decides when anything reaches the disk. */
  readonly synchronous: 'normal' | 'off';
}

/** One connection to the file, with its prepared statements. */
export class SqliteHandle {
  readonly #database: Sqlite.Database;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor({ file, synchronous }: SqliteOptions) {
    // Short: SQLite waits in the thread. Longer waits are ours, see SqliteWriter.
    this.#database = new Sqlite(file, { timeout: 20 });
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma(`synchronous = ${synchronous}`);
    this.#database.pragma('foreign_keys = ON');
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > cacheSize) this.#forgetOldest();
    return statement;
  }

  run(sql: string, parameters: readonly unknown[] = []): SqliteOutcome {
    return execute(this.prepare(sql), parameters);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #forgetOldest(): void {
    for (const sql of this.#statements.keys()) {
      this.#statements.delete(sql);
      return;
    }
  }
}

export function execute(statement: SqliteStatement, parameters: readonly unknown[]): SqliteOutcome {
  const values = bindable(parameters);
  if (statement.reader) return { rows: statement.all(...values), affectedRows: 0, insertId: 0 };
  const { changes, lastInsertRowid } = statement.run(...values);
  return { affectedRows: changes, insertId: Number(lastInsertRowid) };
}
