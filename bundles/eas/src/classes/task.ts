import type { Patch, Task } from '@oxtender/bundle-api';
import { type FieldTable, type TableField, field, fieldTable } from '../protocol/field-table';
import { invalid, text, textList } from '../protocol/fields';
import { parseFlag } from '../protocol/schema';
import { formatDateTime, parseDateTime } from '../values/date-time';
import { type Element, type Tag, Tasks, element } from '../wbxml';
import { bodyFields } from './body';
import { importanceField, sensitivityField } from './importance';
import type { ItemContext } from './item-context';
import { taskRecurrenceField } from './task-recurrence';
import { taskDates, writeTaskDate } from './task-dates';

/** Tasks class. [MS-ASTASK] "Elements". Model: {@link Task}. */
export const taskFields: FieldTable<Task, ItemContext> = fieldTable<Task, ItemContext>([
  ...bodyFields<Task>({
    body: Tasks.Body,
    size: Tasks.BodySize,
    truncated: Tasks.BodyTruncated,
    compressedRtf: Tasks.CompressedRTF,
  }),
  text(Tasks.Subject, 'title'),
  importanceField(Tasks.Importance),
  ...dateFields('start', { local: Tasks.StartDate, utc: Tasks.UtcStartDate }),
  ...dateFields('due', { local: Tasks.DueDate, utc: Tasks.UtcDueDate }),
  textList(Tasks.Categories, Tasks.Category, 'categories', { max: 300 }),
  taskRecurrenceField,
  field({
    tag: Tasks.Complete,
    keys: ['status'],
    missing: 'keep',
    write: ({ status }) => element(Tasks.Complete, status === 'done' ? 1 : 0),
    read: (read) =>
      (parseFlag(read.text) ?? invalid(Tasks.Complete))
        ? { status: 'done', percentCompleted: 100 }
        : { status: 'not-started', percentCompleted: 0, completedAt: null },
  }),
  field({
    tag: Tasks.DateCompleted,
    keys: ['completedAt'],
    missing: 'keep',
    write: ({ status, completedAt }) =>
      status === 'done' && completedAt !== undefined
        ? element(Tasks.DateCompleted, formatDateTime(completedAt))
        : undefined,
    read: (read, context) => (isSet(context, Tasks.Complete) ? moment('completedAt', read) : undefined),
  }),
  sensitivityField(Tasks.Sensitivity),
  field({
    tag: Tasks.ReminderSet,
    keys: ['reminder'],
    write: ({ reminder }) => element(Tasks.ReminderSet, reminder === undefined ? 0 : 1),
    read: (read) => ((parseFlag(read.text) ?? invalid(Tasks.ReminderSet)) ? undefined : { reminder: null }),
  }),
  field({
    tag: Tasks.ReminderTime,
    keys: ['reminder'],
    write: ({ reminder }) =>
      reminder === undefined ? undefined : element(Tasks.ReminderTime, formatDateTime(reminder)),
    read: (read, context) => (isSet(context, Tasks.ReminderSet) ? moment('reminder', read) : undefined),
  }),
]);

/** A date in its two forms, of which either may be missing. */
function dateFields(key: 'start' | 'due', tags: { local: Tag; utc: Tag }): TableField<Task, ItemContext>[] {
  const one = (tag: Tag, form: 'local' | 'utc') =>
    field<Task, ItemContext>({
      tag,
      keys: [key],
      write: (task, { user }) => writeTaskDate(task, { tag, key, form }, user.timeZone),
      read(_, { siblings, user }: ItemContext) {
        const dates = taskDates(siblings, user.timeZone);
        return dates[key] === undefined ? undefined : { [key]: dates[key], allDay: dates.allDay };
      },
    });
  return [one(tags.utc, 'utc'), one(tags.local, 'local')];
}

/** What is no date is passed over. */
function moment(key: 'completedAt' | 'reminder', read: Element): Patch<Task> | undefined {
  const instant = parseDateTime(read.text);
  return instant === undefined ? undefined : { [key]: instant };
}

/** True unless the device says 0. */
function isSet({ siblings }: ItemContext, tag: Tag): boolean {
  const flag: Element | undefined = siblings?.child(tag);
  return flag === undefined || parseFlag(flag.text) !== false;
}
