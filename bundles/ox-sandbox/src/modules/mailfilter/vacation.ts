import { day } from '../../columns/body';
import type { ParsedMessage } from '../../mail/message';
import type { Account } from '../../store/contexts';
import { asObject, type JsonObject } from '../call';
import { rulesOf } from './rules';

/** What somebody who writes to an absent user is told. */
export interface VacationReply {
  readonly subject: string;
  readonly text: string;
}

/**
 * The reply that the user's vacation rule gives to a message, once in so many days for each sender. RFC 5230, "Message
 * Addressing": never to lists, to automatic mail, or to oneself.
 */
export function vacationReply(
  { context, user }: Account,
  message: ParsedMessage,
  now: number,
): VacationReply | undefined {
  const sender = message.from[0]?.[1];
  if (sender === undefined || user.aliases.includes(sender.toLowerCase()) || isAutomatic(message)) return undefined;
  const addressed = [...message.to, ...message.cc].map(([, address]) => address.toLowerCase());
  for (const rule of rulesOf({ context, user })) {
    const command = commandOf(rule);
    if (!command || rule['active'] === false || !holds(asObject(rule['test']), { message, now })) continue;
    const own = [...user.aliases, ...addressesOf(command)].map((address) => address.toLowerCase());
    if (!addressed.some((address) => own.includes(address))) return undefined;
    const days = Math.max(1, Number(command['days'] ?? 7));
    const last = context.db.value<number>(
      'SELECT sent FROM vacation_reply WHERE user = ? AND address = ?',
      user.id,
      sender,
    );
    if (last !== undefined && now - last < days * day) return undefined;
    context.db.run('INSERT OR REPLACE INTO vacation_reply VALUES (?, ?, ?)', user.id, sender, now);
    const subject =
      typeof command['subject'] === 'string' && command['subject'] !== ''
        ? command['subject']
        : `Auto: ${message.subject ?? ''}`;
    return { subject, text: typeof command['text'] === 'string' ? command['text'] : '' };
  }
  return undefined;
}

function commandOf(rule: JsonObject): JsonObject | undefined {
  const commands = rule['actioncmds'] as unknown[];
  return commands.map(asObject).find(({ id }) => id === 'vacation');
}

function addressesOf(command: JsonObject): string[] {
  return Array.isArray(command['addresses']) ? (command['addresses'] as unknown[]).map(String) : [];
}

function isAutomatic({ headers }: ParsedMessage): boolean {
  return (
    'list-id' in headers || 'auto-submitted' in headers || /bulk|list|junk/i.test(String(headers['precedence'] ?? ''))
  );
}

/** What a rule is tested with. */
interface Arrival {
  readonly message: ParsedMessage;
  readonly now: number;
}

/** Tests of the day and of headers; any other is taken as not holding. */
function holds(test: JsonObject, arrival: Arrival): boolean {
  const inner = (Array.isArray(test['tests']) ? (test['tests'] as unknown[]) : []).map(asObject);
  switch (test['id']) {
    case 'true':
      return true;
    case 'allof':
      return inner.every((one) => holds(one, arrival));
    case 'anyof':
      return inner.some((one) => holds(one, arrival));
    case 'currentdate':
      return comparesTo(test, arrival.now);
    case 'header':
      return headerMatches(test, arrival.message);
    default:
      return false;
  }
}

function comparesTo(test: JsonObject, now: number): boolean {
  const [value] = test['datevalue'] as number[];
  const wanted = Math.floor(Number(value) / day);
  const today = Math.floor(now / day);
  return test['comparison'] === 'ge'
    ? today >= wanted
    : test['comparison'] === 'le'
      ? today <= wanted
      : today === wanted;
}

/** RFC 5228, "Test header": any of the headers with any of the values, whatever the case. */
function headerMatches(test: JsonObject, { headers }: ParsedMessage): boolean {
  const values = (test['values'] as unknown[]).map((value) => String(value).toLowerCase());
  const found = (test['headers'] as unknown[]).flatMap((name) => headers[String(name).toLowerCase()] ?? []);
  return found.some((text) => values.some((value) => matches(text.toLowerCase(), value, test['comparison'])));
}

function matches(text: string, value: string, comparison: unknown): boolean {
  if (comparison === 'is') return text === value;
  if (comparison === 'contains') return text.includes(value);
  const pattern = value
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return comparison === 'matches' && new RegExp(`^${pattern}$`, 's').test(text);
}
