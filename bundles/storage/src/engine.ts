import type { Clock, DatabaseDialect, Logger } from '@oxtender/bundle-api';
import type { EntityManager, EntitySchema } from 'typeorm';
import type { EngineDataSource } from './engine-data-source';
import type { StatementObserver } from './statement-metrics';

/** What an engine needs of the host. */
export interface EngineTools {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observe?: StatementObserver;
}

/** One kind of database under all schemas of this host: it owns the file or the pool. */
export interface Engine {
  readonly dialect: DatabaseDialect;
  /** {@link UpdateTaskContext.tableOptions} */
  readonly tableOptions: string;
  /** For logs and commands; no password in it: `sqlite:/var/lib/oxtender/oxtender.sqlite`. */
  readonly description: string;
  /** A data source for these entities over the engine's connections. */
  open(entities: readonly EntitySchema[]): Promise<EngineDataSource>;
  /**
   * Runs work on one connection while no other host does. All of it is one transaction where the database can (SQLite).
   *
   * @throws DatabaseError BUSY when the wait was too long
   */
  exclusively<T>(
    dataSource: EngineDataSource,
    work: (manager: EntityManager) => Promise<T>,
    options: ExclusiveOptions,
  ): Promise<T>;
  /** Resolves when the database answers. @throws DatabaseError */
  ping(): Promise<void>;
  /** True when a transaction that failed so may be run again. */
  mayRepeat(error: unknown): boolean;
  readonly load: EngineLoad;
  close(): Promise<void>;
}

/** How busy the engine's connections are; on SQLite, its one writer. */
export interface EngineLoad {
  readonly used: number;
  readonly waiting: number;
}

export interface ExclusiveOptions {
  readonly signal: AbortSignal;
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
}
