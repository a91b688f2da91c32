import type { Clock, Finding } from '@oxtender/bundle-api';
import type { MysqlSettings } from '../settings';
import type { StorageDatabase } from '../storage-database';
import { mysqlCode } from './errors';
import { missingPrivileges } from './grants';

/** Bytes of the largest row that MySQL must take: a device's state with much in it. */
const neededPacket = 16 * 2 ** 20;
/** Seconds that the clocks of host and database may differ. */
const clockSkew = 5;
/** The oldest that have what the tables need: collations without padding, row locks that skip nothing. */
const oldest = { MariaDB: [10, 5, 0], MySQL: [8, 0, 17] } as const;

type Place = Pick<MysqlSettings, 'user' | 'database' | 'host'>;
type Remedy = (place: Place) => string;

const startIt: Remedy = () => 'start it, and compare mysql.host, mysql.port and mysql.socket with where it listens';
const knowName: Remedy = ({ host }) => `see that this machine finds ${host}: getent hosts ${host}`;
const checkTls: Remedy = () => 'compare mysql.tls and mysql.tls.ca with the certificate of the server';
const permitHost: Remedy = ({ user }) =>
  `at the server: permit ${user} from this machine (SELECT user, host FROM mysql.user)`;

/** What an operator does about a connection that fails, by the codes of the driver. */
const remedies: Readonly<Record<string, Remedy>> = {
  ECONNREFUSED: startIt,
  ENOENT: startIt,
  ETIMEDOUT: () => 'see that no firewall is between this machine and mysql.port of mysql.host',
  ENOTFOUND: knowName,
  EAI_AGAIN: knowName,
  ER_ACCESS_DENIED_ERROR: ({ user }) =>
    `compare mysql.user and mysql.password; at the server: ALTER USER ${user} IDENTIFIED BY '…'`,
  ER_BAD_DB_ERROR: ({ database }) => `at the server: CREATE DATABASE ${database}, or correct mysql.database`,
  ER_DBACCESS_DENIED_ERROR: ({ user, database }) =>
    `at the server: GRANT … ON ${database}.* TO ${user} (docs/database.md)`,
  ER_HOST_NOT_PRIVILEGED: permitHost,
  ER_HOST_IS_BLOCKED: () => 'at the server: FLUSH HOSTS, when what failed before is mended',
  ER_CON_COUNT_ERROR: () => 'raise max_connections above mysql.pool.size times the number of hosts',
  ER_NOT_SUPPORTED_AUTH_MODE: ({ user }) =>
    `at the server: ALTER USER ${user} with caching_sha2_password or mysql_native_password`,
  HANDSHAKE_NO_SSL_SUPPORT: checkTls,
  HANDSHAKE_SSL_ERROR: checkTls,
};

export function remedyFor(failure: unknown, settings: MysqlSettings): string {
  const cause = failure instanceof Error ? failure.cause : undefined;
  const remedy = remedies[mysqlCode(cause)] ?? startIt;
  return remedy(settings);
}

/** What may be wrong with a server that answers. */
export async function mysqlFindings(
  database: StorageDatabase,
  settings: MysqlSettings,
  clock: Pick<Clock, 'now'>,
): Promise<Finding[]> {
  const [row = {}] = await database.ask(
    'SELECT VERSION() AS version, @@max_connections AS connections, @@max_allowed_packet AS packet, UNIX_TIMESTAMP(NOW(3)) AS now',
  );
  return [
    versionFinding(String(row['version'])),
    ...connectionFindings(Number(row['connections']), settings),
    ...packetFindings(Number(row['packet'])),
    ...clockFindings(Number(row['now']), clock),
    ...(await privilegeFindings(database, settings)),
    ...(await tableFindings(database)),
  ];
}

function versionFinding(text: string): Finding {
  const product = /mariadb/i.test(text) ? 'MariaDB' : 'MySQL';
  const message = `${product} ${text}`;
  // MariaDB says 5.5.5- first to those who know MySQL only.
  const version = text
    .replace(/^5\.5\.5-/, '')
    .split(/[.-]/)
    .slice(0, 3)
    .map(Number);
  if (compare(version, oldest[product]) >= 0) return { verdict: 'ok', message };
  return {
    verdict: 'fail',
    message: `${message} is too old`,
    remedy: `upgrade the server to ${product} ${oldest[product].join('.')} or later`,
  };
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = other.findIndex((part, index) => part !== one[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

function connectionFindings(connections: number, { pool }: MysqlSettings): Finding[] {
  if (connections > pool.size) return [];
  return [
    {
      verdict: 'fail',
      message: `the server takes ${connections} connections, and this host alone wants ${pool.size}`,
      remedy: 'raise max_connections above mysql.pool.size times the number of hosts',
    },
  ];
}

function packetFindings(packet: number): Finding[] {
  if (packet >= neededPacket) return [];
  return [
    {
      verdict: 'warn',
      message: `max_allowed_packet is ${packet} bytes: states of large folders may not fit`,
      remedy: 'set max_allowed_packet = 64M',
    },
  ];
}

function clockFindings(now: number, clock: Pick<Clock, 'now'>): Finding[] {
  const skew = Math.abs(now - clock.now() / 1000);
  if (skew <= clockSkew) return [];
  return [
    {
      verdict: 'warn',
      message: `the clocks of host and database differ by ${Math.round(skew)} s`,
      remedy: 'have both follow the same time servers (timedatectl)',
    },
  ];
}

async function privilegeFindings(
  database: StorageDatabase,
  { user, database: name }: MysqlSettings,
): Promise<Finding[]> {
  const rows = await database.ask('SHOW GRANTS FOR CURRENT_USER()');
  const missing = missingPrivileges(
    rows.flatMap((row) => Object.values(row).map(String)),
    name,
  );
  if (missing.length === 0) return [];
  return [
    {
      verdict: 'fail',
      message: `${user} lacks ${missing.join(', ')} on ${name}`,
      remedy: `at the server: GRANT ${missing.join(', ')} ON ${name}.* TO ${user}`,
    },
  ];
}

/** Tables that a dump from elsewhere, or somebody's ALTER TABLE, made others than they were created. */
async function tableFindings(database: StorageDatabase): Promise<Finding[]> {
  const { engine, schemas } = database;
  const own = new Set(
    schemas.flatMap(({ entities }) => entities.map(({ options }) => options.tableName ?? options.name)),
  );
  const rows = await database.ask(
    'SELECT TABLE_NAME AS name, ENGINE AS engine, TABLE_COLLATION AS collation FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
  );
  const collation = /COLLATE (\w+)/.exec(engine.tableOptions)?.[1];
  return rows
    .filter((row) => own.has(String(row['name'])) && (row['engine'] !== 'InnoDB' || row['collation'] !== collation))
    .map((row) => ({
      verdict: 'fail',
      message: `table ${String(row['name'])} is ${String(row['engine'])}, ${String(row['collation'])}: ids may get mixed up`,
      remedy: `ALTER TABLE ${String(row['name'])} ENGINE=InnoDB, CONVERT TO CHARACTER SET utf8mb4 COLLATE ${String(collation)}`,
    }));
}
