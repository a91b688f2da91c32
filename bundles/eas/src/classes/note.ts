import type { Note } from '@oxtender/bundle-api';
import { type FieldTable, field, fieldTable } from '../protocol/field-table';
import { invalid, text, textList } from '../protocol/fields';
import { formatCompactDateTime } from '../values/date-time';
import { Notes, element } from '../wbxml';
import { bodyFields } from './body';
import type { ItemContext } from './item-context';

const messageClass = 'IPM.StickyNote';

/** Notes class, from 14.0. [MS-ASNOTE] "Elements". Model: {@link Note}. */
export const noteFields: FieldTable<Note, ItemContext> = fieldTable<Note, ItemContext>([
  text(Notes.Subject, 'subject', { missing: 'keep' }),
  ...bodyFields<Note>(),
  field({
    tag: Notes.LastModifiedDate,
    keys: [],
    write: ({ lastModified }) =>
      lastModified === undefined ? undefined : element(Notes.LastModifiedDate, formatCompactDateTime(lastModified)),
  }),
  textList(Notes.Categories, Notes.Category, 'categories', { max: 300 }),
  field({
    tag: Notes.MessageClass,
    keys: [],
    write: () => element(Notes.MessageClass, messageClass),
    read: (read) =>
      read.text === '' || /^IPM\.StickyNote(\.|$)/i.test(read.text) ? undefined : invalid(Notes.MessageClass),
  }),
]);
