/** Everything the operator can set; `package.json` declares keys, defaults and ranges. Times in milliseconds. */
export interface StorageSettings {
  readonly database: SqliteSettings | MysqlSettings;
  /** Time to wait for another host that runs update tasks. */
  readonly updateTaskWait: number;
  /** Absent: this host carries the load alone. */
  readonly redis?: RedisSettings;
}

export interface RedisSettings {
  /** `redis://[[user]:password@]host[:port][/db]`, `rediss://` with TLS. Holds a password: never logged. */
  readonly url: string;
  /** Begins the name of every key and channel, so that several installations share one Redis. */
  readonly prefix: string;
  /** After which a lock is free whose holder died. */
  readonly lockTtl: number;
  /** Longest silence of Redis before this host goes on alone. */
  readonly timeout: number;
}

export interface SqliteSettings {
  readonly dialect: 'sqlite';
  readonly file: string;
  /** `full`: what was answered survives a power failure. */
  readonly synchronous: 'full' | 'normal' | 'off';
  /** Longest wait for the turn to write. */
  readonly wait: number;
}

export interface MysqlSettings {
  readonly dialect: 'mysql';
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket; replaces host and port. */
  readonly socket?: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly pool: {
    /** Most connections of this host. */
    readonly size: number;
    /** Longest wait for a free one. */
    readonly wait: number;
    /** After which a connection that nobody uses is closed. */
    readonly idle: number;
  };
  readonly connectTimeout: number;
  /** Longest silence of the server within a statement. */
  readonly readTimeout: number;
  /** Absent: no TLS. */
  readonly tls?: MysqlTls;
}

/** Paths of PEM files. */
export interface MysqlTls {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** False accepts any certificate. */
  readonly verify: boolean;
}
