import { MariaDbServer } from './servers/mariadb';
import { RedisServer } from './servers/redis';

export { MariaDbServer } from './servers/mariadb';
export { RedisServer } from './servers/redis';
export { findProgram, freePort } from './servers/programs';

let mariaDb: Promise<MariaDbServer | undefined> | undefined;
let redis: Promise<RedisServer | undefined> | undefined;

/**
 * The MariaDB that all suites of this process share: each makes its own database in it. Undefined when MariaDB is not
 * installed: skip the test, visibly. It ends with the process.
 *
 * @public
 */
export function sharedMariaDb(): Promise<MariaDbServer | undefined> {
  mariaDb ??= MariaDbServer.start();
  return mariaDb;
}

/** As {@link sharedMariaDb}: each suite takes a key prefix of its own. @public */
export function sharedRedis(): Promise<RedisServer | undefined> {
  redis ??= RedisServer.start();
  return redis;
}
