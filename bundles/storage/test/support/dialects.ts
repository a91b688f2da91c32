import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Database } from '@oxtender/bundle-api';
import { type DatabaseUnderTest, type MariaDbServer, sharedMariaDb } from '@oxtender/bundle-api/testing';
import { openDatabase } from '../../src/open-database';
import type { MysqlSettings, SqliteSettings, StorageSettings } from '../../src/settings';
import type { StorageDatabase } from '../../src/storage-database';
import { RecordingLogger } from './recording-logger';
import { systemClock } from './system-clock';

export function sqliteSettings(folder: string, changes: Partial<SqliteSettings> = {}): SqliteSettings {
  return { dialect: 'sqlite', file: join(folder, 'test.sqlite'), synchronous: 'off', wait: 5000, ...changes };
}

export function mysqlSettings(
  server: MariaDbServer,
  database: string,
  changes: Partial<MysqlSettings> = {},
): MysqlSettings {
  const { host, port, user, password } = server;
  const pool = { size: 10, wait: 5000, idle: 60_000 };
  return {
    dialect: 'mysql',
    host,
    port,
    user,
    password,
    database,
    pool,
    connectTimeout: 5000,
    readTimeout: 10_000,
    ...changes,
  };
}

/** An empty place for a database, opened as often as one likes. */
export class TestPlace implements DatabaseUnderTest {
  readonly logger = new RecordingLogger();
  readonly #opened: StorageDatabase[] = [];

  private constructor(
    readonly settings: StorageSettings['database'],
    readonly database: StorageDatabase,
    private readonly remove: () => void,
    private readonly clock: Clock,
  ) {
    this.#opened.push(database);
  }

  static async make(
    settings: StorageSettings['database'],
    options: { readonly remove?: () => void; readonly clock?: Clock } = {},
  ): Promise<TestPlace> {
    const clock = options.clock ?? systemClock;
    const database = await openDatabase(
      { database: settings, updateTaskWait: 10_000 },
      { clock, logger: new RecordingLogger() },
    );
    return new TestPlace(settings, database, options.remove ?? (() => undefined), clock);
  }

  static async sqlite(changes: Partial<SqliteSettings> = {}): Promise<TestPlace> {
    const folder = mkdtempSync(join(tmpdir(), 'oxtender-storage-'));
    return TestPlace.make(sqliteSettings(folder, changes), { remove: () => rmSync(folder, { recursive: true }) });
  }

  /** Undefined when MariaDB is not installed. */
  static async mariaDb(changes: Partial<MysqlSettings> = {}): Promise<TestPlace | undefined> {
    const server = await sharedMariaDb();
    if (!server) return undefined;
    const name = server.createDatabase();
    return TestPlace.make(mysqlSettings(server, name, changes), { remove: () => server.dropDatabase(name) });
  }

  async another(): Promise<Database & AsyncDisposable> {
    const { clock, logger } = this;
    const database = await openDatabase({ database: this.settings, updateTaskWait: 10_000 }, { clock, logger });
    this.#opened.push(database);
    return database;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const database of this.#opened) await database[Symbol.asyncDispose]();
    this.remove();
  }
}

/** Every kind of database that the suites run on. */
export const dialects: readonly { readonly name: string; readonly make: () => Promise<TestPlace | undefined> }[] = [
  { name: 'SQLite', make: () => TestPlace.sqlite() },
  { name: 'MariaDB', make: () => TestPlace.mariaDb() },
];
