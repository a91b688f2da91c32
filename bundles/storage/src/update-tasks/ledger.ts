import type { Clock, UpdateTask } from '@oxtender/bundle-api';
import { DatabaseError } from '@oxtender/bundle-api';
import { type EntityManager, QueryFailedError } from 'typeorm';

/** Context id of what concerns the whole database, as Open-Xchange has it. */
const allContexts = 0;

/**
 * `version`: where each schema stands; `locked` is for people, the lock is elsewhere. `updateTask`: every task that ran; made
 * last, so that whoever sees it sees both. Names and columns as in an Open-Xchange database, and a few more.
 */
const tables = {
  version: `schemaName VARCHAR(64) NOT NULL, version INTEGER NOT NULL, locked SMALLINT NOT NULL, server VARCHAR(255) NOT NULL,
    lastModified BIGINT NOT NULL, PRIMARY KEY (schemaName)`,
  updateTask: `cid INTEGER NOT NULL, schemaName VARCHAR(64) NOT NULL, taskName VARCHAR(255) NOT NULL, successful SMALLINT NOT NULL,
    lastModified BIGINT NOT NULL, duration INTEGER NOT NULL, server VARCHAR(255) NOT NULL, error TEXT,
    PRIMARY KEY (cid, schemaName, taskName)`,
};

/** One row of `updateTask`. */
export interface LedgerEntry {
  readonly schemaName: string;
  readonly taskName: string;
  readonly successful: boolean;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly server: string;
  readonly error: string | null;
}

export interface LedgerOptions {
  readonly clock: Clock;
  /** This host's name, for the record. */
  readonly server: string;
  readonly tableOptions: string;
}

/** The tables `version` and `updateTask`. */
export class Ledger {
  constructor(private readonly options: LedgerOptions) {}

  /** @throws DatabaseError UPDATE_TASK_FAILED when the tables are somebody else's */
  async create(manager: EntityManager): Promise<void> {
    for (const [table, columns] of Object.entries(tables)) {
      await manager.query(`CREATE TABLE IF NOT EXISTS ${table} (${columns}) ${this.options.tableOptions}`);
      await claim(manager, table);
    }
  }

  /** Empty when nothing was ever recorded. */
  async entries(manager: EntityManager): Promise<LedgerEntry[]> {
    if (!(await hasTable(manager, 'updateTask'))) return [];
    await claim(manager, 'updateTask');
    const rows = await manager.query<Record<keyof LedgerEntry, unknown>[]>(
      'SELECT schemaName, taskName, successful, lastModified, duration, server, error FROM updateTask WHERE cid = ? ORDER BY lastModified',
      [allContexts],
    );
    return rows.map((row) => ({ ...(row as unknown as LedgerEntry), successful: row.successful === 1 }));
  }

  async record(manager: EntityManager, entry: Omit<LedgerEntry, 'server' | 'lastModified'>): Promise<void> {
    const { clock, server } = this.options;
    const { schemaName, taskName, successful, duration, error } = entry;
    await manager.query('DELETE FROM updateTask WHERE cid = ? AND schemaName = ? AND taskName = ?', [
      allContexts,
      schemaName,
      taskName,
    ]);
    await manager.query(
      'INSERT INTO updateTask (cid, schemaName, taskName, successful, lastModified, duration, server, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [allContexts, schemaName, taskName, successful, clock.now(), Math.round(duration), server, error],
    );
  }

  async setVersion(manager: EntityManager, schemaName: string, version: number, locked: boolean): Promise<void> {
    await manager.query('DELETE FROM version WHERE schemaName = ?', [schemaName]);
    await manager.query(
      'INSERT INTO version (schemaName, version, locked, server, lastModified) VALUES (?, ?, ?, ?, ?)',
      [schemaName, version, locked, this.options.server, this.options.clock.now()],
    );
  }
}

/** What a schema's tasks come to. */
export interface TaskPlan {
  readonly pending: readonly UpdateTask[];
  /** How many of the schema's tasks ran. */
  readonly version: number;
  /** Tasks that ran and that the schema does not know: the database is of a newer version. */
  readonly unknown: readonly string[];
}

export function planTasks(
  schemaName: string,
  tasks: readonly UpdateTask[],
  entries: readonly Pick<LedgerEntry, 'schemaName' | 'taskName' | 'successful'>[],
): TaskPlan {
  const own = entries.filter((entry) => entry.schemaName === schemaName && entry.successful);
  const done = new Set(own.map((entry) => entry.taskName));
  const known = new Set(tasks.map((task) => task.name));
  const pending = tasks.filter((task) => !done.has(task.name));
  return {
    pending,
    version: tasks.length - pending.length,
    unknown: [...done].filter((name) => !known.has(name)),
  };
}

/** An Open-Xchange server keeps tables of these names: its database must not become ours. */
async function claim(manager: EntityManager, table: string): Promise<void> {
  try {
    await manager.query(`SELECT schemaName FROM ${table} LIMIT 1`);
  } catch (cause) {
    if (!(cause instanceof QueryFailedError)) throw cause;
    const advice = 'give OXtender a database of its own';
    const message = `the table \`${table}\` belongs to another program, perhaps Open-Xchange: ${advice}`;
    throw new DatabaseError('UPDATE_TASK_FAILED', message, { cause });
  }
}

async function hasTable(manager: EntityManager, name: string): Promise<boolean> {
  const runner = manager.queryRunner ?? manager.dataSource.createQueryRunner();
  try {
    return await runner.hasTable(name);
  } finally {
    if (!manager.queryRunner) await runner.release();
  }
}
