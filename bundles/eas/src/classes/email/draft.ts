import type { Mailbox, Message, Patch } from '@oxtender/bundle-api';
import { type FieldTable, type TableField, field, fieldTable } from '../../protocol/field-table';
import { text } from '../../protocol/fields';
import { isAtLeast } from '../../protocol/versions';
import { ItemError } from '../../values/item-error';
import { formatMailboxes, parseMailboxes } from '../../values/mailbox-text';
import { AirSyncBase, Email, Email2, type Element, LargeValue, type Tag } from '../../wbxml';
import { newAttachments } from '../attachments';
import { readBody } from '../body';
import { BodyType } from '../body-selection';
import { importanceField } from '../importance';
import { readItemData, withoutNulls } from '../item-change';
import type { ItemContext } from '../item-context';
import { texts } from '../texts';
import { flagFields } from './email';
import { bodyField } from './mail-body';

/** What a device writes of a draft, from 16.0. [MS-ASEMAIL] "Elements"; [MS-ASCMD] "Add (Sync)". */
export const draftFields: FieldTable<Message, ItemContext> = fieldTable<Message, ItemContext>([
  ...flagFields.fields,
  recipients(Email.To, 'to'),
  recipients(Email.Cc, 'cc'),
  recipients(Email2.Bcc, 'bcc'),
  text<Message>(Email.Subject, 'subject', { missing: 'keep' }),
  importanceField<Message>(Email.Importance),
  { ...bodyField, keys: ['bodies', 'source'], missing: 'keep', read: readContent },
]);

/**
 * A draft that a device made, from 16.0. Some devices send it whole, as MIME: then that is its source; others send its
 * parts, of which the groupware composes it.
 *
 * @throws ItemError READ_ONLY up to 14.1, and in other folders: devices make no mails there
 */
export function readNewMessage(data: Element, context: ItemContext): Message {
  const hasDrafts = isAtLeast(context.version, '16.0') && context.folderRole === 'drafts';
  if (!hasDrafts) throw new ItemError('READ_ONLY', 'a device adds no mail but drafts, from 16.0');
  return {
    read: true,
    ...withoutNulls<Partial<Message>>(readItemData(draftFields, data, context).patch),
    ...newAttachments(data),
    draft: true,
    from: [{ name: context.user.displayName, address: context.user.primaryAddress }],
  };
}

/** True when the device wants the draft to be sent. [MS-ASEMAIL] "Send". */
export function isToBeSent(data: Element): boolean {
  return data.child(Email2.Send) !== undefined;
}

function recipients(tag: Tag, key: 'to' | 'cc' | 'bcc'): TableField<Message, ItemContext> {
  return field<Message, ItemContext>({
    tag,
    keys: [key],
    missing: 'keep',
    write: (message) => texts(tag, formatMailboxes(message[key] ?? [])),
    read(read) {
      const mailboxes: Mailbox[] = parseMailboxes(read.text);
      return { [key]: mailboxes.length === 0 ? null : mailboxes };
    },
  });
}

function bytesOf(data: Element | undefined): Uint8Array {
  const content = data?.content;
  if (content instanceof LargeValue) return content.bytes.read();
  return content instanceof Uint8Array ? content : Buffer.from(data?.text ?? '', 'utf8');
}

function readContent(read: Element): Patch<Message> | undefined {
  const data = read.child(AirSyncBase.Data);
  if (Number(read.child(AirSyncBase.Type)?.text) === BodyType.Mime) {
    return { source: bytesOf(data) };
  }
  const body = readBody(read);
  return body === undefined ? undefined : { bodies: body === null ? null : [body] };
}
