import type { Instant, PlainDate, Task } from '@oxtender/bundle-api';
import { field } from '../protocol/field-table';
import { isAtLeast } from '../protocol/versions';
import { formatDateTime, parseDateTime } from '../values/date-time';
import { writeLocalAndUtc } from '../values/local-date';
import { omit } from '../values/omit';
import { plainDateOf, startOfPlainDate } from '../values/plain-date';
import { toLocal } from '../values/time-zone/zone-offset';
import { Tasks, element } from '../wbxml';
import type { ItemContext } from './item-context';
import { readRecurrence, writeRecurrence } from './recurrence-elements';

/** Occurrences is an unsigned byte here. [MS-ASTASK] "Occurrences". */
const maxOccurrences = 255;

/** [MS-ASTASK] "Recurrence": as in the calendar, with Start, Regenerate and DeadOccur. */
export const taskRecurrenceField = field<Task, ItemContext>({
  tag: Tasks.Recurrence,
  keys: ['recurrence', 'regenerate'],
  write(task, { version, user }) {
    const { recurrence, allDay, start = task.due } = task;
    if (recurrence === undefined || start === undefined) return undefined;
    const isDate = allDay !== false;
    const forms = writeLocalAndUtc({ instant: start, isDate }, user.timeZone);
    const { occurrences } = recurrence;
    const limited =
      occurrences === undefined ? recurrence : { ...recurrence, occurrences: Math.min(occurrences, maxOccurrences) };
    const [type, ...rest] = writeRecurrence(Tasks, limited, {
      version,
      start: plainDateOf(isDate ? start : toLocal(user.timeZone, start)),
      formatUntil: (last) => formatDateTime(startOfPlainDate(last) ?? start),
    });
    // Exchange reads Start as UTC up to 14.1, and as local time, as StartDate is, from 16.0.
    const startText = formatDateTime((isAtLeast(version, '16.0') ? forms.local : forms.utc) ?? start);
    return element(
      Tasks.Recurrence,
      [type, element(Tasks.Start, startText), ...rest],
      element(Tasks.Regenerate, task.regenerate === true ? 1 : 0),
    );
  },
  read(read, { siblings, user }) {
    if (read.children.length === 0) return { recurrence: null, regenerate: null };
    const recurrence = readRecurrence(Tasks, read, readUntil);
    const patch = { recurrence, regenerate: read.child(Tasks.Regenerate)?.text === '1' ? true : null };
    const hasDate = [Tasks.StartDate, Tasks.UtcStartDate, Tasks.DueDate, Tasks.UtcDueDate].some((tag) =>
      siblings?.child(tag),
    );
    const start = hasDate ? undefined : parseDateTime(read.child(Tasks.Start)?.text ?? '');
    return start === undefined ? patch : { ...patch, start: startOfDay(start, user.timeZone) };
  },
});

/** A finished occurrence that a device put aside: a plain task, although it carries the recurrence. [MS-ASTASK] "DeadOccur". */
export function withoutDeadOccurrence(task: Task, deadOccurrence: string | undefined): Task {
  if (deadOccurrence === undefined || Number(deadOccurrence) === 0) return task;
  return omit(task, 'recurrence', 'regenerate');
}

/** Until is a date as DueDate is: local, written as if UTC. */
function readUntil(text: string): PlainDate | undefined {
  const instant = parseDateTime(text);
  return instant === undefined ? undefined : plainDateOf(instant);
}

function startOfDay(start: Instant, zone: string): Instant {
  const isUtcMidnight = start % 86_400_000 === 0;
  return startOfPlainDate(plainDateOf(isUtcMidnight ? start : toLocal(zone, start))) ?? start;
}
