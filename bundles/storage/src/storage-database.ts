import type {
  Cancellable,
  Clock,
  Database,
  DatabaseCheck,
  DatabaseConnection,
  DatabaseSchema,
  Logger,
} from '@oxtender/bundle-api';
import { DatabaseError, isOxtenderError } from '@oxtender/bundle-api';
import type { Engine } from './engine';
import { type ConnectionTools, StorageConnection } from './storage-connection';
import type { TaskReport } from './update-tasks/task-report';
import { UpdateTasks } from './update-tasks/update-tasks';

export interface StorageDatabaseOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this host, for the record of update tasks. */
  readonly server: string;
  /** Milliseconds to wait for another host that runs update tasks. */
  readonly updateTaskWait: number;
}

/** A schema whose update tasks failed. Weak: it must not keep the code of a bundle that was replaced. */
interface FailedSchema {
  readonly schema: WeakRef<DatabaseSchema>;
  readonly error: Error;
}

/** `Database` over an engine, which it owns. */
export class StorageDatabase implements Database, AsyncDisposable {
  readonly engine: Engine;
  readonly #tools: ConnectionTools;
  readonly #updateTasks: UpdateTasks;
  /** Of the schemas that are connected or about to be. */
  readonly #names = new Set<string>();
  readonly #connected = new Map<string, StorageConnection>();
  readonly #failed = new Map<string, FailedSchema>();

  constructor(engine: Engine, options: StorageDatabaseOptions) {
    this.engine = engine;
    this.#tools = { clock: options.clock, logger: options.logger };
    this.#updateTasks = new UpdateTasks(engine, { ...options, wait: options.updateTaskWait });
  }

  /** The schemas that are connected, or would be if their update tasks had not failed. */
  get schemas(): readonly DatabaseSchema[] {
    const failed = [...this.#failed.values()]
      .map(({ schema }) => schema.deref())
      .filter((schema) => schema !== undefined);
    return [...[...this.#connected.values()].map(({ schema }) => schema), ...failed];
  }

  /** Names of schemas whose update tasks are running. */
  get opening(): readonly string[] {
    return [...this.#names].filter((name) => !this.#connected.has(name));
  }

  /** Of schemas whose update tasks failed, and whose bundle is still there. */
  get failures(): readonly Error[] {
    return [...this.#failed.values()].filter(({ schema }) => schema.deref()).map(({ error }) => error);
  }

  get checks(): readonly { schema: string; check: DatabaseCheck; connection: DatabaseConnection }[] {
    return [...this.#connected.values()].flatMap((connection) =>
      (connection.schema.checks ?? []).map((check) => ({ schema: connection.schema.name, check, connection })),
    );
  }

  async connect(schema: DatabaseSchema, { signal }: Cancellable): Promise<DatabaseConnection> {
    signal.throwIfAborted();
    const { name } = schema;
    if (this.#names.has(name)) throw new DatabaseError('BUSY', `schema ${name} is connected already`);
    this.#names.add(name);
    try {
      const connection = await this.#open(schema, { signal });
      this.#connected.set(name, connection);
      connection.onClose(() => {
        this.#names.delete(name);
        this.#connected.delete(name);
      });
      return connection;
    } catch (error) {
      this.#names.delete(name);
      throw error;
    }
  }

  /**
   * Runs the tasks of a schema that failed to connect.
   *
   * @returns true when it had failed, and now would connect
   * @throws DatabaseError as `connect`
   */
  async runTasks(name: string, { signal }: Cancellable): Promise<boolean> {
    const schema = this.#failed.get(name)?.schema.deref();
    if (!schema) return false;
    await (await this.#open(schema, { signal }))[Symbol.asyncDispose]();
    return true;
  }

  /** Runs the update tasks of a schema that nobody has connected yet. @throws DatabaseError as `connect` */
  async prepare(schema: DatabaseSchema, { signal }: Cancellable): Promise<void> {
    await (await this.#open(schema, { signal }))[Symbol.asyncDispose]();
  }

  /** Every task that is known or was recorded. */
  async taskReports(): Promise<TaskReport[]> {
    await using connection = await StorageConnection.open(noSchema, this.engine, this.#tools);
    return await this.#updateTasks.reports(this.schemas, connection.dataSource.manager);
  }

  /** One statement of the operators' that belongs to no schema. */
  async ask(sql: string): Promise<Record<string, unknown>[]> {
    await using connection = await StorageConnection.open(noSchema, this.engine, this.#tools);
    return await connection.dataSource.manager.query(sql);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of [...this.#connected.values()]) await connection[Symbol.asyncDispose]();
    await this.engine.close();
  }

  async #open(schema: DatabaseSchema, { signal }: Cancellable): Promise<StorageConnection> {
    const connection = await StorageConnection.open(schema, this.engine, this.#tools);
    try {
      await this.#runTasks(connection, { signal });
      return connection;
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #runTasks(connection: StorageConnection, { signal }: Cancellable): Promise<void> {
    const { schema, dataSource } = connection;
    try {
      await this.#updateTasks.run(schema, dataSource, { signal });
      this.#failed.delete(schema.name);
    } catch (error) {
      if (isOxtenderError(error, 'UPDATE_TASK_FAILED'))
        this.#failed.set(schema.name, { schema: new WeakRef(schema), error });
      throw error;
    }
  }
}

/** For what concerns the database and no schema. */
const noSchema: DatabaseSchema = { name: 'storage', entities: [], tasks: [] };
