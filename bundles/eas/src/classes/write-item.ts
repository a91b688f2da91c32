import type { Appointment, Item, ItemClass, MessageFlags } from '@oxtender/bundle-api';
import { type FieldTable, writeApplicationData } from '../protocol/field-table';
import type { Element } from '../wbxml';
import { calendarFields } from './calendar/calendar';
import { contextOfAppointment } from './calendar/calendar-context';
import { contactFields } from './contact';
import { emailFields, flagFields } from './email/email';
import type { ItemContext } from './item-context';
import { noteFields } from './note';
import { taskFields } from './task';

type Writer<C extends ItemClass> = (item: Item<C>, context: ItemContext) => Element[];

const writers: { readonly [C in ItemClass]: Writer<C> } = {
  Contacts: writerOf(contactFields),
  Notes: writerOf(noteFields),
  Tasks: writerOf(taskFields),
  Email: writerOf(emailFields),
  Calendar: (appointment: Appointment, context) =>
    writeApplicationData(calendarFields, appointment, contextOfAppointment(appointment, context)),
};

/**
 * The elements of ApplicationData for an item, in the order of the class's schema.
 *
 * @param serverId - under which the device knows the item; without it, attachments are left out
 */
export function writeItem<C extends ItemClass>(
  itemClass: C,
  item: Item<C>,
  context: ItemContext,
  serverId?: string,
): Element[] {
  return writers[itemClass](item, serverId === undefined ? context : { ...context, serverId });
}

/** The elements of ApplicationData for a mail of which nothing but flags or categories changed. [MS-ASEMAIL] "Read", "Flag". */
export function writeFlags(flags: MessageFlags, context: ItemContext): Element[] {
  return writeApplicationData(flagFields, flags, context);
}

function writerOf<T>(table: FieldTable<T, ItemContext>): (item: T, context: ItemContext) => Element[] {
  return (item, context) => writeApplicationData(table, item, context);
}
