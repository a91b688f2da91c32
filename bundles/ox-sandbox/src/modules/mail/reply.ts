import type { Address } from '../../mail/message';
import type { Call } from '../call';
import type { Module, Reply } from '../module';
import { type FoundMail, mailOf } from './access';
import { bodies, viewOf } from './view';

/** Drafts of answers: `reply`, `replyall`, `forward`. */
export const replyActions: Module = {
  reply: (call) => answerTo(call, false),
  replyall: (call) => answerTo(call, true),
  forward: (call) => {
    const found = mailOf(call);
    return { data: { ...draft(call, found), to: [], subject: prefixed('Fwd: ', subjectOf(call, found)) } };
  },
};

function answerTo(call: Call, all: boolean): Reply {
  const found = mailOf(call);
  const { from, to, cc } = people(call, found);
  const others = [...to, ...cc].filter(([, address]) => !call.user.aliases.includes(address.toLowerCase()));
  const data = { ...draft(call, found), to: from, subject: prefixed('Re: ', subjectOf(call, found)) };
  return { data: all ? { ...data, cc: others } : data };
}

function draft(call: Call, { folder, mail }: FoundMail): Record<string, unknown> {
  const { messages } = call.context.mails;
  const read = (start: number, end: number): Buffer => messages.read(mail.message, start, end);
  const { attachments } = bodies(messages.structure(mail.message), viewOf(call), read, 0);
  return {
    msgref: `${folder.path}/${mail.uid}`,
    from: [[call.user.displayName, call.user.mail]],
    attachments: attachments.filter(({ content }) => content !== undefined),
  };
}

function people(call: Call, { mail }: FoundMail): { from: Address[]; to: Address[]; cc: Address[] } {
  const row = call.context.db.row<{ f: string; t: string; c: string }>(
    'SELECT "from" AS f, "to" AS t, cc AS c FROM message WHERE id = ?',
    mail.message,
  );
  const read = (text: string | undefined): Address[] => JSON.parse(text ?? '[]') as Address[];
  return { from: read(row?.f), to: read(row?.t), cc: read(row?.c) };
}

function subjectOf(call: Call, { mail }: FoundMail): string {
  return call.context.db.value<string | null>('SELECT subject FROM message WHERE id = ?', mail.message) ?? '';
}

function prefixed(prefix: string, subject: string): string {
  return subject.toLowerCase().startsWith(prefix.toLowerCase()) ? subject : prefix + subject;
}
