import type { Clock, DatabaseDialect, Logger } from '@oxtender/bundle-api';
import type { DataSourceOptions, EntityManager, EntitySchema, ObjectLiteral, QueryRunner } from 'typeorm';
import { DataSource } from 'typeorm';
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
  close(): Promise<void>;
}

export interface ExclusiveOptions {
  readonly signal: AbortSignal;
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
}

/** What an engine puts in the place of typeorm's own way to its driver. */
export interface Statements {
  /** A transaction of its own. */
  run(sql: string, parameters: readonly unknown[]): Promise<unknown>;
  runner(dataSource: DataSource): EngineQueryRunner;
}

/** `release` rolls back what was not committed. */
export interface EngineQueryRunner extends QueryRunner {
  /** Ends the waiting for a connection, or for the turn to write. */
  waitSignal?: AbortSignal | undefined;
}

/**
 * A typeorm data source whose statements and transactions run on connections that it shares with the others of its engine.
 * typeorm knows one connection or pool per data source, and one entity list, fixed when it opens; schemas come and go.
 */
export class EngineDataSource extends DataSource {
  readonly #statements: Statements;

  constructor(options: DataSourceOptions, statements: Statements) {
    super(options);
    this.#statements = statements;
  }

  override createQueryRunner(): EngineQueryRunner {
    const runner = this.#statements.runner(this);
    return Object.assign(runner, { manager: this.createEntityManager(runner) });
  }

  override query<T>(sql: string, parameters?: unknown[] | ObjectLiteral, runner?: QueryRunner): Promise<T> {
    const list = (parameters ?? []) as unknown[];
    return (runner ? runner.query(sql, list) : this.#statements.run(sql, list)) as Promise<T>;
  }
}

/** What typeorm has to say goes to our log; statements are not logged: their parameters are people's data. */
export function typeormOptions(logger: Logger): Pick<DataSourceOptions, 'logger' | 'logging' | 'synchronize'> {
  const silent = (): void => undefined;
  return {
    synchronize: false,
    logging: false,
    logger: {
      log: (level, message) => logger[level === 'warn' ? 'warn' : 'debug']('typeorm', { text: String(message) }),
      logQuery: silent,
      logQueryError: silent,
      logQuerySlow: silent,
      logSchemaBuild: silent,
      logMigration: silent,
    },
  };
}
