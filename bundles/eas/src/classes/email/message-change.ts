import type { ItemPatch, Message } from '@oxtender/bundle-api';
import { isAtLeast } from '../../protocol/versions';
import { ItemError } from '../../values/item-error';
import { Email2, type Element, type Tag } from '../../wbxml';
import { changedAttachments } from '../attachments';
import { changedFields, readItemData } from '../item-change';
import type { ItemContext } from '../item-context';
import { draftFields } from './draft';
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
 * What a device changed of a mail: its flags and categories, and of a draft from 16.0 all that it wrote. What it leaves
 * out stays.
 *
 * @throws ItemError READ_ONLY, INVALID_VALUE
 */
export function readMessageChange(data: Element, context: ItemContext): (current: Message) => ItemPatch<'Email'> {
  const forbidden = readOnly.find((tag) => data.child(tag) !== undefined);
  if (forbidden !== undefined) throw new ItemError('READ_ONLY', `${forbidden.name} is not the device's to change`);
  const hasDrafts = isAtLeast(context.version, '16.0');
  readItemData(hasDrafts ? draftFields : flagFields, data, context);
  return (current) => {
    const isDraft = hasDrafts && current.draft === true;
    const frames = { table: isDraft ? draftFields : flagFields, write: context, read: () => context };
    const patch = changedFields(frames, current, data, { missing: 'keep' });
    const attachments = isDraft ? changedAttachments(current.attachments, data) : undefined;
    return attachments === undefined ? patch : { ...patch, attachments };
  };
}
