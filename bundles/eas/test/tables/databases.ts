import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConnection, DatabaseSchema, DisposableStore, Logger } from '@oxtender/bundle-api';
import { FakeClock, sharedMariaDb } from '@oxtender/bundle-api/testing';
import { openDatabase, type StorageSettings } from '@oxtender/storage';

const silent = new Proxy({} as Logger, { get: () => () => undefined });
const signal = new AbortController().signal;

/** Every kind of database that the bundle's tables may be in; undefined where it is not installed. */
export const databases: Record<string, (held: DisposableStore) => Promise<StorageSettings['database'] | undefined>> = {
  SQLite: (held) => {
    const folder = mkdtempSync(join(tmpdir(), 'eas-'));
    held.add(() => rmSync(folder, { recursive: true }));
    return Promise.resolve({ dialect: 'sqlite', file: join(folder, 'eas.sqlite'), synchronous: 'off', wait: 5000 });
  },
  MariaDB: async (held) => {
    const server = await sharedMariaDb();
    if (!server) return undefined;
    const { host, port, user, password } = server;
    const database = server.createDatabase();
    held.add(() => server.dropDatabase(database));
    const limits = { pool: { size: 2, wait: 5000, idle: 60_000 }, connectTimeout: 5000, readTimeout: 20_000 };
    return { dialect: 'mysql', host, port, user, password, database, ...limits };
  },
};

/** The tables of a schema in an empty database. */
export async function connected(
  settings: StorageSettings['database'],
  schema: DatabaseSchema,
  held: DisposableStore,
): Promise<DatabaseConnection> {
  const tools = { clock: new FakeClock(), logger: silent };
  const database = held.add(await openDatabase({ database: settings, updateTaskWait: 20_000 }, tools));
  return held.add(await database.connect(schema, { signal }));
}
