import type { StatementResult } from '@oxtender/bundle-api';
import { QueryResult } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner';
import type { EngineQueryRunner } from '../engine-data-source';
import type { SqliteFile } from './sqlite-file';
import type { SqliteOutcome } from './sqlite-handle';

/**
 * typeorm's runner is one for all, so that two transactions at a time become one. This one owns its transaction; savepoints
 * inside it are typeorm's.
 */
export class SqliteQueryRunner extends BetterSqlite3QueryRunner implements EngineQueryRunner {
  waitSignal?: AbortSignal | undefined;
  /** Milliseconds to wait for the turn to write; default the file's. */
  waitLimit?: number;
  readonly #file: SqliteFile;

  constructor(driver: BetterSqlite3Driver, file: SqliteFile) {
    super(driver);
    this.#file = file;
  }

  override query(sql: string, parameters: unknown[] | undefined, structured: true): Promise<QueryResult>;
  override query<T>(sql: string, parameters?: unknown[]): Promise<T>;
  override async query(sql: string, parameters: unknown[] = [], structured = false): Promise<unknown> {
    const outcome = this.isTransactionActive
      ? this.#file.write(sql, parameters)
      : await this.#file.run(sql, parameters, this.waitSignal);
    return structured ? queryResult(outcome) : plainResult(outcome);
  }

  override async startTransaction(): Promise<void> {
    if (this.isTransactionActive) return super.startTransaction();
    await this.#file.begin(this.waitSignal, this.waitLimit);
    this.isTransactionActive = true;
    this.transactionDepth = 1;
  }

  override async commitTransaction(): Promise<void> {
    if (this.transactionDepth > 1) return super.commitTransaction();
    this.#file.write('COMMIT', []);
    this.#leave();
    await this.#file.synced();
  }

  override async rollbackTransaction(): Promise<void> {
    if (this.transactionDepth > 1) return super.rollbackTransaction();
    this.#leave();
  }

  override async release(): Promise<void> {
    if (this.isTransactionActive) this.#leave();
    await super.release();
  }

  #leave(): void {
    this.isTransactionActive = false;
    this.transactionDepth = 0;
    this.#file.end();
  }
}

export function plainResult({ rows, affectedRows, insertId }: SqliteOutcome): unknown[] | StatementResult {
  return rows ?? { affectedRows, insertId };
}

/** What typeorm's own runner gives to typeorm's query builders. */
function queryResult({ rows, affectedRows, insertId }: SqliteOutcome): QueryResult {
  const result = new QueryResult();
  result.raw = rows ?? insertId;
  if (rows) result.records = rows;
  else result.affected = affectedRows;
  return result;
}
