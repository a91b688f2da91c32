import { DatabaseError, type Logger } from '@oxtender/bundle-api';
import { DataSource, type DataSourceOptions, type ObjectLiteral, type QueryRunner } from 'typeorm';

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
  #destroyed = false;

  constructor(options: DataSourceOptions, statements: Statements) {
    super(options);
    this.#statements = statements;
  }

  override createQueryRunner(): EngineQueryRunner {
    this.#assertUsable();
    const runner = this.#statements.runner(this);
    return Object.assign(runner, { manager: this.createEntityManager(runner) });
  }

  override async query<T>(sql: string, parameters?: unknown[] | ObjectLiteral, runner?: QueryRunner): Promise<T> {
    const list = (parameters ?? []) as unknown[];
    if (runner) return (await runner.query(sql, list)) as T;
    this.#assertUsable();
    return this.#statements.run(sql, list) as Promise<T>;
  }

  override async destroy(): Promise<void> {
    this.#destroyed = true;
    await super.destroy();
  }

  /** Its connections live on, and would serve it. */
  #assertUsable(): void {
    if (this.#destroyed) throw new DatabaseError('UNAVAILABLE', 'this connection of a schema was closed');
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
