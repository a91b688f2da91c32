import { createHash } from 'node:crypto';
import type { Clock, Logger } from '@oxtender/bundle-api';
import { DatabaseError, isOxtenderError } from '@oxtender/bundle-api';
import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
import { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import type { Engine, EngineLoad, EngineTools, ExclusiveOptions } from '../engine';
import { EngineDataSource, typeormOptions } from '../engine-data-source';
import type { MysqlSettings } from '../settings';
import { isPassing } from './errors';
import { MysqlPool } from './mysql-pool';
import { MysqlQueryRunner } from './mysql-query-runner';

/** MySQL 8 and MariaDB 10.5 and later. */
export class MysqlEngine implements Engine {
  readonly dialect = 'mysql';
  readonly tableOptions: string;
  readonly description: string;
  readonly #pool: MysqlPool;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #settings: MysqlSettings;
  readonly #product: 'mysql' | 'mariadb';

  private constructor(pool: MysqlPool, settings: MysqlSettings, product: 'mysql' | 'mariadb', tools: EngineTools) {
    this.#pool = pool;
    this.#settings = settings;
    this.#product = product;
    this.#clock = tools.clock;
    this.#logger = tools.logger;
    // Of two texts that differ in trailing blanks, both are keys.
    const collation = product === 'mariadb' ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
    this.tableOptions = `ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation}`;
    const place = settings.socket ?? `${settings.host}:${settings.port}`;
    this.description = `${product}:${settings.user}@${place}/${settings.database}`;
  }

  /** @throws DatabaseError UNAVAILABLE */
  static async connect(settings: MysqlSettings, tools: EngineTools): Promise<MysqlEngine> {
    const pool = new MysqlPool(settings, tools);
    try {
      const [row] = (await pool.run('SELECT VERSION() AS version', [])) as [{ version: string }];
      const product = /mariadb/i.test(row.version) ? 'mariadb' : 'mysql';
      return new MysqlEngine(pool, settings, product, tools);
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  async open(entities: readonly EntitySchema[]): Promise<EngineDataSource> {
    const dataSource = new EngineDataSource(
      {
        type: this.#product,
        database: this.#settings.database,
        driver: { createPool: () => this.#pool.forTypeorm() },
        entities: [...entities],
        ...typeormOptions(this.#logger),
      },
      {
        run: (sql, parameters) => this.#pool.run(sql, parameters),
        runner: (owner) => this.#runner(owner),
      },
    );
    return dataSource.initialize();
  }

  /** The lock belongs to the connection: the server frees it when this host dies. */
  async exclusively<T>(
    dataSource: EngineDataSource,
    work: (manager: EntityManager) => Promise<T>,
    { signal, wait }: ExclusiveOptions,
  ): Promise<T> {
    const runner = this.#runner(dataSource);
    Object.assign(runner, { manager: dataSource.createEntityManager(runner), waitSignal: signal, patient: true });
    const lock = `oxtender ${createHash('sha256').update(this.#settings.database).digest('hex').slice(0, 32)}`;
    try {
      await this.#lock(runner, lock, { signal, wait });
      const result = await work(runner.manager);
      await runner.query('SELECT RELEASE_LOCK(?)', [lock]);
      return result;
    } catch (error) {
      runner.discardConnection();
      throw error;
    } finally {
      await runner.release();
    }
  }

  async #lock(runner: MysqlQueryRunner, lock: string, { signal, wait }: ExclusiveOptions): Promise<void> {
    const end = this.#clock.now() + wait;
    for (;;) {
      signal.throwIfAborted();
      const [row] = await runner.query<[{ got: number }]>('SELECT GET_LOCK(?, 1) AS got', [lock]);
      if (row.got === 1) return;
      if (this.#clock.now() >= end)
        throw new DatabaseError('BUSY', `another host has been running update tasks for more than ${wait} ms`, {
          retryable: true,
        });
    }
  }

  async ping(): Promise<void> {
    await this.#pool.run('SELECT 1', []);
  }

  get load(): EngineLoad {
    return this.#pool.load;
  }

  mayRepeat(error: unknown): boolean {
    return isPassing(error) && !isOxtenderError(error, 'OUTCOME_UNKNOWN');
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #runner(owner: DataSource): MysqlQueryRunner {
    if (!(owner.driver instanceof MysqlDriver)) throw new TypeError('typeorm chose another driver');
    return new MysqlQueryRunner(owner.driver, this.#pool);
  }
}
