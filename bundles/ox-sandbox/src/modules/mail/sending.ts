import { oxError } from '../../envelope/ox-error';
import { compose } from '../../mail/compose';
import { parseMessage } from '../../mail/parse';
import type { ParsedMessage } from '../../mail/message';
import type { MailFolder } from '../../store/mail-folders';
import { Flag } from '../../store/mails';
import { type Call, asObject } from '../call';
import { type Module, type Reply, waiting } from '../module';
import { mailFolder, uidOf } from './access';
import { address } from './changing';
import { deliver } from './delivery';

/** Messages that come in: sent, stored or imported. */
export const sendingMails: Module = {
  new: waiting(async (call) => {
    if (call.body.kind === 'form') return sendForm(call);
    const source = rawMessage(call);
    const folder = call.text('folder');
    if (folder === undefined) return send(call, source, call.int('flags') ?? 0);
    return store(call, mailFolder(call, folder), source, call.int('flags') ?? 0);
  }),

  import: waiting(async (call) => {
    const folder = mailFolder(call, call.need('folder'));
    if (call.body.kind !== 'form') throw oxError('SVL-0020', 'an upload is expected');
    const flags = call.int('flags') ?? 0;
    const messages: { source: Buffer; message: ParsedMessage }[] = [];
    for (const { data } of call.body.form.files) messages.push({ source: data, message: await parseMessage(data) });
    const data = call.context.transaction(() =>
      messages.map(({ source, message }) => {
        const uid = addMail(call, folder, { source, message }, flags);
        return { folder_id: folder.path, id: String(uid) };
      }),
    );
    return { data };
  }),

  autosave: waiting(async (call) => {
    const source = await compose(call.object(), [], call);
    return store(call, call.context.mailFolders.standard(call.user.id, 9), source, Flag.draft);
  }),

  receipt_ack: waiting(async (call) => {
    const body = call.object();
    const folder = mailFolder(call, String(body['folder']));
    const mail = call.context.mails.get(folder.id, uidOf(String(body['id'])));
    if (!mail) throw oxError('MSG-0032', String(body['id']), folder.path);
    const original = call.context.db.row<{
      subject: string | null;
      disp_notification_to: string | null;
      message_id: string | null;
    }>('SELECT subject, disp_notification_to, message_id FROM message WHERE id = ?', mail.message);
    if (original?.disp_notification_to) {
      const receipt = {
        to: [[null, original.disp_notification_to]],
        subject: `Read acknowledgement: ${original.subject ?? ''}`,
        attachments: [{ content_type: 'text/plain', content: `Your message "${original.subject ?? ''}" was read.` }],
      };
      await send(call, await compose(receipt, [], call), 0);
    }
    return { data: {} };
  }),
};

/** Composed by the server from JSON and files. OX HTTP API, "Send/Save mail as MIME data block" and "Send a new mail". */
async function sendForm(call: Call): Promise<Reply> {
  const data = asObject(call.json());
  const files = call.body.kind === 'form' ? call.body.form.files.filter(({ field }) => !field.startsWith('json')) : [];
  const source = await compose(data, files, call);
  const flags = Number(data['flags'] ?? 0);
  if ((flags & Flag.draft) !== 0)
    return store(call, call.context.mailFolders.standard(call.user.id, 9), source, flags | Flag.seen);
  const reply = await send(call, source, 0);
  markReferenced(call, data['msgref'], Number(data['sendtype'] ?? 0));
  return reply;
}

/** A reply marks the original as answered, a forward as forwarded, a sent draft goes. */
function markReferenced(call: Call, reference: unknown, sendtype: number): void {
  if (typeof reference !== 'string') return;
  const path = reference.slice(0, reference.lastIndexOf('/'));
  const folder = call.context.mailFolders.byPath(call.user.id, path);
  const uid = uidOf(reference.slice(path.length + 1));
  const mail = folder && call.context.mails.get(folder.id, uid);
  if (!mail) return;
  if (sendtype === 1) call.context.mails.setFlags(mail.folder, uid, mail.flags | Flag.answered);
  else if (sendtype === 2) call.context.mails.setFlags(mail.folder, uid, mail.flags | Flag.forwarded);
  else if (sendtype === 6) call.context.mails.delete(mail.folder, uid);
}

/** Delivers the message and puts a copy into Sent. @throws OxError MSG-0056, MSG-0031, MSG-0035 */
async function send(call: Call, source: Buffer, flags: number): Promise<Reply> {
  const message = await parseMessage(source);
  const [, from = ''] = message.from[0] ?? [];
  const own = call.user.aliases.some((alias) => alias.toLowerCase() === from.toLowerCase());
  if (!own) throw oxError('MSG-0056', from);
  await deliver(call.server, call.session, source, message);
  const sent = call.context.mailFolders.standard(call.user.id, 10);
  return call.context.transaction(() => address(sent, addMail(call, sent, { source, message }, flags | Flag.seen)));
}

async function store(call: Call, folder: MailFolder, source: Buffer, flags: number): Promise<Reply> {
  const message = await parseMessage(source);
  return call.context.transaction(() => address(folder, addMail(call, folder, { source, message }, flags)));
}

/** @throws OxError MSG-0117 */
function addMail(
  call: Call,
  folder: MailFolder,
  { source, message }: { source: Buffer; message: ParsedMessage },
  flags: number,
): number {
  const { mailQuota } = call.server.options;
  if (mailQuota >= 0 && call.context.mails.used(call.user.id) + source.length > mailQuota) throw oxError('MSG-0117');
  return call.context.mails.add({ folder: folder.id, flags, receivedDate: call.server.now() }, message, source);
}

function rawMessage(call: Call): Buffer {
  if (call.body.kind !== 'bytes' || call.body.bytes.length === 0) throw oxError('SVL-0023');
  return call.body.bytes;
}
