import { QueryResult } from 'typeorm';
import type { PoolConnection } from 'mysql2';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { MysqlQueryRunner as TypeormMysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner';
import type { EngineQueryRunner } from '../engine-data-source';
import { isConnectionLost, isVictim } from './errors';
import { type MysqlPool, outcomeUnknown } from './mysql-pool';

/** typeorm's runner on a connection of our pool, with prepared statements, a read timeout and our errors. */
export class MysqlQueryRunner extends TypeormMysqlQueryRunner implements EngineQueryRunner {
  waitSignal?: AbortSignal | undefined;
  /** Update tasks may change tables of any size. */
  patient = false;
  readonly #pool: MysqlPool;
  #connection: Promise<PoolConnection> | undefined;
  /** What ended the transaction before its owner did. */
  #ended: Error | undefined;
  #discard = false;

  constructor(driver: MysqlDriver, pool: MysqlPool) {
    super(driver, 'master');
    this.#pool = pool;
  }

  override connect(): Promise<PoolConnection> {
    this.#connection ??= this.#pool.acquire(this.waitSignal);
    return this.#connection;
  }

  override query(sql: string, parameters: unknown[] | undefined, structured: true): Promise<QueryResult>;
  override query<T>(sql: string, parameters?: unknown[]): Promise<T>;
  override async query(sql: string, parameters: unknown[] = [], structured = false): Promise<unknown> {
    if (this.#ended) throw this.#ended;
    const connection = await this.connect();
    try {
      const raw = await this.#pool.statement(connection, sql, parameters, this.patient);
      return structured ? queryResult(raw) : raw;
    } catch (error) {
      if (error instanceof Error && (isVictim(error) || isConnectionLost(error))) this.#ended = error;
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    const outermost = this.transactionDepth === 1 && !this.#ended;
    try {
      await super.commitTransaction();
    } catch (error) {
      if (outermost && isConnectionLost(error)) throw outcomeUnknown(error);
      throw error;
    }
  }

  /** Closes the connection at release, whatever state it is in. */
  discardConnection(): void {
    this.#discard = true;
  }

  /** Rolls back what is still open. A connection that can't is closed, and the server does it. */
  override async release(): Promise<void> {
    this.isReleased = true;
    const connection = await this.#connection?.catch(() => undefined);
    if (!connection) return;
    let broken = this.#discard || isConnectionLost(this.#ended);
    if (this.isTransactionActive && !broken) broken = !(await this.#rollBack(connection));
    this.#pool.release(connection, broken);
  }

  async #rollBack(connection: PoolConnection): Promise<boolean> {
    try {
      await this.#pool.statement(connection, 'ROLLBACK', []);
      return true;
    } catch {
      // What was wrong is told by the error that led here.
      return false;
    }
  }
}

function queryResult(raw: unknown): QueryResult {
  const result = new QueryResult();
  result.raw = raw;
  if (Array.isArray(raw)) result.records = raw;
  else if (typeof raw === 'object' && raw !== null && 'affectedRows' in raw) result.affected = Number(raw.affectedRows);
  return result;
}
