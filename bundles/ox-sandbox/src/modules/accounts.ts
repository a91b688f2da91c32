import { oxError } from '../envelope/ox-error';
import { mailRoot } from '../store/mail-folders';
import type { Call, JsonObject } from './call';
import type { Module } from './module';

/** Columns of mail accounts by number. OX HTTP API, "Mail account data". */
const columns: Readonly<Record<number, string>> = {
  1001: 'id',
  1002: 'login',
  1004: 'mail_url',
  1005: 'transport_url',
  1006: 'name',
  1007: 'primary_address',
  1008: 'spam_handler',
  1009: 'trash',
  1010: 'sent',
  1011: 'drafts',
  1012: 'spam',
  1025: 'unified_inbox_enabled',
  1026: 'trash_fullname',
  1027: 'sent_fullname',
  1028: 'drafts_fullname',
  1029: 'spam_fullname',
  1037: 'personal',
  1040: 'root_folder',
};

/** OX HTTP API, "Module mail account": every user has the primary account and no other. */
export const accounts: Module = {
  all: (call) => {
    const account = primaryAccount(call);
    const names = call
      .need('columns')
      .split(',')
      .map((id) => columns[Number(id)]);
    return { data: [names.map((name) => (name === undefined ? null : (account[name] ?? null)))] };
  },

  get: (call) => {
    if (call.need('id') !== '0') throw oxError('SVL-0010', `id=${call.need('id')}`);
    return { data: primaryAccount(call) };
  },

  status: () => ({ data: { '0': { status: 'ok' } } }),
};

function primaryAccount({ user, context }: Call): JsonObject {
  const folder = (standard: number): { title: string; path: string } => context.mailFolders.standard(user.id, standard);
  const [trash, sent, drafts, spam] = [folder(12), folder(10), folder(9), folder(11)];
  return {
    ...{ id: 0, name: 'E-Mail', login: user.login, personal: user.displayName, primary_address: user.mail },
    ...{ mail_url: 'imap://localhost:143', transport_url: 'smtp://localhost:25', spam_handler: 'NoSpamHandler' },
    ...{ trash: trash.title, sent: sent.title, drafts: drafts.title, spam: spam.title, unified_inbox_enabled: false },
    ...{ trash_fullname: trash.path, sent_fullname: sent.path, drafts_fullname: drafts.path, spam_fullname: spam.path },
    ...{ root_folder: mailRoot, addresses: user.aliases.join(',') },
  };
}
