import type { Mailbox, Message } from '@oxtender/bundle-api';
import { isAtLeast } from '../../protocol/versions';
import { ItemError } from '../../values/item-error';
import { parseMailboxes } from '../../values/mailbox-text';
import { AirSyncBase, Email, Email2, type Element, type Tag } from '../../wbxml';
import { readBody } from '../body';
import { BodyType } from '../body-selection';
import { importanceField } from '../importance';
import { readItemData, withoutNulls } from '../item-change';
import type { ItemContext } from '../item-context';
import { flagFields } from './email';

const importance = importanceField<Message>(Email.Importance);

/**
 * A draft that a device made, from 16.0. Some devices send it whole, as MIME: then that is its source; others send its
 * parts, of which the source is still to be composed.
 *
 * @throws ItemError READ_ONLY up to 14.1: devices make no mails there
 */
export function readNewMessage(data: Element, context: ItemContext): Message {
  if (!isAtLeast(context.version, '16.0')) throw new ItemError('READ_ONLY', 'a device cannot add mail');
  const flags = withoutNulls<Partial<Message>>(readItemData(flagFields, data, context).patch);
  const mailboxes = (tag: Tag): Mailbox[] => parseMailboxes(data.child(tag)?.text ?? '');
  const importanceElement = data.child(Email.Importance);
  return {
    read: true,
    ...flags,
    draft: true,
    from: [{ name: context.user.displayName, address: context.user.primaryAddress }],
    to: mailboxes(Email.To),
    cc: mailboxes(Email.Cc),
    bcc: mailboxes(Email2.Bcc),
    subject: data.child(Email.Subject)?.text ?? '',
    ...(importanceElement === undefined ? {} : (importance.read?.(importanceElement, context) as Partial<Message>)),
    ...contentOf(data.child(AirSyncBase.Body)),
  };
}

/** True when the device wants the draft to be sent. [MS-ASEMAIL] "Send". */
export function isToBeSent(data: Element): boolean {
  return data.child(Email2.Send) !== undefined;
}

function contentOf(body: Element | undefined): Pick<Message, 'source' | 'bodies'> {
  if (body === undefined) return {};
  const data = body.child(AirSyncBase.Data);
  if (Number(body.child(AirSyncBase.Type)?.text) === BodyType.Mime) {
    return { source: data?.content instanceof Uint8Array ? data.content : Buffer.from(data?.text ?? '', 'utf8') };
  }
  const read = readBody(body);
  return read ? { bodies: [read] } : {};
}
