import type { Appointment, Body, Contact, Item, MailCondition, Mailbox } from '@oxtender/bundle-api';
import { htmlToText } from '../values/html';

/** Texts that nobody looks for. */
const unsearched: ReadonlySet<string> = new Set(['picture', 'uid', 'timeZone', 'id', 'contentType', 'attachments']);

/**
 * Does an item other than a mail match? It has no receipt and no flags: what asks for those matches none. Words are found
 * at their beginning, whatever their case.
 */
export function itemMatches(item: Item, condition: MailCondition): boolean {
  const { text, body, subject, from, to, hasAttachment, all = [], any, not } = condition;
  const asksOfMails = (['cc', 'bcc', 'after', 'before', 'read'] as const).some((key) => condition[key] !== undefined);
  if (asksOfMails) return false;
  const { organizer, attendees = [], attachments = [] } = item as Appointment;
  return (
    contains(text, () => textsOf(item)) &&
    contains(body, () => bodyOf(item)) &&
    contains(subject, () => titleOf(item)) &&
    contains(from, () => (organizer ? namesOf([organizer]) : [])) &&
    contains(to, () => namesOf(attendees)) &&
    (hasAttachment === undefined || attachments.length > 0 === hasAttachment) &&
    all.every((part) => itemMatches(item, part)) &&
    (any === undefined || any.some((part) => itemMatches(item, part))) &&
    (not === undefined || !itemMatches(item, not))
  );
}

function contains(words: string | undefined, texts: () => readonly string[]): boolean {
  if (words === undefined) return true;
  const parts = words.split(/\s+/).map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('\\s+')}`, 'iu');
  return texts().some((text) => pattern.test(text));
}

function titleOf(item: Item): string[] {
  const { displayName, fileAs, firstName, lastName } = item as Contact;
  const title = 'title' in item && !('displayName' in item) ? item.title : undefined;
  const names = [firstName, lastName].filter(Boolean).join(' ');
  return [title, displayName, fileAs, names].filter((one) => one !== undefined);
}

function bodyOf(item: Item): string[] {
  const { body } = item as { readonly body?: Body };
  if (!body) return [];
  return [body.format === 'html' ? htmlToText(body.content) : body.content];
}

function namesOf(mailboxes: readonly Mailbox[]): string[] {
  return mailboxes.flatMap(({ name = '', address }) => [name, address]);
}

/** All texts of a record, its parts included. */
function textsOf(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return unsearched.has(name) ? [] : [value];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || unsearched.has(name)) return [];
  if (name === 'body') return bodyOf({ body: value } as Item);
  const entries = Array.isArray(value) ? value.map((one) => [name, one] as const) : Object.entries(value);
  return entries.flatMap(([key, one]) => textsOf(one, key));
}
