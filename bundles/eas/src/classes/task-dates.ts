import type { Instant, Task, TimeZoneId } from '@oxtender/bundle-api';
import { formatDateTime, parseDateTime } from '../values/date-time';
import { readLocalAndUtc, writeLocalAndUtc } from '../values/local-date';
import { type Element, type Tag, Tasks, element } from '../wbxml';

/** Start and end of a task as a device wrote them. */
export interface TaskDates {
  readonly start?: Instant;
  readonly due?: Instant;
  readonly allDay: boolean;
}

/** Reads the four elements together: they are dates only if both are. [MS-ASTASK] "StartDate", "UtcStartDate". */
export function taskDates(data: Element | undefined, zone: TimeZoneId): TaskDates {
  const read = (local: Tag, utc: Tag) =>
    readLocalAndUtc({ local: dateOf(data?.child(local)), utc: dateOf(data?.child(utc)) }, zone);
  const start = read(Tasks.StartDate, Tasks.UtcStartDate);
  const due = read(Tasks.DueDate, Tasks.UtcDueDate);
  const allDay = start?.isDate !== false && due?.isDate !== false;
  // A date beside a moment is that date's midnight in the zone.
  const moment = (value: typeof start): Instant | undefined =>
    value === undefined || allDay || !value.isDate ? value?.instant : writeLocalAndUtc(value, zone).utc;
  const [from, to] = [moment(start), moment(due)];
  return { ...(from === undefined ? {} : { start: from }), ...(to === undefined ? {} : { due: to }), allDay };
}

/** One form of one of a task's dates. */
export function writeTaskDate(
  task: Task,
  { tag, key, form }: { tag: Tag; key: 'start' | 'due'; form: 'local' | 'utc' },
  zone: TimeZoneId,
): Element | undefined {
  const instant = task[key];
  if (instant === undefined) return undefined;
  const written = writeLocalAndUtc({ instant, isDate: task.allDay !== false }, zone)[form];
  return written === undefined ? undefined : element(tag, formatDateTime(written));
}

function dateOf(read: Element | undefined): Instant | undefined {
  return read === undefined ? undefined : parseDateTime(read.text);
}
