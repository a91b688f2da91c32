import type { Cancellable, Clock, Database, DatabaseConnection, DatabaseSchema, Logger } from '@oxtender/bundle-api';
import { DatabaseError } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import type { Engine, EngineDataSource } from './engine';
import { runTransaction } from './transaction';
import { UpdateTasks } from './update-tasks/update-tasks';

export interface StorageDatabaseOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this host, for the record of update tasks. */
  readonly server: string;
  /** Milliseconds to wait for another host that runs update tasks. */
  readonly updateTaskWait: number;
}

/** `Database` over an engine. Owns the engine. */
export class StorageDatabase implements Database, AsyncDisposable {
  readonly engine: Engine;
  readonly updateTasks: UpdateTasks;
  readonly #clock: Clock;
  readonly #connected = new Map<string, StorageConnection>();

  constructor(engine: Engine, options: StorageDatabaseOptions) {
    this.engine = engine;
    this.#clock = options.clock;
    this.updateTasks = new UpdateTasks(engine, { ...options, wait: options.updateTaskWait });
  }

  /** The schemas connected now. */
  get schemas(): readonly DatabaseSchema[] {
    return [...this.#connected.values()].map((connection) => connection.schema);
  }

  async connect(schema: DatabaseSchema, { signal }: Cancellable): Promise<DatabaseConnection> {
    signal.throwIfAborted();
    if (this.#connected.has(schema.name)) throw new DatabaseError('BUSY', `schema ${schema.name} is connected already`);
    const dataSource = await this.engine.open(schema.entities);
    const connection = new StorageConnection(schema, dataSource, this.engine, {
      clock: this.#clock,
      onClose: () => this.#connected.delete(schema.name),
    });
    this.#connected.set(schema.name, connection);
    try {
      await this.updateTasks.run(schema, dataSource, { signal });
      return connection;
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of [...this.#connected.values()]) await connection[Symbol.asyncDispose]();
    await this.engine.close();
  }
}

class StorageConnection implements DatabaseConnection {
  constructor(
    readonly schema: DatabaseSchema,
    readonly dataSource: EngineDataSource,
    private readonly engine: Engine,
    private readonly options: { readonly clock: Clock; readonly onClose: () => void },
  ) {}

  get dialect(): DatabaseConnection['dialect'] {
    return this.engine.dialect;
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>, options: Partial<Cancellable> = {}): Promise<T> {
    return runTransaction(this.dataSource, work, {
      ...options,
      clock: this.options.clock,
      mayRepeat: (error) => this.engine.mayRepeat(error),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.options.onClose();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
