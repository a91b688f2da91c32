import type { ItemPatch, Message } from '@oxtender/bundle-api';
import { ItemError } from '../../values/item-error';
import { Email2, type Element, type Tag } from '../../wbxml';
import { changedFields, readItemData } from '../item-change';
import type { ItemContext } from '../item-context';
import { flagFields } from './email';

/** What a device must not try to change. [MS-ASEMAIL] "Sender", "ReceivedAsBcc", "ConversationId", "UmCallerID", "UmUserNotes". */
const readOnly: readonly Tag[] = [
  Email2.Sender,
  Email2.ReceivedAsBcc,
  Email2.ConversationId,
  Email2.UmCallerID,
  Email2.UmUserNotes,
];

/**
 * What a device changed of a mail: its flags and categories. What it leaves out stays.
 *
 * @throws ItemError READ_ONLY, INVALID_VALUE
 */
export function readFlagsChange(data: Element, context: ItemContext): (current: Message) => ItemPatch<'Email'> {
  const forbidden = readOnly.find((tag) => data.child(tag) !== undefined);
  if (forbidden !== undefined) throw new ItemError('READ_ONLY', `${forbidden.name} is not the device's to change`);
  readItemData(flagFields, data, context);
  const frames = { table: flagFields, write: context, read: () => context };
  return (current) => changedFields(frames, current, data, { missing: 'keep' });
}
