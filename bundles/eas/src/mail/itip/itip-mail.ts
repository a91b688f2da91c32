import type { Body, Mailbox } from '@oxtender/bundle-api';
import MailComposer from 'nodemailer/lib/mail-composer';
import { type MailSource, splitSource } from '../source';
import { type ItipMessage, writeItip } from './itip-object';

/** A mail about a meeting. */
export interface ItipMail {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly subject: string;
  readonly body?: Body | undefined;
  readonly message: ItipMessage;
  /** Message-ID of the invitation. */
  readonly inReplyTo?: string | undefined;
}

/** [RFC 6047]: the text for people, and the calendar part for their calendars. */
export async function composeItipMail(mail: ItipMail): Promise<MailSource> {
  const { from, to, subject, body, message, inReplyTo } = mail;
  const composed = await new MailComposer({
    from: addressOf(from),
    to: to.map(addressOf),
    subject,
    date: new Date(message.stamp),
    ...(body?.format === 'html' ? { html: body.content } : { text: body?.content ?? '' }),
    ...(inReplyTo === undefined ? {} : { inReplyTo, references: inReplyTo }),
    alternatives: [
      {
        contentType: `text/calendar; charset=utf-8; method=${message.method}`,
        content: writeItip(message),
      },
    ],
  })
    .compile()
    .build();
  const source = splitSource(composed);
  // The outbox gives one by which a repeat is known.
  source.headers.remove('message-id');
  return source;
}

function addressOf({ name = '', address }: Mailbox): { name: string; address: string } {
  return { name, address };
}
