import { type ItemKind, kindOf } from './item-kinds';

/** The names of the ten colours that a mail can have. */
const colours = ['Red', 'Blue', 'Green', 'Gray', 'Purple', 'Cyan', 'Pink', 'Orange', 'Lime', 'Yellow'];
const colourOf = (text: string): string =>
  colours.includes(text) ? text : (colours[Number(/\d+$/.exec(text)?.[0] ?? 0) % colours.length] ?? '');

const mail: ItemKind = {
  itemClass: 'Email',
  role: 'inbox',
  fields: ['categories'],
  creatable: false,
  repeats: true,
  make: (tag) => ({ subject: tag, read: false }),
  toField: (_field, value) => [colourOf(value)],
  fromField: (_field, value) => (value as readonly string[] | undefined)?.[0],
  tagOf: (item) => (item as { subject?: string }).subject ?? '',
};

const start = Date.UTC(2027, 2, 1, 9);

/** What OX keeps. It has no notes. */
export const oxItemKinds: readonly ItemKind[] = [
  kindOf('Contacts', 'contacts', ['firstName', 'company', 'body']),
  mail,
  kindOf('Calendar', 'calendar', ['title', 'body'], { start, end: start + 3_600_000, allDay: false, timeZone: 'UTC' }),
  kindOf('Tasks', 'tasks', ['title', 'body']),
];
