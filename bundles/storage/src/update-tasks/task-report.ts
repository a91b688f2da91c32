import type { DatabaseSchema } from '@oxtender/bundle-api';
import type { LedgerEntry } from './ledger';

/** One update task as an operator sees it. */
export interface TaskReport {
  readonly schema: string;
  readonly task: string;
  readonly state: 'done' | 'failed' | 'pending';
  /** False for a task of a bundle that is not running. */
  readonly known: boolean;
  /** Milliseconds since 1970. */
  readonly at?: number;
  /** Milliseconds. */
  readonly duration?: number;
  readonly server?: string;
  /** The error of a failed one, else what it does. */
  readonly note: string;
}

/** The tasks of the schemas in their order, then what else was recorded. */
export function reportTasks(schemas: readonly DatabaseSchema[], entries: readonly LedgerEntry[]): TaskReport[] {
  const known = schemas.flatMap(({ name: schema, tasks }) =>
    tasks.map(({ name: task, description }) => {
      const entry = entries.find((candidate) => candidate.schemaName === schema && candidate.taskName === task);
      return entry ? recorded(entry, description) : pending(schema, task, description);
    }),
  );
  const isKnown = (entry: LedgerEntry): boolean =>
    known.some((report) => report.schema === entry.schemaName && report.task === entry.taskName);
  return [
    ...known,
    ...entries.filter((entry) => !isKnown(entry)).map((entry) => ({ ...recorded(entry, ''), known: false })),
  ];
}

function pending(schema: string, task: string, note: string): TaskReport {
  return { schema, task, state: 'pending', known: true, note };
}

function recorded(entry: LedgerEntry, description: string): TaskReport {
  const { schemaName, taskName, successful, lastModified, duration, server, error } = entry;
  return {
    schema: schemaName,
    task: taskName,
    state: successful ? 'done' : 'failed',
    known: true,
    at: lastModified,
    duration,
    server,
    note: error ?? description,
  };
}
