import { Json } from '../../envelope/envelope';
import { oxError } from '../../envelope/ox-error';
import { decodeStream } from '../../mail/content';
import { findPart } from '../../mail/message';
import { Filter } from '../../store/filter';
import { Flag } from '../../store/mails';
import type { Call } from '../call';
import type { Module, Reply } from '../module';
import { limitOf } from '../object-reading';
import {
  type FoundMail,
  mailColumnsOf,
  mailFilter,
  mailFolder,
  mailOf,
  mailOrder,
  mailReference,
  mailRows,
  shownMails,
  uidOf,
} from './access';
import { searchFilter } from './search';
import { conversations } from './conversations';
import { mailData } from './view';

/** What does not change a mailbox, but for the flag of a mail that was read. */
export const readingMails: Module = {
  all: (call) => {
    const folder = mailFolder(call, call.need('folder'));
    const rows = mailRows(call, mailColumnsOf(call), mailFilter(call, folder), `${mailOrder(call)} ${limitOf(call)}`);
    return { data: Json.array(rows) };
  },

  list: (call) => {
    const columns = mailColumnsOf(call);
    const folders = new Map<string, number>();
    const rows = call.objects().flatMap((element) => {
      const { folder, id } = mailReference(element);
      let number = folders.get(folder);
      if (number === undefined) folders.set(folder, (number = mailFolder(call, folder).id));
      return mailRows(call, columns, Filter.of('t.folder = ?', number).and('t.uid = ?', uidOf(id)));
    });
    return { data: Json.array(rows) };
  },

  get: (call) => {
    const found = mailOf(call);
    if (call.flag('src')) return seen(call, found, source(call, found));
    if (call.flag('hdr')) return { data: headerBlock(call, found) };
    return seen(call, found, { data: mailData(call, found) });
  },

  attachment: (call) => {
    const { mail } = mailOf(call);
    const { messages } = call.context.mails;
    const wanted = call.text('attachment');
    const cid = call.text('cid')?.replace(/^<|>$/g, '');
    const part = findPart(messages.structure(mail.message), (candidate, id) =>
      wanted === undefined ? candidate.cid === cid : id === wanted,
    );
    if (!part) throw oxError('MSG-0024', wanted ?? cid ?? '');
    const charset = part.type.startsWith('text/') ? `; charset=${part.charset ?? 'UTF-8'}` : '';
    return {
      content: decodeStream(part, messages.stream(mail.message, part.start, part.end)),
      contentType: call.flag('save') ? 'application/octet-stream' : part.type + charset,
      filename: part.filename ?? `part-${part.id}`,
    };
  },

  count: (call) => ({ data: mailFolder(call, call.need('folder')).total }),

  search: (call) => {
    const folder = mailFolder(call, call.need('folder'));
    const filter = searchFilter(call, folder).with(shownMails(call));
    return { data: Json.array(mailRows(call, mailColumnsOf(call), filter, `${mailOrder(call)} ${limitOf(call)}`)) };
  },

  updates: (call) => {
    mailFolder(call, call.need('folder'));
    return { data: [] };
  },

  threadedAll: (call) => conversations(call),
};

/** OX HTTP API, "Examine a folder"; 7.x and later. */
export function examine(call: Call): Reply {
  const { validity, total, unread, next_uid } = mailFolder(call, call.need('folder'));
  return { data: { validity: String(validity), total, unread, next: String(next_uid) } };
}

/** Reading marks as read, unless the request says otherwise. */
function seen(call: Call, { mail }: FoundMail, reply: Reply): Reply {
  if (!call.flag('unseen') && (mail.flags & Flag.seen) === 0)
    call.context.mails.setFlags(mail.folder, mail.uid, (mail.flags & ~Flag.recent) | Flag.seen);
  return reply;
}

/** The message as it came in: as bytes with `save`, else as a JSON string, in which 8-bit bytes are read as Latin-1. */
function source(call: Call, { mail }: FoundMail): Reply {
  const { messages } = call.context.mails;
  const size = messages.size(mail.message);
  if (!call.flag('save')) return { data: messages.read(mail.message, 0, size).toString('latin1') };
  return {
    content: messages.stream(mail.message, 0, size),
    length: size,
    contentType: 'application/octet-stream',
    filename: 'mail.eml',
  };
}

function headerBlock(call: Call, { mail }: FoundMail): string {
  const { messages } = call.context.mails;
  return messages.read(mail.message, 0, messages.headerSize(mail.message)).toString('latin1').trimEnd();
}
