import type { Mailbox } from '@oxtender/bundle-api';
import addressparser from 'nodemailer/lib/addressparser';

/** Longest text of To, Cc and From. [MS-ASEMAIL] "To". */
const maxLength = 32_768;

/** `"Anna Miller" <anna@example.com>`, or the address alone. */
export function formatMailbox({ name, address }: Mailbox): string {
  if (name === undefined || name === '' || name === address) return address;
  const quoted = `"${name.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&')}"`;
  return address === '' ? quoted : `${quoted} <${address}>`;
}

/** A list; what would make it longer than an element may be is left out, whole mailboxes only. */
export function formatMailboxes(mailboxes: readonly Mailbox[], separator: ', ' | '; ' = ', '): string {
  let text = '';
  for (const mailbox of mailboxes) {
    const next = text === '' ? formatMailbox(mailbox) : `${text}${separator}${formatMailbox(mailbox)}`;
    if (next.length > maxLength) break;
    text = next;
  }
  return text;
}

/** Reads a list, with commas or, as some clients write it, semicolons. Groups are opened. */
export function parseMailboxes(text: string): Mailbox[] {
  return addressparser(text, { flatten: true })
    .filter(({ name, address }) => name !== '' || address !== '')
    .map(({ name, address }) => (name === '' ? { address } : { name, address }));
}

/** The address in a text such as `"Name" <a@b>`; the text itself when it has none. */
export function addressIn(text: string): string {
  const trimmed = text.trim();
  const inner = trimmed.endsWith('>') ? trimmed.slice(trimmed.lastIndexOf('<') + 1, -1).trim() : '';
  return inner.includes('@') ? inner : trimmed;
}
