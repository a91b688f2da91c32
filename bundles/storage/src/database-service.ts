import type { BundleContext, Cancellable, Clock, Logger, Metrics, ServiceRegistration } from '@oxtender/bundle-api';
import { Database } from '@oxtender/bundle-api';
import { backOffDelay } from './back-off';
import { openDatabase } from './open-database';
import type { StorageSettings } from './settings';
import { observeLoad, observeStatements, type StatementObserver } from './statement-metrics';
import type { StorageDatabase } from './storage-database';

/** How soon an unreachable database is asked again. */
const backOff = { first: 250, longest: 15_000 };

/** Longest wait, in milliseconds, for consumers that let go of the service. */
const drain = 10_000;

export interface DatabaseServiceOptions {
  readonly context: BundleContext;
  readonly settings: StorageSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Registers `Database` when the database answers for the first time: its consumers wait as long, and need not know how to. Later
 * outages are theirs to see, as errors of statements.
 */
export class DatabaseService implements AsyncDisposable {
  readonly #options: DatabaseServiceOptions;
  readonly #observe: StatementObserver;
  readonly #stopping = new AbortController();
  #opening: Promise<void> = Promise.resolve();
  #registration: ServiceRegistration | undefined;
  /** Undefined until it was reached. */
  database: StorageDatabase | undefined;
  /** Why it was not reached the last time. */
  failure: Error | undefined;

  constructor(options: DatabaseServiceOptions) {
    this.#options = options;
    this.#observe = observeStatements(options.metrics);
    observeLoad(options.metrics, () => this.database?.engine.load);
  }

  /** Resolves after the first attempt; further ones go on by themselves. */
  async start(): Promise<void> {
    await this.#open();
    if (!this.database) this.#opening = this.#openUntilReached({ signal: this.#stopping.signal });
  }

  /** Takes the service away and offers it anew: consumers that failed to connect try again. */
  async republish(): Promise<void> {
    await this.#withdraw();
    this.#publish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#opening;
    await this.#withdraw();
    await this.database?.[Symbol.asyncDispose]();
    this.database = undefined;
  }

  async #openUntilReached({ signal }: Cancellable): Promise<void> {
    const { clock } = this.#options;
    for (let attempt = 1; !this.database; attempt++) {
      await clock.sleep(backOffDelay(backOff, attempt), { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.#open();
    }
  }

  async #open(): Promise<void> {
    const { settings, clock, logger } = this.#options;
    try {
      this.database = await openDatabase(settings, { clock, logger, observe: this.#observe });
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      logger.warn('database not reached', { error });
      return;
    }
    this.failure = undefined;
    logger.info('database reached', { database: this.database.engine.description });
    this.#publish();
  }

  /** Resolves when its consumers have let go, so that what they are just doing still gets its answer. */
  async #withdraw(): Promise<void> {
    const registration = this.#registration;
    this.#registration = undefined;
    await registration?.unregister({ drain });
  }

  #publish(): void {
    const { database } = this;
    if (database && !this.#stopping.signal.aborted)
      this.#registration = this.#options.context.registerService(Database, database);
  }
}
