import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { LedgerEntry } from '../update-tasks/ledger';

/** What the thread is to do. */
export type SnapshotTask =
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'check'; readonly file: string };

/** What it says meanwhile, and at last. */
export type SnapshotMessage =
  { readonly kind: 'progress'; readonly percent: number } | { readonly kind: 'done'; readonly report: SnapshotReport };

/** What a database file is. */
export interface SnapshotReport {
  readonly bytes: number;
  /** Update tasks that ran on it; none: it is no database of this program. */
  readonly tasks: readonly Pick<LedgerEntry, 'schemaName' | 'taskName' | 'successful'>[];
}

/** Pages that are copied before progress is told. */
const pagesAtOnce = 2000;

function tell(message: SnapshotMessage): void {
  parentPort?.postMessage(message);
}

/** One moment of a database that others go on writing: the transaction keeps it as it was when the copy began (WAL). */
async function copy(from: string, to: string): Promise<void> {
  const source = new Sqlite(from, { fileMustExist: true, timeout: 10_000 });
  try {
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        tell({
          kind: 'progress',
          percent: Math.floor((100 * (totalPages - remainingPages)) / Math.max(1, totalPages)),
        });
        return pagesAtOnce;
      },
    });
  } finally {
    source.close();
  }
  const target = new Sqlite(to);
  try {
    // One file, without a log beside it.
    target.pragma('journal_mode = DELETE');
  } finally {
    target.close();
  }
}

/** @throws Error when a page, an index or a row is damaged */
function check(file: string): SnapshotReport {
  const database = new Sqlite(file, { fileMustExist: true, readonly: true });
  try {
    const faults = (database.pragma('integrity_check(5)') as { integrity_check: string }[])
      .map((row) => row.integrity_check)
      .filter((text) => text !== 'ok');
    if (faults.length > 0) throw new Error(`the database is damaged: ${faults.join('; ')}`);
    const bytes =
      (database.pragma('page_count', { simple: true }) as number) *
      (database.pragma('page_size', { simple: true }) as number);
    return { bytes, tasks: tasksIn(database) };
  } finally {
    database.close();
  }
}

function tasksIn(database: Sqlite.Database): SnapshotReport['tasks'] {
  const hasTable = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'updateTask'").get();
  if (hasTable === undefined) return [];
  const rows = database.prepare('SELECT schemaName, taskName, successful FROM updateTask').all() as {
    schemaName: string;
    taskName: string;
    successful: number;
  }[];
  return rows.map((row) => ({ ...row, successful: row.successful === 1 }));
}

async function run(task: SnapshotTask): Promise<SnapshotReport> {
  try {
    if (task.kind === 'copy') await copy(task.from, task.to);
    return check(task.kind === 'copy' ? task.to : task.file);
  } catch (error) {
    // Of SQLite's own errors only the code would reach the other thread.
    if (error instanceof Sqlite.SqliteError) throw new Error(error.message, { cause: error.code });
    throw error;
  }
}

void run(workerData as SnapshotTask).then((report) => tell({ kind: 'done', report }));
