import { type Clock, type DiagnosticCheck, type Finding, isOxtenderError } from '@oxtender/bundle-api';
import type { RedisClusterBus } from './cluster/redis-cluster-bus';
import type { DatabaseService } from './database-service';
import { mysqlFindings, remedyFor } from './mysql/diagnosis';
import type { StorageSettings } from './settings';
import type { StorageDatabase } from './storage-database';

/** Milliseconds that a database may take to say hello. */
const slow = 100;
/** How often it is asked for that. */
const attempts = 5;

type Reached = Pick<DatabaseService, 'database' | 'failure'>;

/** What `oxtender doctor` looks at in the database. */
export function databaseChecks(
  service: Reached,
  { database: settings }: StorageSettings,
  clock: Pick<Clock, 'now'>,
): DiagnosticCheck[] {
  const unreachable = (failure: unknown): Finding => ({
    verdict: 'fail',
    message: `the database cannot be reached: ${failure instanceof Error ? failure.message : 'not yet tried'}`,
    remedy:
      settings.dialect === 'mysql'
        ? remedyFor(failure, settings)
        : `see that the user of this host may write ${settings.file} and its folder`,
  });
  const whenReached = async (find: (database: StorageDatabase) => Promise<Finding[]>): Promise<Finding[]> => {
    const { database, failure } = service;
    if (!database) return [unreachable(failure)];
    try {
      return await find(database);
    } catch (error) {
      if (isOxtenderError(error, 'UNAVAILABLE')) return [unreachable(error)];
      throw error;
    }
  };
  return [
    {
      name: 'database',
      run: () =>
        whenReached(async (database) => {
          const answered = await responseTime(database);
          return [answered, ...(settings.dialect === 'mysql' ? await mysqlFindings(database, settings, clock) : [])];
        }),
    },
    { name: 'migrations', run: () => whenReached(migrationFindings) },
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

async function responseTime({ engine }: StorageDatabase): Promise<Finding> {
  // The first one may open a connection, and any may have waited for a busy processor: the fastest tells of the way there.
  await engine.ping();
  let time = Infinity;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const started = performance.now();
    await engine.ping();
    time = Math.min(time, performance.now() - started);
  }
  const message = `${engine.description} answers within ${time.toFixed(1)} ms`;
  if (time < slow) return { verdict: 'ok', message };
  return { verdict: 'warn', message, remedy: 'each request of a phone asks several times: bring the database nearer' };
}

async function migrationFindings(database: StorageDatabase): Promise<Finding[]> {
  if (database.opening.length > 0) return database.opening.map(running);
  const reports = (await database.taskReports()).filter(({ known }) => known);
  const left = reports.filter(({ state }) => state !== 'done');
  if (reports.length === 0) return [{ verdict: 'skipped', message: 'no bundle has asked for its tables yet' }];
  if (left.length === 0) return [{ verdict: 'ok', message: `all ${reports.length} update tasks ran` }];
  return left.map(({ schema, task, state, note }) => ({
    verdict: 'fail',
    message: `update task ${task} of ${schema} ${state === 'failed' ? `failed: ${note}` : 'did not run'}`,
    remedy: `mend what it says, then: oxtender updatetasks run ${schema}`,
  }));
}

function running(schema: string): Finding {
  return {
    verdict: 'warn',
    message: `update tasks of ${schema} are running`,
    remedy: 'phones wait for them: examine again in a minute',
  };
}
