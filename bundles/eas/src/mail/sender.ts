import type { GroupwareUser } from '@oxtender/bundle-api';
import { simpleParser } from 'mailparser';
import MimeNode from 'nodemailer/lib/mime-node';
import type { MailSource } from './source';

/**
 * Makes the mail the user's own: a From that is none of the user's addresses becomes the primary one, with the name
 * that the device gave. [MS-ASCMD] "SendMail". Date and Message-ID are made when a device leaves them out.
 *
 * @param messageId - for a mail without one; with angle brackets
 */
export async function completeHeaders(
  { headers }: MailSource,
  user: GroupwareUser,
  messageId: string,
  now: number,
): Promise<void> {
  const [from] = await addressesOf(headers.build(), ['from']);
  const own = new Set(user.addresses.map((address) => address.toLowerCase()));
  if (!from || !own.has(from.address.toLowerCase())) {
    const name = from?.name ?? user.displayName;
    const line = new MimeNode('text/plain').setHeader('From', { name, address: user.primaryAddress }).buildHeaders();
    const value = /^From: ((?:.|\r\n[ \t])*)/im.exec(line)?.[1] ?? user.primaryAddress;
    headers.update('From', value);
  }
  if (!headers.getFirst('date')) headers.add('Date', new Date(now).toUTCString().replace('GMT', '+0000'));
  if (!headers.getFirst('message-id')) headers.add('Message-ID', messageId);
}

/** Addresses in To, Cc and Bcc. */
export async function recipientsOf(mail: MailSource): Promise<string[]> {
  return (await namedRecipientsOf(mail)).filter((address) => address.includes('@'));
}

/** As {@link recipientsOf}, with what stands there and is no address: an empty text for each that has none at all. */
export async function namedRecipientsOf({ headers }: MailSource): Promise<string[]> {
  return (await addressesOf(headers.build(), ['to', 'cc', 'bcc'])).map(({ address }) => address);
}

interface Address {
  readonly name?: string;
  readonly address: string;
}

async function addressesOf(headerBlock: Buffer, fields: readonly ('from' | 'to' | 'cc' | 'bcc')[]): Promise<Address[]> {
  const parsed = await simpleParser(headerBlock);
  return fields
    .flatMap((field) => parsed[field] ?? [])
    .flatMap((list) => list.value)
    .flatMap((entry) => entry.group ?? [entry])
    .map(({ name, address }) => ({ ...(name ? { name } : {}), address: address ?? '' }));
}
