export { openDatabase } from './open-database';
export type { MysqlSettings, MysqlTls, SqliteSettings, StorageSettings } from './settings';
export { StorageDatabase } from './storage-database';
