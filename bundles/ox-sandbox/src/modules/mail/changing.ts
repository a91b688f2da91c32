import { oxError } from '../../envelope/ox-error';
import { type MailFolder, mailSeparator } from '../../store/mail-folders';
import { Flag, type Mail } from '../../store/mails';
import type { asObject } from '../call';
import { type Call } from '../call';
import type { Module, Reply } from '../module';
import { type FoundMail, mailFolder, mailOf, mailReference, uidOf } from './access';

/** Flags that IMAP lets a client set: all but recent and the mark for user flags. */
const settable = ~(Flag.recent | Flag.user);

/** Flags, moves, copies and deletions. */
export const changingMails: Module = {
  update: (call) => {
    const body = call.object();
    if (call.text('id') === undefined && call.text('message_id') === undefined)
      return updateAll(call, flagChange(body));
    const found = mailOf(call);
    const { mails } = call.context;
    const { set, clear } = flagChange(body);
    const flags = (found.mail.flags | set) & ~clear;
    if (flags !== found.mail.flags) mails.setFlags(found.folder.id, found.mail.uid, flags);
    if (body['color_label'] !== undefined)
      mails.setColor(found.folder.id, found.mail.uid, colorOf(body['color_label']));
    const target = body['folder_id'];
    if (typeof target !== 'string' || target === found.folder.path) return address(found.folder, found.mail.uid);
    return moveTo(call, found, mailFolder(call, target));
  },

  copy: (call) => {
    const { mail } = mailOf(call);
    const target = call.object()['folder_id'];
    if (typeof target !== 'string') throw oxError('SVL-0002', 'folder_id');
    const folder = mailFolder(call, target);
    return address(folder, call.context.mails.copy(mail, folder.id));
  },

  delete: (call) => {
    const hard = call.flag('harddelete');
    const kept = call.objects().filter((element) => {
      const { folder: path, id } = mailReference(element);
      const folder = mailFolder(call, path);
      const mail = call.context.mails.get(folder.id, uidOf(id));
      if (mail) remove(call, folder, mail, hard);
      return mail === undefined;
    });
    return { data: kept.map(({ id }) => String(id as string | number)) };
  },

  clear: (call) => {
    const { mails } = call.context;
    for (const path of call.strings()) mails.clear(mailFolder(call, path).id);
    return { data: [] };
  },

  all_seen: (call) => {
    call.context.mails.setAllFlags(mailFolder(call, call.need('folder')).id, Flag.seen, Flag.recent);
    return { data: true };
  },
};

/** Deletes for good, or moves to the trash what is not there yet. */
export function remove(call: Call, folder: MailFolder, mail: Mail, hard: boolean): void {
  const { mails, mailFolders } = call.context;
  const trash = mailFolders.standard(call.user.id, 12);
  const inTrash = folder.path === trash.path || folder.path.startsWith(trash.path + mailSeparator);
  if (hard || inTrash) mails.delete(folder.id, mail.uid);
  else mails.move(mail, trash.id);
}

function moveTo(call: Call, found: FoundMail, target: MailFolder): Reply {
  const { mails } = call.context;
  const mail = mails.get(found.folder.id, found.mail.uid) ?? found.mail;
  return address(target, mails.move(mail, target.id));
}

function updateAll(call: Call, { set, clear }: FlagChange): Reply {
  const folder = mailFolder(call, call.need('folder'));
  call.context.mails.setAllFlags(folder.id, set, clear);
  return { data: { folder_id: folder.path } };
}

interface FlagChange {
  readonly set: number;
  readonly clear: number;
}

/** `{flags, value}`, or since 7.x `{set_flags, clear_flags}`. @throws OxError MSG-0048 */
function flagChange(body: ReturnType<typeof asObject>): FlagChange {
  const { flags, value, set_flags: set = 0, clear_flags: clear = 0 } = body;
  if (flags === undefined) return { set: mask(set) & settable, clear: mask(clear) & settable };
  const bits = mask(flags);
  return value === true ? { set: bits & settable, clear: 0 } : { set: 0, clear: bits & settable };
}

function mask(value: unknown): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 511) throw oxError('MSG-0048', String(value));
  return number;
}

/** @throws OxError MSG-0010 */
function colorOf(value: unknown): number {
  const color = Number(value);
  if (!Number.isInteger(color) || color < 0 || color > 10) throw oxError('MSG-0010', String(value));
  return color;
}

/** Where a mail now is. */
export function address(folder: MailFolder, uid: number): Reply {
  return { data: { folder_id: folder.path, id: String(uid) } };
}
