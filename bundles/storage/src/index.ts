export { InProcessClusterBus } from './cluster/in-process-cluster-bus';
export { RedisClusterBus } from './cluster/redis-cluster-bus';
export { openDatabase } from './open-database';
export type { MysqlSettings, MysqlTls, RedisSettings, SqliteSettings, StorageSettings } from './settings';
export { StorageDatabase } from './storage-database';
