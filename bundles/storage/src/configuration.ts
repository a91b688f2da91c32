import type { MysqlSettings, MysqlTls, RedisSettings, SqliteSettings, StorageSettings } from './settings';

/** The properties of the PID `storage`, as package.json declares them: every default is in there. */
export interface StorageConfiguration {
  readonly 'storage.dialect': 'sqlite' | 'mysql';
  readonly 'storage.updatetasks.wait': number;
  readonly 'sqlite.file': string;
  readonly 'sqlite.synchronous': 'full' | 'normal' | 'off';
  readonly 'sqlite.wait': number;
  readonly 'mysql.host': string;
  readonly 'mysql.port': number;
  readonly 'mysql.socket': string;
  readonly 'mysql.user': string;
  readonly 'mysql.password': string;
  readonly 'mysql.database': string;
  readonly 'mysql.pool.size': number;
  readonly 'mysql.pool.wait': number;
  readonly 'mysql.pool.idle': number;
  readonly 'mysql.connect.timeout': number;
  readonly 'mysql.read.timeout': number;
  readonly 'mysql.tls': boolean;
  readonly 'mysql.tls.ca': string;
  readonly 'mysql.tls.certificate': string;
  readonly 'mysql.tls.key': string;
  readonly 'mysql.tls.verify': boolean;
  readonly 'redis.url': string;
  readonly 'redis.prefix': string;
  readonly 'redis.lock.ttl': number;
  readonly 'redis.timeout': number;
}

/** @param defaultFile - where the embedded database is when the operator does not say */
export function readSettings(configuration: StorageConfiguration, defaultFile: string): StorageSettings {
  return {
    database:
      configuration['storage.dialect'] === 'mysql' ? readMysql(configuration) : readSqlite(configuration, defaultFile),
    updateTaskWait: configuration['storage.updatetasks.wait'],
    ...(configuration['redis.url'] === '' ? {} : { redis: readRedis(configuration) }),
  };
}

function readRedis(configuration: StorageConfiguration): RedisSettings {
  return {
    url: configuration['redis.url'],
    prefix: configuration['redis.prefix'],
    lockTtl: configuration['redis.lock.ttl'],
    timeout: configuration['redis.timeout'],
  };
}

function readSqlite(configuration: StorageConfiguration, defaultFile: string): SqliteSettings {
  return {
    dialect: 'sqlite',
    file: configuration['sqlite.file'] || defaultFile,
    synchronous: configuration['sqlite.synchronous'],
    wait: configuration['sqlite.wait'],
  };
}

function readMysql(configuration: StorageConfiguration): MysqlSettings {
  return {
    dialect: 'mysql',
    host: configuration['mysql.host'],
    port: configuration['mysql.port'],
    ...optional('socket', configuration['mysql.socket']),
    user: configuration['mysql.user'],
    password: configuration['mysql.password'],
    database: configuration['mysql.database'],
    pool: {
      size: configuration['mysql.pool.size'],
      wait: configuration['mysql.pool.wait'],
      idle: configuration['mysql.pool.idle'],
    },
    connectTimeout: configuration['mysql.connect.timeout'],
    readTimeout: configuration['mysql.read.timeout'],
    ...(configuration['mysql.tls'] ? { tls: readTls(configuration) } : {}),
  };
}

function readTls(configuration: StorageConfiguration): MysqlTls {
  return {
    verify: configuration['mysql.tls.verify'],
    ...optional('ca', configuration['mysql.tls.ca']),
    ...optional('certificate', configuration['mysql.tls.certificate']),
    ...optional('key', configuration['mysql.tls.key']),
  };
}

/** An empty property is one that was not set. */
function optional<Key extends string>(key: Key, value: string): Partial<Record<Key, string>> {
  return value === '' ? {} : ({ [key]: value } as Partial<Record<Key, string>>);
}
