import { hostname } from 'node:os';
import type { Engine, EngineTools } from './engine';
import { MysqlEngine } from './mysql/mysql-engine';
import type { StorageSettings } from './settings';
import { SqliteEngine } from './sqlite/sqlite-engine';
import { StorageDatabase } from './storage-database';

/** @throws DatabaseError UNAVAILABLE when the database does not answer */
export async function openDatabase(settings: StorageSettings, tools: EngineTools): Promise<StorageDatabase> {
  const engine = await openEngine(settings.database, tools);
  return new StorageDatabase(engine, { ...tools, server: hostname(), updateTaskWait: settings.updateTaskWait });
}

function openEngine(settings: StorageSettings['database'], tools: EngineTools): Promise<Engine> {
  if (settings.dialect === 'mysql') return MysqlEngine.connect(settings, tools);
  return Promise.resolve(new SqliteEngine(settings, tools));
}
