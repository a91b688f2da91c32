import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { oxError } from '../../envelope/ox-error';
import type { ParsedMessage } from '../../mail/message';
import { parseMessage } from '../../mail/parse';
import type { Session } from '../../session/sessions';
import type { Account } from '../../store/contexts';
import { Flag } from '../../store/mails';
import { vacationReply } from '../mailfilter/vacation';
import type { OxServer } from '../server';

/**
 * Brings a message to its recipients: users of this server get it into their inbox, all others by SMTP where that is
 * configured. What can not be delivered comes back to the sender as a report.
 *
 * @throws OxError MSG-0031 without recipients, MSG-0035 when the SMTP server refuses
 */
export async function deliver(
  server: OxServer,
  session: Session,
  source: Buffer,
  message: ParsedMessage,
): Promise<void> {
  const recipients = [
    ...new Set([...message.to, ...message.cc, ...message.bcc].map(([, address]) => address.toLowerCase())),
  ];
  if (recipients.length === 0) throw oxError('MSG-0031');
  const from = message.from[0]?.[1] ?? '';
  const outgoing = Buffer.concat([Buffer.from(`X-Originating-Client: ${session.client}\r\n`), withoutBcc(source)]);
  const parsed = await parseMessage(outgoing);
  const elsewhere: string[] = [];
  for (const recipient of recipients) {
    const account = server.contexts.byAddress(recipient);
    if (!account) elsewhere.push(recipient);
    else {
      receive(server, account, outgoing, parsed);
      await replyForAbsent(server, account, parsed);
    }
  }
  if (elsewhere.length === 0) return;
  if (server.options.smtpUrl === '') await report(server, session, elsewhere, message);
  else await sendOut(server.options.smtpUrl, from, elsewhere, outgoing);
}

/** Puts a message into the inbox. */
export function receive(server: OxServer, { context, user }: Account, source: Buffer, message: ParsedMessage): void {
  context.transaction(() => {
    const inbox = context.mailFolders.standard(user.id, 7);
    const uid = context.mails.add(
      { folder: inbox.id, flags: Flag.recent, receivedDate: server.now() },
      message,
      source,
    );
    server.events.emit({
      kind: 'mail',
      context: context.id,
      user: user.id,
      folder: inbox.path,
      id: String(uid),
      message,
    });
  });
}

/** The vacation rule of a recipient answers, to users of this server alone. */
async function replyForAbsent(server: OxServer, account: Account, message: ParsedMessage): Promise<void> {
  const reply = account.context.transaction(() => vacationReply(account, message, server.now()));
  const sender = reply && server.contexts.byAddress(message.from[0]?.[1] ?? '');
  if (!sender) return;
  const source = await new MailComposer({
    from: { name: account.user.displayName, address: account.user.mail },
    to: sender.user.mail,
    subject: reply.subject,
    text: reply.text,
    date: new Date(server.now()),
    headers: { 'Auto-Submitted': 'auto-replied (vacation)' },
    ...(message.messageId === null ? {} : { inReplyTo: `<${message.messageId}>` }),
  })
    .compile()
    .build();
  receive(server, sender, source, await parseMessage(source));
}

async function sendOut(smtpUrl: string, from: string, to: string[], raw: Buffer): Promise<void> {
  const transport = createTransport(smtpUrl);
  try {
    await transport.sendMail({ envelope: { from, to }, raw });
  } catch (cause) {
    throw oxError('MSG-0035', cause instanceof Error ? cause.message : String(cause));
  } finally {
    transport.close();
  }
}

/** Tells the sender which recipients nobody knows here. */
async function report(server: OxServer, session: Session, recipients: string[], message: ParsedMessage): Promise<void> {
  const { user } = session;
  const text = [
    `From: Mail delivery <mailer-daemon@${user.mail.split('@')[1] ?? 'localhost'}>`,
    `To: ${user.mail}`,
    `Date: ${new Date(server.now()).toUTCString()}`,
    `Subject: Undelivered mail returned to sender`,
    `Message-ID: <report-${server.now()}-${session.id.slice(0, 8)}@sandbox.invalid>`,
    ...(message.messageId === null ? [] : [`In-Reply-To: <${message.messageId}>`]),
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'This server does not deliver mail to others than its own users. Not delivered to:',
    '',
    ...recipients.map((recipient) => `  ${recipient}`),
    '',
  ].join('\r\n');
  const source = Buffer.from(text);
  receive(server, session, source, await parseMessage(source));
}

/** The message as recipients get it. RFC 5322, "Destination Address Fields". */
function withoutBcc(source: Buffer): Buffer {
  const end = headerEnd(source);
  const header = source.subarray(0, end).toString('latin1');
  return Buffer.concat([
    Buffer.from(header.replace(/^bcc:.*(?:\r?\n[ \t].*)*(?:\r?\n|$)/gim, ''), 'latin1'),
    source.subarray(end),
  ]);
}

/** Offset of the empty line that ends the header, after the end of the last field. */
function headerEnd(source: Buffer): number {
  const ends = ['\r\n\r\n', '\n\n'].flatMap((end) => {
    const at = source.indexOf(end);
    return at < 0 ? [] : [at + end.length / 2];
  });
  return ends.length === 0 ? source.length : Math.min(...ends);
}
