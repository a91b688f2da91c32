import type {
  BundleContext,
  Cancellable,
  Clock,
  DatabaseSchema,
  Logger,
  Metrics,
  ServiceRegistration,
} from '@oxtender/bundle-api';
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
  /** Ends the attempts to open it. */
  #giveUp = new AbortController();
  #exchanging: Promise<void> = Promise.resolve();
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
    if (this.database) this.#publish();
    else this.#opening = this.#openUntilReached({ signal: this.#giveUp.signal });
  }

  /** Takes the service away and offers it anew: consumers that failed to connect try again. */
  async republish(): Promise<void> {
    await this.#withdraw();
    this.#publish();
  }

  /**
   * Takes the database out of service, exchanges what is under it, and offers it again; consumers wait meanwhile. What goes wrong
   * with the new one is undone.
   *
   * @throws what went wrong; the database before is in service again then
   */
  exchange(exchange: { exchange(): Promise<void>; undo(): Promise<void> }): Promise<void> {
    const done = this.#exchanging.then(() => this.#exchange(exchange));
    this.#exchanging = done.catch(() => undefined);
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#exchanging;
    await this.#close();
  }

  async #exchange(exchange: { exchange(): Promise<void>; undo(): Promise<void> }): Promise<void> {
    const schemas = this.database?.schemas ?? [];
    await this.#close();
    try {
      await exchange.exchange();
    } catch (error) {
      await this.start();
      throw error;
    }
    try {
      await this.#openExchanged(schemas);
    } catch (error) {
      await this.#close();
      await exchange.undo();
      await this.start();
      throw error;
    }
  }

  /** Only what the schemas can work with is offered. */
  async #openExchanged(schemas: readonly DatabaseSchema[]): Promise<void> {
    const { signal } = this.#stopping;
    await this.#open();
    const { database } = this;
    if (!database) throw this.failure ?? new Error('the database does not open');
    for (const schema of schemas) await database.prepare(schema, { signal });
    this.#publish();
  }

  /** Resolves when nobody uses the database any more, and nobody tries to open it. */
  async #close(): Promise<void> {
    this.#giveUp.abort();
    await this.#opening;
    this.#giveUp = new AbortController();
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
    this.#publish();
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
