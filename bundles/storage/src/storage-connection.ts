import type { Cancellable, Clock, DatabaseConnection, DatabaseDialect, DatabaseSchema } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import type { Engine, EngineDataSource } from './engine';
import { runTransaction } from './transaction';

/** One schema's data source over the engine's connections. */
export class StorageConnection implements DatabaseConnection {
  readonly dialect: DatabaseDialect;
  #onClose: (() => void) | undefined;

  private constructor(
    readonly schema: DatabaseSchema,
    readonly dataSource: EngineDataSource,
    private readonly engine: Engine,
    private readonly clock: Clock,
  ) {
    this.dialect = engine.dialect;
  }

  static async open(schema: DatabaseSchema, engine: Engine, clock: Clock): Promise<StorageConnection> {
    return new StorageConnection(schema, await engine.open(schema.entities), engine, clock);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>, options: Partial<Cancellable> = {}): Promise<T> {
    return runTransaction(this.dataSource, work, {
      ...options,
      clock: this.clock,
      mayRepeat: (error) => this.engine.mayRepeat(error),
    });
  }

  /** Called once, when the connection is disposed. */
  onClose(callback: () => void): void {
    this.#onClose = callback;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onClose?.();
    this.#onClose = undefined;
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
