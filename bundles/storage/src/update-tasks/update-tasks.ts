import type { Cancellable, Clock, DatabaseSchema, Logger, UpdateTask } from '@oxtender/bundle-api';
import { DatabaseError } from '@oxtender/bundle-api';
import type { EntityManager } from 'typeorm';
import type { Engine } from '../engine';
import type { EngineDataSource } from '../engine-data-source';
import { Ledger, planTasks, type TaskPlan } from './ledger';
import { reportTasks, type TaskReport } from './task-report';

export interface UpdateTasksOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this host. */
  readonly server: string;
  /** Milliseconds to wait for another host that runs update tasks. */
  readonly wait: number;
}

/** A task threw. Carries what the record and the operator need. */
class TaskFailure extends Error {
  constructor(
    readonly task: UpdateTask,
    readonly duration: number,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Runs the update tasks of schemas: once, in order, on one host at a time. */
export class UpdateTasks {
  readonly #engine: Engine;
  readonly #options: UpdateTasksOptions;
  readonly #ledger: Ledger;

  constructor(engine: Engine, options: UpdateTasksOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#ledger = new Ledger({ ...options, tableOptions: engine.tableOptions });
  }

  /** Every task that was recorded, or that one of these schemas has. */
  async reports(schemas: readonly DatabaseSchema[], manager: EntityManager): Promise<TaskReport[]> {
    return reportTasks(schemas, await this.#ledger.entries(manager));
  }

  /** @throws DatabaseError UPDATE_TASK_FAILED, BUSY, UNAVAILABLE */
  async run(schema: DatabaseSchema, dataSource: EngineDataSource, { signal }: Cancellable): Promise<void> {
    if ((await this.plan(schema, dataSource.manager)).pending.length === 0) return;
    try {
      await this.#engine.exclusively(dataSource, (manager) => this.#runPending(schema, manager), {
        signal,
        wait: this.#options.wait,
      });
    } catch (error) {
      if (error instanceof TaskFailure) throw await this.#failed(schema, error, dataSource);
      throw error;
    }
  }

  /** @throws DatabaseError UPDATE_TASK_FAILED when the database is of a newer version of the schema */
  async plan(schema: DatabaseSchema, manager: EntityManager): Promise<TaskPlan> {
    const plan = planTasks(schema.name, schema.tasks, await this.#ledger.entries(manager));
    if (plan.unknown.length === 0) return plan;
    throw new DatabaseError(
      'UPDATE_TASK_FAILED',
      `the database was updated by a newer ${schema.name}: it ran ${plan.unknown.join(', ')}. Install that version of ${schema.name}, or restore the backup made before the upgrade`,
    );
  }

  async #runPending(schema: DatabaseSchema, manager: EntityManager): Promise<void> {
    await this.#ledger.create(manager);
    const { pending, version } = await this.plan(schema, manager);
    if (pending.length === 0) return;
    await this.#ledger.setVersion(manager, schema.name, version, true);
    let done = version;
    try {
      for (const task of pending) {
        await this.#runTask(schema, task, manager);
        done++;
      }
    } finally {
      await this.#ledger.setVersion(manager, schema.name, done, false);
    }
  }

  async #runTask(schema: DatabaseSchema, task: UpdateTask, manager: EntityManager): Promise<void> {
    const { clock, logger } = this.#options;
    const { dialect, tableOptions } = this.#engine;
    const started = clock.now();
    try {
      await task.run({ manager, dialect, tableOptions });
    } catch (error) {
      throw new TaskFailure(task, clock.now() - started, error);
    }
    const duration = clock.now() - started;
    await this.#ledger.record(manager, {
      schemaName: schema.name,
      taskName: task.name,
      successful: true,
      duration,
      error: null,
    });
    logger.info('update task ran', { schema: schema.name, task: task.name, duration });
  }

  async #failed(schema: DatabaseSchema, failure: TaskFailure, dataSource: EngineDataSource): Promise<DatabaseError> {
    const { logger } = this.#options;
    const { task, duration, cause } = failure;
    logger.error('update task failed', { schema: schema.name, task: task.name, error: cause });
    try {
      await this.#ledger.create(dataSource.manager);
      await this.#ledger.record(dataSource.manager, {
        schemaName: schema.name,
        taskName: task.name,
        successful: false,
        duration,
        error: failure.message,
      });
    } catch (error) {
      logger.warn('the failure of an update task could not be recorded', { task: task.name, error });
    }
    return new DatabaseError('UPDATE_TASK_FAILED', this.#advice(schema, failure), { cause });
  }

  /** What stands, and what to do. */
  #advice(schema: DatabaseSchema, { task, message }: TaskFailure): string {
    const fact = `update task ${task.name} of ${schema.name} failed: ${message}.`;
    const state =
      this.#engine.dialect === 'sqlite'
        ? 'The database is as it was before.'
        : 'MySQL cannot undo changes of tables: what the task did before the failure stands, tasks before it are complete, and no data of devices was removed by the failure.';
    return `${fact} ${state} Remove the cause and run \`oxtender updatetasks run ${schema.name}\`: it begins this task anew and goes on from there.`;
  }
}
