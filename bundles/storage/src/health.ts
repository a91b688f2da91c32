import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HealthCheck, HealthResult } from '@oxtender/bundle-api';
import type { RedisClusterBus } from './cluster/redis-cluster-bus';
import type { DatabaseService } from './database-service';
import type { StorageSettings } from './settings';

/** Bytes free on the disk of the embedded database below which the operator is warned. */
const scarce = 256 * 1024 * 1024;

/** Is the database there, up to date, and has it room? */
export function databaseHealth(
  service: Pick<DatabaseService, 'database' | 'failure'>,
  settings: StorageSettings,
): HealthCheck {
  return {
    name: 'database',
    tags: ['ready'],
    run: async (): Promise<HealthResult> => {
      const { database, failure } = service;
      if (!database) return unreachable(failure);
      try {
        await database.engine.ping();
      } catch (error) {
        return unreachable(error);
      }
      const failed = database.failures[0];
      if (failed) return { status: 'CRITICAL', message: failed.message };
      return settings.database.dialect === 'sqlite' ? roomFor(settings.database.file) : { status: 'OK' };
    },
  };
}

/** Are the other hosts heard? */
export function clusterBusHealth(bus: RedisClusterBus): HealthCheck {
  return {
    name: 'cluster-bus',
    tags: ['ready'],
    run: () =>
      bus.connected
        ? { status: 'OK' }
        : {
            status: 'WARN',
            message: `Redis is away (${bus.failure ?? 'no connection yet'}): this host goes on alone, changes made by way of other hosts reach its devices later`,
          },
  };
}

function unreachable(error: unknown): HealthResult {
  const reason = error instanceof Error ? error.message : String(error);
  return { status: 'TEMPORARILY_UNAVAILABLE', message: `the database cannot be reached: ${reason}` };
}

async function roomFor(file: string): Promise<HealthResult> {
  const { bavail, bsize } = await statfs(dirname(file));
  const free = bavail * bsize;
  if (free >= scarce) return { status: 'OK' };
  const message = `only ${Math.floor(free / 2 ** 20)} MiB are free on the disk of ${file}`;
  return { status: 'WARN', message, details: { free } };
}
