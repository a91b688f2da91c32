import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
import { serviceToken } from '../framework/token';
import type { Cancellable } from './groupware-bridge';

/** @public */
export type DatabaseDialect = 'sqlite' | 'mysql';

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
   * being run again after a failure half-way.
   */
  run(context: { readonly manager: EntityManager; readonly dialect: DatabaseDialect }): Promise<void>;
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
}

/** @public */
export interface DatabaseConnection extends AsyncDisposable {
  readonly dialect: DatabaseDialect;
  /** For the contributed entities; explicit queries by `manager.query`. Never `synchronize`. */
  readonly dataSource: DataSource;
  /**
   * Runs `work` in a transaction; runs it again when the database chose it as the victim of a dead lock, so it must
   * have no effects of its own.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}

/** @public */
export interface Database {
  /**
   * Connects a schema. Resolves when all its update tasks have run.
   *
   * @throws DatabaseError UPDATE_TASK_FAILED, UNAVAILABLE
   */
  connect(schema: DatabaseSchema, options: Cancellable): Promise<DatabaseConnection>;
}

/** @public */
export const Database = serviceToken<Database>('storage.Database');
