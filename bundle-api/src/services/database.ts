import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
import { serviceToken } from '../framework/token';
import type { Cancellable } from './groupware/calls';

/** Which SQL the database speaks. @public */
export type DatabaseDialect = 'sqlite' | 'mysql';

/** What `manager.query` resolves with for a statement that returns no rows, in both dialects. @public */
export interface StatementResult {
  /**
   * Rows that an UPDATE or DELETE matched, or an INSERT made. MySQL counts 2 for a row that
   * `ON DUPLICATE KEY UPDATE` changed.
   */
  readonly affectedRows: number;
  /** Key of the row inserted last where the database chose it. */
  readonly insertId: number;
}

/** What an {@link UpdateTask} works with. @public */
export interface UpdateTaskContext {
  readonly manager: EntityManager;
  readonly dialect: DatabaseDialect;
  /**
   * Closes each `CREATE TABLE`, so that tables behave alike in both dialects: InnoDB, utf8mb4, texts compare byte by
   * byte. Empty on SQLite.
   */
  readonly tableOptions: string;
}

/**
 * One step of a schema's history. Runs once per database, in order, under a lock that all hosts share, and is recorded
 * in `version` and `updateTask`. A task is never edited once released; the next one mends it.
 *
 * @public
 */
export interface UpdateTask {
  /** Full name, as an Open-Xchange administrator knows them: `com.openexchange.usm.database.ox.USMTablesUpdateTaskV2`. */
  readonly name: string;
  /** One sentence for `oxtender updatetasks list`. */
  readonly description: string;
  /**
   * Runs in one transaction where the database can (SQLite); MySQL commits at each DDL statement, so a task must bear
   * being run again after a failure half-way: `CREATE TABLE IF NOT EXISTS`.
   */
  run(context: UpdateTaskContext): Promise<void>;
}

/** Looks for rows that should not be there, for `oxtender storage:check`. @public */
export interface DatabaseCheck {
  /** For example `states-without-session`. */
  readonly name: string;
  /** One sentence: what is wrong with the rows that it finds. */
  readonly description: string;
  /** Counts the rows. Changes nothing. */
  count(manager: EntityManager): Promise<number>;
  /** Deletes or mends them in one transaction, and returns how many. Left out where a person must decide. */
  repair?(manager: EntityManager): Promise<number>;
}

/**
 * What a bundle contributes. Entities are `EntitySchema` objects, not decorated classes: typeorm keeps decorated classes
 * for ever, and with them the code of a replaced bundle generation.
 *
 * @public
 */
export interface DatabaseSchema {
  /** Short name of the owner: `usm`. */
  readonly name: string;
  readonly entities: readonly EntitySchema[];
  readonly tasks: readonly UpdateTask[];
  readonly checks?: readonly DatabaseCheck[];
}

/** How a transaction runs. @public */
export interface TransactionOptions extends Partial<Cancellable> {
  /**
   * Default `serializable`. With `read-committed` each statement sees what others have committed by then, and only rows that
   * are there are locked, not the gaps between them: many can insert beside each other. Then `work` must itself lock a row
   * that all who compete for the same have in common, by an UPDATE or `SELECT … FOR UPDATE`. On SQLite, where transactions
   * run one after the other, both are the same.
   */
  readonly isolation?: 'serializable' | 'read-committed';
}

/**
 * A schema's access to the database. Its statements share one pool of connections with all other schemas of the host.
 *
 * The quick way is `manager.query(sql, parameters)` with `?` as placeholder in both dialects and a constant text, so that the
 * prepared statement is found again. Parameters are strings, numbers, booleans, bytes and null; integers beyond 2^53
 * come back as strings from MySQL and inexact from SQLite. Rows are plain objects, bytes are `Buffer`, and a statement without
 * rows resolves with a {@link StatementResult}.
 *
 * Statements reject with a {@link DatabaseError}, or with typeorm's `QueryFailedError` when the statement itself is wrong.
 *
 * @public
 */
export interface DatabaseConnection extends AsyncDisposable {
  readonly dialect: DatabaseDialect;
  /**
   * For the contributed entities and single statements, each of which is a transaction of its own. Never `synchronize`, never
   * `dataSource.transaction`, which neither retries nor heeds a signal.
   */
  readonly dataSource: DataSource;
  /**
   * Runs `work` in a transaction, isolated as if it ran alone unless `options` say otherwise. Runs it again when the database chose it as
   * the victim of a dead lock, or its connection broke before the commit, so it must have no effects of its own.
   *
   * Everything inside goes through the `manager` that it is given. On SQLite there is one writer: `work` must be short, and
   * a transaction or a write by another way inside `work` waits for itself until it fails with BUSY.
   *
   * @param options - `signal` ends waiting for a connection and between repetitions; once `work` runs it is not cut off
   * @throws DatabaseError; whatever `work` throws, after everything was rolled back
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>, options?: TransactionOptions): Promise<T>;
}

/**
 * Service of the bundle `storage`. Registered as long as the database was reachable once: a host whose database is
 * down at the start waits for it, and its consumers with it.
 *
 * @public
 */
export interface Database {
  /**
   * Connects a schema. Resolves when all its update tasks have run. Dispose the connection to disconnect; connecting a
   * second schema of the same name before fails.
   *
   * @throws DatabaseError UPDATE_TASK_FAILED, UNAVAILABLE, BUSY (another host runs update tasks for too long)
   */
  connect(schema: DatabaseSchema, options: Cancellable): Promise<DatabaseConnection>;
}

/** Its token: what it is registered and found by. @public */
export const Database = serviceToken<Database>('storage.Database');
