import { readFileSync } from 'node:fs';
import type { Clock, Logger } from '@oxtender/bundle-api';
import { DatabaseError } from '@oxtender/bundle-api';
import {
  createPool,
  type ExecuteValues,
  type Pool,
  type PoolConnection,
  type PoolOptions,
  TypedParameter,
} from 'mysql2';
import { backOffDelay } from '../back-off';
import type { EngineLoad, EngineTools } from '../engine';
import { Permits } from '../permits';
import { bindable } from '../parameters';
import type { MysqlSettings, MysqlTls } from '../settings';
import type { StatementObserver } from '../statement-metrics';
import { isConnectionLost, isPassing, mysqlError } from './errors';
import { SilenceWatch } from './silence-watch';

/**
 * How every session is set: transactions that are to be isolated as if alone, as SQLite's are, say so when they begin; a value
 * that does not fit is an error, never cut; somebody else's lock is waited for shorter than the read timeout.
 */
const sessionStatements = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = 5",
];

const largestInt32 = 2 ** 31;
const backOff = { first: 4, longest: 250 };
const attempts = 8;

/** The connections of this host to MySQL or MariaDB, shared by all schemas. */
export class MysqlPool {
  readonly #pool: Pool;
  readonly #settings: MysqlSettings;
  /** The driver's own queue knows neither a longest wait nor a signal. */
  readonly #permits: Permits;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #closed = false;
  readonly #silence: SilenceWatch;
  readonly #observe: StatementObserver | undefined;

  constructor(settings: MysqlSettings, { clock, logger, observe }: EngineTools) {
    this.#settings = settings;
    this.#clock = clock;
    this.#logger = logger;
    this.#silence = new SilenceWatch(clock, settings.readTimeout);
    this.#observe = observe;
    this.#permits = new Permits(settings.pool.size);
    this.#pool = createPool(poolOptions(settings));
    this.#pool.on('connection', (connection) => {
      for (const sql of sessionStatements) {
        connection.query(sql, (error) => {
          if (!error) return;
          logger.warn('the database refused a session setting', { sql, error });
          connection.destroy();
        });
      }
      connection.on('error', (error) => logger.debug('database connection lost', { error }));
    });
  }

  get load(): EngineLoad {
    return { used: this.#permits.held, waiting: this.#permits.waiting };
  }

  /** @throws DatabaseError UNAVAILABLE, BUSY when none came free in time; the signal's reason */
  async acquire(signal?: AbortSignal): Promise<PoolConnection> {
    if (!this.#permits.tryAcquire()) await this.#waitForPermit(signal);
    if (this.#closed) {
      this.#permits.release();
      throw new DatabaseError('UNAVAILABLE', 'storage was stopped', { retryable: true });
    }
    return new Promise<PoolConnection>((resolve, reject) => {
      this.#pool.getConnection((error, connection) => {
        if (error) {
          this.#permits.release();
          reject(mysqlError(error, 'connect'));
        } else resolve(connection);
      });
    });
  }

  /** Gives a connection back, or closes a broken one. */
  release(connection: PoolConnection, broken = false): void {
    if (broken) connection.destroy();
    else connection.release();
    this.#permits.release();
  }

  /** One statement outside a transaction. A statement that the server undid, and a read that broke, are run again. */
  async run(sql: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const connection = await this.acquire(signal);
      try {
        const result = await this.statement(connection, sql, parameters);
        this.release(connection);
        return result;
      } catch (error) {
        this.release(connection, isConnectionLost(error));
        if (isConnectionLost(error) && !isRead(sql)) throw outcomeUnknown(error);
        if (attempt === attempts || !isPassing(error)) throw error;
      }
      await this.#clock.sleep(backOffDelay(backOff, attempt), signal ? { signal } : {});
    }
  }

  /**
   * One statement on a connection. Prepared on the server when it has parameters; the driver keeps it.
   *
   * @param patient - wait for the answer as long as it takes
   */
  statement(
    connection: PoolConnection,
    sql: string,
    parameters: readonly unknown[],
    patient = false,
  ): Promise<unknown> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: unknown): void => {
        if (awaited) this.#silence.remove(awaited);
        this.#observe?.(performance.now() - started, error !== null);
        if (error) reject(mysqlError(error, sql));
        else resolve(result);
      };
      const giveUp = (): void => done(silent(this.#settings.readTimeout), undefined);
      const awaited = patient ? undefined : this.#silence.add(giveUp);
      if (parameters.length === 0) connection.query(sql, done);
      else connection.execute(sql, bindable(parameters).map(typed), done);
    });
  }

  /** Lets go of the server; connections that are broken already do not matter. */
  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#silence[Symbol.dispose]();
    return new Promise((resolve) => {
      this.#pool.end((error) => {
        if (error) this.#logger.debug('a database connection did not end well', { error });
        resolve();
      });
    });
  }

  /** The little of a pool that typeorm's driver touches while it opens and closes a data source. */
  forTypeorm(): object {
    return {
      getConnection: (done: Parameters<Pool['getConnection']>[0]) => {
        this.#pool.getConnection((error, connection) => {
          done(error && mysqlError(error, 'connect'), connection);
        });
      },
      end: (done: (error: Error | null) => void) => done(null),
    };
  }

  async #waitForPermit(signal: AbortSignal | undefined): Promise<void> {
    const { wait, size } = this.#settings.pool;
    const tooLate = (): Error =>
      new DatabaseError('BUSY', `none of ${size} database connections came free within ${wait} ms`, {
        retryable: true,
      });
    await this.#permits.acquire({ signal, time: { clock: this.#clock, milliseconds: wait, error: tooLate } });
  }
}

/** The driver sends numbers as DOUBLE, which LIMIT refuses and an index on BIGINT need not serve. */
function typed(value: unknown): ExecuteValues {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return value as ExecuteValues;
  return Math.abs(value) < largestInt32 ? TypedParameter.LONG(value) : TypedParameter.LONGLONG(value);
}

/** The code of the driver for the same. */
function silent(milliseconds: number): Error {
  return Object.assign(new Error(`no answer within ${milliseconds} ms`), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
}

/** A change was sent, and the connection broke before the answer. */
export function outcomeUnknown(error: unknown): DatabaseError {
  return new DatabaseError('OUTCOME_UNKNOWN', 'the connection broke while the database was changing something', {
    cause: error,
    retryable: true,
  });
}

function isRead(sql: string): boolean {
  return /^\s*(select|show|explain|describe|set)\b/i.test(sql);
}

function poolOptions(settings: MysqlSettings): PoolOptions {
  const { host, port, socket, user, password, database, pool, connectTimeout, tls } = settings;
  return {
    ...(socket ? { socketPath: socket } : { host, port }),
    user,
    password,
    database,
    connectTimeout,
    connectionLimit: pool.size,
    maxIdle: pool.size,
    idleTimeout: pool.idle,
    enableKeepAlive: true,
    // Each costs memory on the server, which has room for 16,382 of all connections together.
    maxPreparedStatements: 100,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    ...(tls ? { ssl: tlsOptions(tls) } : {}),
  };
}

function tlsOptions({ ca, certificate, key, verify }: MysqlTls): NonNullable<Exclude<PoolOptions['ssl'], string>> {
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verify,
    verifyIdentity: verify,
    ...(ca ? { ca: readFileSync(ca) } : {}),
    ...(certificate ? { cert: readFileSync(certificate) } : {}),
    ...(key ? { key: readFileSync(key) } : {}),
  };
}
