import type {
  Clock,
  DatabaseConnection,
  DatabaseDialect,
  DatabaseSchema,
  Logger,
  TransactionOptions,
} from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import type { Engine } from './engine';
import type { EngineDataSource } from './engine-data-source';
import { runTransaction } from './transaction';

export interface ConnectionTools {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One schema's data source over the engine's connections. */
export class StorageConnection implements DatabaseConnection {
  readonly dialect: DatabaseDialect;
  #onClose: (() => void) | undefined;

  private constructor(
    readonly schema: DatabaseSchema,
    readonly dataSource: EngineDataSource,
    private readonly engine: Engine,
    private readonly tools: ConnectionTools,
  ) {
    this.dialect = engine.dialect;
  }

  static async open(schema: DatabaseSchema, engine: Engine, tools: ConnectionTools): Promise<StorageConnection> {
    return new StorageConnection(schema, await engine.open(schema.entities), engine, tools);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return runTransaction(this.dataSource, work, {
      ...options,
      ...this.tools,
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
