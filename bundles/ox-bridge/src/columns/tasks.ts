import type { Task } from '@oxtender/bundle-api';
import { privateFlag } from './calendar';
import { categories, choice, instant, note, roundToDay, text } from './codecs';
import { type ColumnMapping, ColumnTable, column } from './column-table';
import { decodeRecurrence, encodeRecurrence, recurrenceColumns } from './recurrence';

const recurrence: ColumnMapping<Task, unknown> = {
  columns: recurrenceColumns,
  keys: ['recurrence'],
  read(row, at, record) {
    const decoded = decodeRecurrence(row.slice(at, at + recurrenceColumns.length));
    if (decoded) record.recurrence = decoded;
  },
  write(patch, body) {
    Object.assign(body, encodeRecurrence(patch.recurrence ?? null));
  },
};

/** Since 7.6.1: moments, or dates when `full_time`. */
const moments: ColumnMapping<Task, unknown> = {
  columns: [
    [316, 'start_time'],
    [317, 'end_time'],
    [401, 'full_time'],
  ],
  keys: ['start', 'due', 'allDay'],
  read(row, at, record) {
    const [start, end, fullTime] = row.slice(at);
    if (start !== null && start !== undefined) record.start = Number(start);
    if (end !== null && end !== undefined) record.due = Number(end);
    if (record.start !== undefined || record.due !== undefined) record.allDay = fullTime !== false;
  },
  write({ start, due, allDay }, body) {
    const number = (value: number): number => (allDay === false ? value : roundToDay(value));
    if (start !== undefined) body['start_time'] = start === null ? null : number(start);
    if (due !== undefined) body['end_time'] = due === null ? null : number(due);
    // Both ends are dates or moments together; without the word the server takes what it has.
    body['full_time'] = allDay ?? true;
  },
};

/** Before 7.6.1: dates only. */
const dates: ColumnMapping<Task, unknown> = {
  columns: [
    [201, 'start_date'],
    [202, 'end_date'],
  ],
  keys: ['start', 'due'],
  read(row, at, record) {
    const [start, end] = row.slice(at);
    if (start !== null && start !== undefined) record.start = roundToDay(Number(start));
    if (end !== null && end !== undefined) record.due = roundToDay(Number(end));
    if (record.start !== undefined || record.due !== undefined) record.allDay = true;
  },
  write({ start, due }, body) {
    if (start !== undefined) body['start_date'] = start === null ? null : roundToDay(start);
    if (due !== undefined) body['end_date'] = due === null ? null : roundToDay(due);
  },
};

/** Status 1 needs 0 percent and status 3 needs 100, or the server refuses the task. */
const progress: ColumnMapping<Task, unknown> = {
  columns: [
    [300, 'status'],
    [301, 'percent_completed'],
    [315, 'date_completed'],
  ],
  keys: ['status', 'percentCompleted', 'completedAt'],
  read(row, at, record) {
    const [status, percent, completed] = row.slice(at);
    record.status = taskStatus.decode(status) ?? 'not-started';
    record.percentCompleted = Number(percent ?? 0);
    if (record.status === 'done' && completed !== null && completed !== undefined)
      record.completedAt = Number(completed);
  },
  write({ status, percentCompleted, completedAt }, body) {
    const word = status ?? statusFor(percentCompleted);
    if (word !== undefined) {
      body['status'] = taskStatus.encode(word);
      body['percent_completed'] = percentFor(word, percentCompleted);
    }
    if (word === 'done') {
      if (typeof completedAt === 'number') body['date_completed'] = completedAt;
    } else if (word !== undefined || completedAt === null) body['date_completed'] = null;
  },
};

const taskStatus = choice<NonNullable<Task['status']>>([
  ['not-started', 1],
  ['in-progress', 2],
  ['done', 3],
  ['waiting', 4],
  ['deferred', 5],
]);

/** OX HTTP API, "Detailed task data". @param moments - false for servers before 7.6.1 */
export function taskColumns(withMoments: boolean): ColumnTable<Task> {
  return new ColumnTable<Task>([
    column([200, 'title'], 'title', text),
    column([203, 'note'], 'body', note),
    withMoments ? moments : dates,
    progress,
    column(
      [309, 'priority'],
      'importance',
      choice([
        ['low', 1],
        ['normal', 2],
        ['high', 3],
      ]),
    ),
    column([101, 'private_flag'], 'sensitivity', privateFlag),
    column([204, 'alarm'], 'reminder', instant),
    recurrence,
    column([100, 'categories'], 'categories', categories),
    column([223, 'uid'], 'uid', text),
  ]);
}

function statusFor(percent: number | null | undefined): Task['status'] {
  if (percent === undefined) return undefined;
  if (percent === null || percent === 0) return 'not-started';
  return percent >= 100 ? 'done' : 'in-progress';
}

function percentFor(status: NonNullable<Task['status']>, percent: number | null | undefined): number {
  if (status === 'not-started') return 0;
  if (status === 'done') return 100;
  return Math.min(Math.max(percent ?? 0, 0), status === 'in-progress' ? 99 : 100);
}
