import type { Clock, Logger, TransactionOptions } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import { backOffDelay } from './back-off';
import type { EngineDataSource } from './engine-data-source';

/** How often a transaction is run before its error is the caller's. */
const attempts = 8;
const backOff = { first: 4, longest: 250 };

/** What must be said to the database: nothing for how sessions are set. */
const levels = { serializable: 'SERIALIZABLE', 'read-committed': undefined } as const;

export interface TransactionRun extends TransactionOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** True when the database undid everything and running again may succeed. */
  readonly mayRepeat: (error: unknown) => boolean;
}

/** `DatabaseConnection.transaction`. */
export async function runTransaction<T>(
  dataSource: EngineDataSource,
  work: (manager: EntityManager) => Promise<T>,
  { clock, logger, mayRepeat, ...options }: TransactionRun,
): Promise<T> {
  const { signal } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await runOnce(dataSource, work, options);
    } catch (error) {
      if (attempt === attempts || !mayRepeat(error)) throw error;
      logger.debug('transaction runs again', { attempt, error });
    }
    await clock.sleep(backOffDelay(backOff, attempt), signal ? { signal } : {});
  }
}

async function runOnce<T>(
  dataSource: EngineDataSource,
  work: (manager: EntityManager) => Promise<T>,
  { isolation = 'serializable', signal }: TransactionOptions,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  runner.waitSignal = signal;
  try {
    await runner.startTransaction(levels[isolation]);
    const result = await work(runner.manager);
    await runner.commitTransaction();
    return result;
  } finally {
    await runner.release();
  }
}
