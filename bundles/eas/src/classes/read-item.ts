import {
  type Appointment,
  type Contact,
  type Instant,
  type Item,
  type ItemClass,
  type ItemPatch,
  type Note,
  type Task,
} from '@oxtender/bundle-api';
import type { FieldTable } from '../protocol/field-table';
import { type Element, Tasks } from '../wbxml';
import { mergeBody } from './body';
import { readAppointmentChange, readOccurrenceChange } from './calendar/appointment-change';
import { readNewAppointment } from './calendar/new-appointment';
import { contactFields } from './contact';
import { readNewMessage } from './email/draft';
import { readMessageChange } from './email/message-change';
import { type Merges, changedFields, readItemData, withoutNulls } from './item-change';
import type { ItemContext } from './item-context';
import { noteFields } from './note';
import { withoutDeadOccurrence } from './task-recurrence';
import { taskFields } from './task';

/** A change as a function of the item that the groupware has. */
export type ItemChange<C extends ItemClass> = (current: Item<C>) => ItemPatch<C>;

/** How each class reads what a device sent. */
interface ClassReader<C extends ItemClass> {
  readonly readNew: (data: Element, context: ItemContext) => Item<C>;
  readonly readChange: (data: Element, context: ItemContext, occurrence?: Instant) => ItemChange<C>;
}

const readers: { readonly [C in ItemClass]: ClassReader<C> } = {
  Contacts: readerOf<Contact>(contactFields, { body: mergeBody }),
  Notes: readerOf<Note>(noteFields, { body: mergeBody }),
  Tasks: taskReader(),
  Calendar: {
    readNew: readNewAppointment,
    readChange: (data, context, occurrence): ((current: Appointment) => ItemPatch<'Calendar'>) =>
      occurrence === undefined ? readAppointmentChange(data, context) : readOccurrenceChange(data, context, occurrence),
  },
  Email: { readNew: readNewMessage, readChange: readMessageChange },
};

/**
 * The item that a device made.
 *
 * @param data - ApplicationData
 * @throws ItemError when it breaks a rule of its class
 */
export function readNewItem<C extends ItemClass>(itemClass: C, data: Element, context: ItemContext): Item<C> {
  return readers[itemClass].readNew(data, context);
}

/**
 * The change that a device made. It is a function of the item as it is now, because a device sends back what it was told:
 * what it says again is no change, and what it was never told stays.
 *
 * @param occurrence - InstanceId of 16.x: the patch then is one of an `AppointmentException`
 * @throws ItemError at once when the data break a rule of their class, from the function when they do not fit the item
 */
export function readChange<C extends ItemClass>(
  itemClass: C,
  data: Element,
  context: ItemContext,
  occurrence?: Instant,
): ItemChange<C> {
  return readers[itemClass].readChange(data, context, occurrence);
}

function readerOf<T>(table: FieldTable<T, ItemContext>, merges: Merges<T>) {
  return {
    readNew: (data: Element, context: ItemContext): T => withoutNulls(readItemData(table, data, context).patch),
    readChange: (data: Element, context: ItemContext) => {
      readItemData(table, data, context);
      const frames = { table, write: context, read: () => context };
      return (current: T) => changedFields(frames, current, data, { missing: 'clear', merges });
    },
  };
}

function taskReader(): ClassReader<'Tasks'> {
  const { readNew, readChange: readTaskChange } = readerOf<Task>(taskFields, { body: mergeBody });
  return {
    readNew: (data, context) =>
      withoutDeadOccurrence(readNew(data, context), data.child(Tasks.Recurrence)?.child(Tasks.DeadOccur)?.text),
    readChange: readTaskChange,
  };
}
