import type { Appointment } from './appointment';
import type { Contact } from './contact';
import type { Message } from './message';
import type { Note } from './note';
import type { Task } from './task';
import type { ItemClass, Patch } from './values';

/** The record of each class. @public */
export interface ItemOfClass {
  readonly Email: Message;
  readonly Contacts: Contact;
  readonly Calendar: Appointment;
  readonly Tasks: Task;
  readonly Notes: Note;
}

/** The record of class `C`, or of any class. @public */
export type Item<C extends ItemClass = ItemClass> = ItemOfClass[C];

/** A partial change of an item. For Calendar, `exceptions` stands for the complete list. @public */
export type ItemPatch<C extends ItemClass = ItemClass> = { [K in C]: Patch<ItemOfClass[K]> }[C];
