import type { Contact } from '@oxtender/bundle-api';
import { field } from '../protocol/field-table';
import { Contacts } from '../wbxml';
import { ItemError } from '../values/item-error';
import type { ItemContext } from './item-context';
import { texts } from './texts';

/** Longest base64 text of a picture. [MS-ASCNTC] "Picture". */
const maxPicture = 48 * 1024;

/** First bytes of the kinds of picture that devices make, in base64. */
const signatures: readonly (readonly [string, string])[] = [
  ['/9j/', 'image/jpeg'],
  ['iVBORw0KGgo', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['Qk', 'image/bmp'],
];

/** Left out it stays, empty it is removed; one that is too large for the element is not sent at all. */
export const pictureField = field<Contact, ItemContext>({
  tag: Contacts.Picture,
  keys: ['picture'],
  missing: 'keep',
  write: ({ picture }) =>
    picture === undefined || picture.data.length > maxPicture ? undefined : texts(Contacts.Picture, picture.data),
  read(read, { quirks }) {
    const data = read.text.replace(/\s+/g, '');
    if (data.length > maxPicture) throw new ItemError('TOO_LARGE', 'picture is above 48 KB');
    if (data === '') return quirks.ignoreEmptyPicture ? undefined : { picture: null };
    const contentType = signatures.find(([start]) => data.startsWith(start))?.[1] ?? 'image/jpeg';
    return { picture: { contentType, data } };
  },
});
