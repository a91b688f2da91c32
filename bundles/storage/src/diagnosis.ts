import { type Clock, type DiagnosticCheck, type Finding } from '@oxtender/bundle-api';
import type { RedisClusterBus } from './cluster/redis-cluster-bus';
import type { DatabaseService } from './database-service';
import type { MysqlSettings, StorageSettings } from './settings';
import type { StorageDatabase } from './storage-database';

/** Bytes of the largest row that MySQL must take: a device's state with much in it. */
const neededPacket = 16 * 2 ** 20;
/** Milliseconds that a database may take to say hello. */
const slow = 100;
/** Seconds that the clocks of host and database may differ. */
const clockSkew = 5;

type Reached = Pick<DatabaseService, 'database' | 'failure'>;

/** What `oxtender doctor` looks at in the database. */
export function databaseChecks(
  service: Reached,
  { database: settings }: StorageSettings,
  clock: Pick<Clock, 'now'>,
): DiagnosticCheck[] {
  return [
    {
      name: 'database',
      run: async () => {
        const { database, failure } = service;
        if (!database) return [unreachable(failure)];
        const answered = await responseTime(database);
        return [answered, ...(settings.dialect === 'mysql' ? await mysqlFindings(database, settings, clock) : [])];
      },
    },
    {
      name: 'migrations',
      run: async () => {
        const { database, failure } = service;
        return database ? migrationFindings(database) : [unreachable(failure)];
      },
    },
  ];
}

/** @param bus - undefined: this host carries the load alone */
export function clusterCheck(bus?: Pick<RedisClusterBus, 'connected' | 'failure'>): DiagnosticCheck {
  const find = (): Finding => {
    if (!bus) return { verdict: 'skipped', message: 'this host is alone: redis.url is not set' };
    if (bus.connected)
      return { verdict: 'ok', message: 'Redis answers: notices, locks and counters reach the other hosts' };
    return {
      verdict: 'fail',
      message: `Redis is away: ${bus.failure ?? 'no connection yet'}`,
      remedy: 'start Redis, and compare redis.url in storage.properties',
    };
  };
  return { name: 'cluster', run: () => Promise.resolve([find()]) };
}

function unreachable(failure: Error | undefined): Finding {
  return {
    verdict: 'fail',
    message: `the database cannot be reached: ${failure?.message ?? 'not yet tried'}`,
    remedy: 'start it, and compare storage.properties with its address, user and password',
  };
}

async function responseTime({ engine }: StorageDatabase): Promise<Finding> {
  await engine.ping();
  const started = performance.now();
  await engine.ping();
  const time = performance.now() - started;
  const message = `${engine.description} answers within ${time.toFixed(1)} ms`;
  if (time < slow) return { verdict: 'ok', message };
  return { verdict: 'warn', message, remedy: 'each request of a phone asks several times: bring the database nearer' };
}

async function migrationFindings(database: StorageDatabase): Promise<Finding[]> {
  const reports = (await database.taskReports()).filter(({ known }) => known);
  const left = reports.filter(({ state }) => state !== 'done');
  if (left.length === 0) return [{ verdict: 'ok', message: `all ${reports.length} update tasks ran` }];
  return left.map(({ schema, task, state, note }) => ({
    verdict: 'fail',
    message: `update task ${task} of ${schema} ${state === 'failed' ? `failed: ${note}` : 'did not run'}`,
    remedy: `mend what it says, then: oxtender updatetasks run ${schema}`,
  }));
}

async function mysqlFindings(
  database: StorageDatabase,
  { pool }: MysqlSettings,
  clock: Pick<Clock, 'now'>,
): Promise<Finding[]> {
  const [row = {}] = await database.ask(
    'SELECT VERSION() AS version, @@max_connections AS connections, @@max_allowed_packet AS packet, UNIX_TIMESTAMP(NOW(3)) AS now',
  );
  const connections = Number(row['connections']);
  const packet = Number(row['packet']);
  const skew = Math.abs(Number(row['now']) - clock.now() / 1000);
  const findings: Finding[] = [{ verdict: 'ok', message: `MySQL ${String(row['version'])}` }];
  if (connections <= pool.size)
    findings.push({
      verdict: 'fail',
      message: `the server takes ${connections} connections, and this host alone wants ${pool.size}`,
      remedy: 'raise max_connections above mysql.pool.size times the number of hosts',
    });
  if (packet < neededPacket)
    findings.push({
      verdict: 'warn',
      message: `max_allowed_packet is ${packet} bytes: states of large folders may not fit`,
      remedy: 'set max_allowed_packet = 64M',
    });
  if (skew > clockSkew)
    findings.push({
      verdict: 'warn',
      message: `the clocks of host and database differ by ${Math.round(skew)} s`,
      remedy: 'have both follow the same time servers (timedatectl)',
    });
  return findings;
}
