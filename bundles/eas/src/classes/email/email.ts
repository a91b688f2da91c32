import type { Mailbox, Message } from '@oxtender/bundle-api';
import { type FieldTable, type TableField, field, fieldTable } from '../../protocol/field-table';
import { flag, text, textList } from '../../protocol/fields';
import { conversationId, conversationIndex, threadTopic } from '../../values/conversation';
import { formatDateTime } from '../../values/date-time';
import { formatMailbox, formatMailboxes } from '../../values/mailbox-text';
import { Email, Email2, type Element, type Tag, element } from '../../wbxml';
import { attachmentsField, legacyAttachmentsField } from '../attachments';
import { isOwn } from '../calendar/attendees';
import { importanceField } from '../importance';
import type { ItemContext } from '../item-context';
import { texts } from '../texts';
import { followUpField } from './follow-up';
import { bodyField, bodyPartField, legacyBodyFields, nativeBodyField } from './mail-body';
import { calendarPartOf, meetingRequestField } from './meeting-request';
import { contentClass, messageClass } from './message-class';

type MailField = TableField<Message, ItemContext>;

/** UTF-8, in which all text goes over the wire. [MS-ASEMAIL] "InternetCPID". */
const utf8CodePage = 65_001;

/** [MS-ASEMAIL] "LastVerbExecuted". */
const LastVerb = { Reply: 1, Forward: 3 } as const;

const readField: MailField = flag<Message>(Email.Read, 'read', { missing: 'keep' });
const categoriesField: MailField = {
  ...textList<Message>(Email.Categories, Email.Category, 'categories', { since: '14.0', max: 300, missing: 'keep' }),
  // Empty when there are none: a device keeps those that it is not told to remove.
  write: ({ categories = [] }) =>
    element(
      Email.Categories,
      categories.map((category) => element(Email.Category, category)),
    ),
};
const lastVerbField: MailField = field<Message, ItemContext>({
  tag: Email2.LastVerbExecuted,
  since: '14.0',
  keys: [],
  write: ({ answered, forwarded }) =>
    answered === true
      ? element(Email2.LastVerbExecuted, LastVerb.Reply)
      : forwarded === true
        ? element(Email2.LastVerbExecuted, LastVerb.Forward)
        : undefined,
});

/** Email class. [MS-ASEMAIL] "Elements". Model: {@link Message}. */
export const emailFields: FieldTable<Message, ItemContext> = fieldTable<Message, ItemContext>([
  mailboxes(Email.To, ({ to }) => to),
  mailboxes(Email.Cc, ({ cc }) => cc),
  mailboxes(Email.From, ({ from }) => from),
  text(Email.Subject, 'subject'),
  mailboxes(Email.ReplyTo, ({ replyTo }) => replyTo, '; '),
  field({
    tag: Email.DateReceived,
    keys: [],
    // Without it iOS shows the time of synchronisation.
    write: ({ receivedAt, sentAt }) => texts(Email.DateReceived, dateText(receivedAt ?? sentAt)),
  }),
  field({
    tag: Email.DisplayTo,
    keys: [],
    write: ({ to = [] }) => texts(Email.DisplayTo, to.map(({ name, address }) => name ?? address).join('; ')),
  }),
  field({
    tag: Email.ThreadTopic,
    keys: [],
    write: ({ subject }) => texts(Email.ThreadTopic, subject && threadTopic(subject)),
  }),
  importanceField(Email.Importance),
  readField,
  legacyAttachmentsField,
  attachmentsField<Message>({ since: '12.0' }),
  ...legacyBodyFields,
  bodyField,
  bodyPartField,
  field({
    tag: Email.MessageClass,
    keys: [],
    write: (message, context) => element(Email.MessageClass, messageClass(message, calendarPartOf(message, context))),
  }),
  meetingRequestField,
  field({ tag: Email.InternetCPID, keys: [], write: () => element(Email.InternetCPID, utf8CodePage) }),
  followUpField,
  field({
    tag: Email.ContentClass,
    since: '12.0',
    keys: [],
    write: (message, context) => element(Email.ContentClass, contentClass(calendarPartOf(message, context))),
  }),
  nativeBodyField,
  conversation(Email2.ConversationId, conversationId),
  conversation(Email2.ConversationIndex, conversationIndex),
  lastVerbField,
  field({
    tag: Email2.ReceivedAsBcc,
    since: '14.0',
    keys: [],
    write: ({ bcc = [], draft }, context) =>
      draft !== true && bcc.some(({ address }) => isOwn(address, context))
        ? element(Email2.ReceivedAsBcc, 1)
        : undefined,
  }),
  field({
    tag: Email2.Sender,
    since: '14.0',
    keys: [],
    write: ({ sender, from = [] }) =>
      sender === undefined || from.some(({ address }) => address === sender.address)
        ? undefined
        : element(Email2.Sender, formatMailbox(sender)),
  }),
  categoriesField,
  mailboxes(Email2.Bcc, ({ bcc, draft }) => (draft === true ? bcc : undefined), ', ', '16.0'),
  field({
    tag: Email2.IsDraft,
    since: '16.0',
    keys: [],
    write: ({ draft }) => element(Email2.IsDraft, draft === true ? 1 : 0),
  }),
]);

/** What of a mail changes: sent alone when nothing else did, and all that a device may change. */
export const flagFields: FieldTable<Message, ItemContext> = fieldTable<Message, ItemContext>([
  readField,
  followUpField,
  lastVerbField,
  categoriesField,
]);

function mailboxes(
  tag: Tag,
  of: (message: Message) => readonly Mailbox[] | undefined,
  separator: ', ' | '; ' = ', ',
  since?: '16.0',
): MailField {
  return field<Message, ItemContext>({
    tag,
    since,
    keys: [],
    write: (message) => texts(tag, formatMailboxes(of(message) ?? [], separator)),
  });
}

function conversation(tag: Tag, of: (message: Message) => Uint8Array): MailField {
  return field<Message, ItemContext>({ tag, since: '14.0', keys: [], write: (message) => element(tag, of(message)) });
}

/** Of which conversation a mail is, from 14.0. */
export function conversationElements(message: Message): Element[] {
  return [
    element(Email2.ConversationId, conversationId(message)),
    element(Email2.ConversationIndex, conversationIndex(message)),
  ];
}

function dateText(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : formatDateTime(instant);
}
