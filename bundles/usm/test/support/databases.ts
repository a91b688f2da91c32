import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, DisposableStore } from '@oxtender/bundle-api';
import { sharedMariaDb } from '@oxtender/bundle-api/testing';
import { openDatabase, type StorageDatabase, type StorageSettings } from '@oxtender/storage';
import { silentLogger } from './silent-logger';

/** Time as it passes, for what waits for servers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => disposable(setTimeout(callback, milliseconds)),
  setInterval: (callback, milliseconds) => disposable(setInterval(callback, milliseconds)),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

function disposable(timer: NodeJS.Timeout): Disposable {
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** A database that several hosts can open, empty at the beginning. */
export class TestDatabase implements AsyncDisposable {
  readonly #held = new DisposableStore();

  private constructor(private readonly settings: StorageSettings['database']) {}

  static sqlite(): TestDatabase {
    const folder = mkdtempSync(join(tmpdir(), 'usm-'));
    const file = join(folder, 'usm.sqlite');
    const database = new TestDatabase({ dialect: 'sqlite', file, synchronous: 'off', wait: 5000 });
    database.#held.add(() => rmSync(folder, { recursive: true }));
    return database;
  }

  /** Undefined when MariaDB is not installed. */
  static async mariaDb(): Promise<TestDatabase | undefined> {
    const server = await sharedMariaDb();
    if (!server) return undefined;
    const name = server.createDatabase();
    const { host, port, user, password } = server;
    const limits = { pool: { size: 10, wait: 5000, idle: 60_000 }, connectTimeout: 5000, readTimeout: 20_000 };
    const database = new TestDatabase({ dialect: 'mysql', host, port, user, password, database: name, ...limits });
    database.#held.add(() => server.dropDatabase(name));
    return database;
  }

  /** As one more host; it closes with the database. */
  async open(): Promise<StorageDatabase> {
    const settings = { database: this.settings, updateTaskWait: 20_000 };
    return this.#held.add(await openDatabase(settings, { clock: systemClock, logger: silentLogger }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#held.dispose();
  }
}

/** The databases that a suite runs on. */
export const testDatabases = {
  SQLite: (): Promise<TestDatabase | undefined> => Promise.resolve(TestDatabase.sqlite()),
  MariaDB: (): Promise<TestDatabase | undefined> => TestDatabase.mariaDb(),
};
