import type { Clock } from '@oxtender/bundle-api';
import { DatabaseError } from '@oxtender/bundle-api';
import { backOffDelay } from '../back-off';
import type { EngineLoad } from '../engine';
import { Permits } from '../permits';
import type { StatementObserver } from '../statement-metrics';
import { sqliteCode, sqliteError } from './errors';
import { execute, SqliteHandle, type SqliteOutcome } from './sqlite-handle';
import { WriteAheadLog } from './write-ahead-log';

export interface SqliteFileOptions {
  readonly clock: Clock;
  readonly file: string;
  /** `full`: a write resolves when it is on the disk. */
  readonly synchronous: 'full' | 'normal' | 'off';
  /** Milliseconds to wait for the turn to write. */
  readonly wait: number;
  readonly observe?: StatementObserver;
}

/** How soon a writer looks again when another process writes. */
const backOff = { first: 2, longest: 50 };

/**
 * One SQLite file as this host uses it: a connection that writes, one transaction at a time, and one that reads what is
 * committed and never waits (WAL). Without the second a statement would fall into whatever transaction is just open.
 */
export class SqliteFile {
  readonly #reader: SqliteHandle;
  readonly #writer: SqliteHandle;
  readonly #log: WriteAheadLog | undefined;
  #closed = false;
  readonly #turn = new Permits();
  readonly #options: SqliteFileOptions;

  /** @throws DatabaseError UNAVAILABLE */
  constructor(options: SqliteFileOptions) {
    this.#options = options;
    if (options.synchronous === 'full') this.#log = new WriteAheadLog(options.file);
    try {
      const synchronous = options.synchronous === 'off' ? 'off' : 'normal';
      this.#writer = new SqliteHandle({ file: options.file, synchronous });
      this.#reader = new SqliteHandle({ file: options.file, synchronous });
    } catch (error) {
      throw new DatabaseError('UNAVAILABLE', `cannot open ${options.file}: ${String(error)}`, { cause: error });
    }
  }

  get load(): EngineLoad {
    return { used: this.#turn.held, waiting: this.#turn.waiting };
  }

  /** One statement outside a transaction. */
  async run(sql: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<SqliteOutcome> {
    this.#assertOpen();
    try {
      const statement = this.#reader.prepare(sql);
      if (statement.readonly) return this.#observed(() => execute(statement, parameters));
    } catch (error) {
      throw this.#translated(error, sql);
    }
    const outcome = await this.#runAsWriter(sql, parameters, signal);
    await this.synced();
    return outcome;
  }

  /** Opens the transaction. From then on `write` is for its owner alone, until `end`. */
  async begin(signal?: AbortSignal, wait = this.#options.wait): Promise<void> {
    this.#assertOpen();
    await this.#takeTurn(signal, wait);
    try {
      await this.#untilFree(() => this.#writer.run('BEGIN IMMEDIATE'), 'BEGIN', signal, wait);
    } catch (error) {
      this.#turn.release();
      throw error;
    }
  }

  /** One statement inside the transaction. */
  write(sql: string, parameters: readonly unknown[]): SqliteOutcome {
    this.#assertOpen();
    if (!this.#writer.inTransaction)
      throw new DatabaseError('UNAVAILABLE', 'an error before has ended the transaction');
    try {
      return this.#observed(() => this.#writer.run(sql, parameters));
    } catch (error) {
      throw this.#translated(error, sql);
    }
  }

  /** Ends the transaction, rolling back what `COMMIT` did not commit: SQLite itself ends it on some errors. */
  end(): void {
    try {
      if (!this.#closed && this.#writer.inTransaction) this.#writer.run('ROLLBACK');
    } finally {
      this.#turn.release();
    }
  }

  /** Waits until what was committed is on the disk, where that is asked for. */
  synced(): Promise<void> | undefined {
    return this.#log?.synced();
  }

  /** Writes the log into the file when this process is the last that has it open. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#reader.close();
    this.#writer.close();
    await this.#log?.close();
  }

  async #runAsWriter(sql: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<SqliteOutcome> {
    await this.#takeTurn(signal);
    try {
      return await this.#untilFree(() => this.#writer.run(sql, parameters), sql, signal);
    } finally {
      this.#turn.release();
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new DatabaseError('UNAVAILABLE', 'storage was stopped', { retryable: true });
  }

  #takeTurn(signal?: AbortSignal, wait = this.#options.wait): Promise<void> | undefined {
    if (this.#turn.tryAcquire()) return undefined;
    return this.#waitForTurn(signal, wait);
  }

  #waitForTurn(signal: AbortSignal | undefined, wait: number): Promise<void> {
    const tooLate = (): Error =>
      new DatabaseError(
        'BUSY',
        `the turn to write did not come within ${wait} ms; is a write waiting for its own transaction?`,
        { retryable: true },
      );
    return this.#turn.acquire({ signal, time: { clock: this.#options.clock, milliseconds: wait, error: tooLate } });
  }

  /** SQLite's own wait would stop this process; another process that writes is waited for here. */
  async #untilFree(
    work: () => SqliteOutcome,
    sql: string,
    signal?: AbortSignal,
    wait = this.#options.wait,
  ): Promise<SqliteOutcome> {
    const { clock } = this.#options;
    const end = clock.now() + wait;
    for (let attempt = 1; ; attempt++) {
      this.#assertOpen();
      try {
        return this.#observed(work);
      } catch (error) {
        if (!sqliteCode(error).startsWith('SQLITE_BUSY') || clock.now() >= end) throw this.#translated(error, sql);
      }
      await clock.sleep(backOffDelay(backOff, attempt), signal ? { signal } : {});
    }
  }

  #observed(work: () => SqliteOutcome): SqliteOutcome {
    const { observe } = this.#options;
    if (!observe) return work();
    const started = performance.now();
    let failed = true;
    try {
      const outcome = work();
      failed = false;
      return outcome;
    } finally {
      observe(performance.now() - started, failed);
    }
  }

  #translated(error: unknown, sql: string): Error {
    return sqliteError(error, sql, this.#options.file);
  }
}
