import Sqlite from 'better-sqlite3';
import { MessageWords, wordsSchema } from './message-words';
import { addedColumns, schema } from './schema';
import { floorDay } from '../columns/body';
import { toZoned } from './zone';

type Statement = Sqlite.Statement;

/** Tables with stamps, for finding the newest one when a file is opened. */
const stamped = ['contact', 'appointment', 'task', 'folder', 'tombstone', 'user', 'user_group', 'resource'];

/** Prepared statements kept; beyond it the oldest goes. Columns are chosen by clients, so their number is open. */
const maxStatements = 500;

/** One context's file: statements prepared once, transactions, and the server's clock of changes. */
export class Database implements Disposable {
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Statement>();
  #lastStamp: number;

  /** @param file - path, or `:memory:` */
  constructor(
    file: string,
    private readonly now: () => number,
  ) {
    this.#sqlite = new Sqlite(file);
    this.#sqlite.pragma('journal_mode = WAL');
    this.#sqlite.pragma('synchronous = NORMAL');
    this.#sqlite.pragma('cache_size = -65536');
    this.#sqlite.pragma('recursive_triggers = ON');
    this.#sqlite.exec(schema);
    this.#addMissingColumns();
    this.#sqlite.exec(wordsSchema);
    new MessageWords(this).catchUp();
    this.#defineFunctions();
    this.#lastStamp = Math.max(
      ...stamped.map((table) => this.value<number>(`SELECT max(last_modified) FROM ${table}`) ?? 0),
    );
  }

  /** A time for last_modified: never given out before, and greater than all before. */
  stamp(): number {
    this.#lastStamp = Math.max(this.now(), this.#lastStamp + 1);
    return this.#lastStamp;
  }

  /** Lets the next `count` stamps lie in the past, as far as none is newer, so that bulk does not run ahead of the clock. */
  stampsFor(count: number): () => number {
    let next = Math.max(this.#lastStamp, this.now() - count - 1);
    return () => {
      next = Math.max(next, this.#lastStamp) + 1;
      this.#lastStamp = next;
      return next;
    };
  }

  run(sql: string, ...parameters: unknown[]): Sqlite.RunResult {
    return this.#prepare(sql).run(...parameters);
  }

  row<T>(sql: string, ...parameters: unknown[]): T | undefined {
    return this.#prepare(sql).get(...parameters) as T | undefined;
  }

  rows<T>(sql: string, ...parameters: unknown[]): T[] {
    return this.#prepare(sql).all(...parameters) as T[];
  }

  /** The first column of the first row; undefined without rows. */
  value<T>(sql: string, ...parameters: unknown[]): T | undefined {
    return this.#prepare(sql, true).get(...parameters) as T | undefined;
  }

  /** The first column of all rows. */
  values<T>(sql: string, ...parameters: unknown[]): T[] {
    return this.#prepare(sql, true).all(...parameters) as T[];
  }

  /** Row after row, for what does not fit into memory. The database is busy meanwhile: no writes inside the loop. */
  iterate<T>(sql: string, ...parameters: unknown[]): IterableIterator<T> {
    return this.#sqlite.prepare(sql).iterate(...parameters) as IterableIterator<T>;
  }

  /** All or nothing; inside another transaction a savepoint. */
  transaction<T>(work: () => T): T {
    return this.#sqlite.transaction(work)();
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #prepare(sql: string, pluck = false): Statement {
    const key = pluck ? `1${sql}` : sql;
    let statement = this.#statements.get(key);
    if (!statement) {
      statement = this.#sqlite.prepare(sql);
      if (pluck) statement.pluck();
      const oldest = this.#statements.size >= maxStatements ? this.#statements.keys().next().value : undefined;
      if (oldest !== undefined) this.#statements.delete(oldest);
      this.#statements.set(key, statement);
    }
    return statement;
  }

  /** A file of an older version gets the columns that came since. */
  #addMissingColumns(): void {
    const present = new Map<string, ReadonlySet<string>>();
    for (const [table, definition] of addedColumns) {
      let names = present.get(table);
      if (!names)
        present.set(table, (names = new Set(this.values<string>('SELECT name FROM pragma_table_info(?)', table))));
      const name = definition.slice(1, definition.indexOf('"', 1));
      if (!names.has(name)) this.#sqlite.exec(`ALTER TABLE ${table} ADD COLUMN ${definition}`);
    }
  }

  #defineFunctions(): void {
    const define = (name: string, compute: (time: number, zone: string) => number): void => {
      this.#sqlite.function(name, { deterministic: true }, (time: unknown, zone: unknown) =>
        typeof time === 'number' ? compute(time, String(zone)) : null,
      );
    };
    define('zoned', toZoned);
    define('day_of', (time, zone) => floorDay(toZoned(time, zone)));
  }
}
