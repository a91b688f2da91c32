import type { Logger } from '@oxtender/bundle-api';
import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import type { Engine, EngineLoad, EngineTools, ExclusiveOptions } from '../engine';
import { EngineDataSource, typeormOptions } from '../engine-data-source';
import { SqliteFile } from './sqlite-file';
import { plainResult, SqliteQueryRunner } from './sqlite-query-runner';
import type { SqliteSettings } from '../settings';

export class SqliteEngine implements Engine {
  readonly dialect = 'sqlite';
  readonly tableOptions = '';
  readonly description: string;
  readonly #file: SqliteFile;
  readonly #logger: Logger;

  /** @throws DatabaseError UNAVAILABLE */
  constructor(settings: SqliteSettings, { clock, logger, observe }: EngineTools) {
    this.#file = new SqliteFile({ ...settings, clock, ...(observe ? { observe } : {}) });
    this.#logger = logger;
    this.description = `sqlite:${settings.file}`;
  }

  async open(entities: readonly EntitySchema[]): Promise<EngineDataSource> {
    const dataSource = new EngineDataSource(
      {
        type: 'better-sqlite3',
        database: ':memory:',
        driver: DetachedHandle,
        entities: [...entities],
        ...typeormOptions(this.#logger),
      },
      {
        run: async (sql, parameters) => plainResult(await this.#file.run(sql, parameters)),
        runner: (owner) => this.#runner(owner),
      },
    );
    return dataSource.initialize();
  }

  async exclusively<T>(
    dataSource: EngineDataSource,
    work: (manager: EntityManager) => Promise<T>,
    { signal, wait }: ExclusiveOptions,
  ): Promise<T> {
    const runner = this.#runner(dataSource);
    Object.assign(runner, { manager: dataSource.createEntityManager(runner), waitSignal: signal, waitLimit: wait });
    try {
      await runner.startTransaction();
      const result = await work(runner.manager);
      await runner.commitTransaction();
      return result;
    } finally {
      await runner.release();
    }
  }

  async ping(): Promise<void> {
    await this.#file.run('SELECT 1', []);
  }

  get load(): EngineLoad {
    return this.#file.load;
  }

  mayRepeat(): boolean {
    return false;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #runner(owner: DataSource): SqliteQueryRunner {
    if (!(owner.driver instanceof BetterSqlite3Driver)) throw new TypeError('typeorm chose another driver');
    return new SqliteQueryRunner(owner.driver, this.#file);
  }
}

/** Stands where typeorm would open a connection per data source: ours are in {@link SqliteFile}. */
class DetachedHandle {
  pragma(): void {
    // nothing to set on a connection that is none
  }
  close(): void {
    // nor to close
  }
}
