import MailComposer from 'nodemailer/lib/mail-composer';
import { Series } from '../../calendar/series';
import { recurrenceFields } from '../../columns/calendar';
import { parseMessage } from '../../mail/parse';
import type { Stored } from '../../store/objects';
import type { Call, JsonObject } from '../call';
import { isException } from '../calendar/exceptions';
import { deliver } from '../mail/delivery';
import { ParticipantType } from '../people';
import { type Invited, type ItipMessage, writeItip } from './itip';

/**
 * True when the request asks for mails to those who take part: `notification` of the old calendar (in the body, or, where
 * there is no body of the object, as a parameter), `sendInternalNotifications` of chronos.
 */
export function wantsMails(call: Call, body?: JsonObject): boolean {
  return body?.['notification'] === true || call.flag('notification') || call.flag('sendInternalNotifications');
}

/** Who is told of changes: all but the organizer. */
export function invitedTo(call: Call, row: Stored): Invited[] {
  const { users, appointments } = call.context;
  const confirmations = JSON.parse(String(row['confirmations'] ?? '[]')) as JsonObject[];
  const inside = appointments.participations(row.id).flatMap(({ user: id, confirm }): Invited[] => {
    const user = users.get(id);
    return user && confirm >= 0 ? [{ mail: user.mail, name: user.displayName, confirm }] : [];
  });
  const participants = JSON.parse(String(row['participants'] ?? '[]')) as JsonObject[];
  const outside = participants
    .filter(({ type }) => type === ParticipantType.external)
    .map(({ mail, display_name: name }): Invited => {
      const answer = confirmations.find((one) => one['mail'] === mail);
      return { mail: String(mail), name: String(name ?? mail), confirm: Number(answer?.['status'] ?? 0) };
    });
  const organizer = String(row['organizer']).toLowerCase();
  return [...inside, ...outside].filter(({ mail }) => mail.toLowerCase() !== organizer);
}

/** What was there before a change. */
export interface Before {
  readonly row: Stored;
  readonly invited: readonly Invited[];
}

/** Fields that those who take part are told of. */
const toldFields = [
  ...['title', 'location', 'note', 'start_date', 'end_date', 'full_time', 'timezone', 'shown_as'],
  ...recurrenceFields,
];

/**
 * Invites those who take part, after the transaction; after a change those who are new, and all when it concerns them. Those
 * who are out are told so.
 */
export function invite(call: Call, id: number, before?: Before): void {
  const row = call.context.appointments.stored(id);
  if (!row || !isOrganizer(call, row)) return;
  const invited = invitedTo(call, row);
  const isNews = !before || toldFields.some((name) => (row[name] ?? null) !== (before.row[name] ?? null));
  const known = addresses(before?.invited ?? []);
  send(call, 'REQUEST', row, isNews ? invited : invited.filter(({ mail }) => !known.has(mail.toLowerCase())));
  const stay = addresses(invited);
  const out = before?.invited.filter(({ mail }) => !stay.has(mail.toLowerCase())) ?? [];
  send(call, 'CANCEL', row, out);
}

function addresses(people: readonly Invited[]): ReadonlySet<string> {
  return new Set(people.map(({ mail }) => mail.toLowerCase()));
}

/** Tells those who took part that the appointment, or one occurrence of the series, does not take place. */
export function cancel(call: Call, row: Stored, occurrence?: { readonly start: number; readonly end: number }): void {
  if (!isOrganizer(call, row)) return;
  const single = occurrence ? { ...row, start_date: occurrence.start, end_date: occurrence.end } : row;
  send(call, 'CANCEL', single, invitedTo(call, row), occurrence?.start);
}

/** Only who invites tells the others, or whoever acts in his calendar. */
function isOrganizer({ context, user }: Call, row: Stored): boolean {
  const organizer = context.users.byAddress(String(row['organizer'] ?? ''));
  return (
    organizer !== undefined && (organizer.id === user.id || context.folders.get(row.folder)?.owner === organizer.id)
  );
}

function send(
  call: Call,
  method: ItipMessage['method'],
  row: Stored,
  invited: readonly Invited[],
  occurrence: number | undefined = originalStart(call, row),
): void {
  if (invited.length === 0) return;
  const { server, session, context } = call;
  const organizer = context.users.byAddress(String(row['organizer']));
  if (!organizer) return;
  const message: ItipMessage = {
    method,
    row,
    organizer: { mail: organizer.mail, name: organizer.displayName },
    invited,
    recurrenceId: occurrence,
    sequence: Number(row['sequence'] ?? 0) + (method === 'CANCEL' ? 1 : 0),
    stamp: server.now(),
  };
  call.afterwards(async () => {
    const source = await compose(message);
    await deliver(server, session, source, await parseMessage(source));
  });
}

/** Of an exception: when its occurrence would have begun. */
function originalStart({ context }: Call, row: Stored): number | undefined {
  if (!isException(row)) return undefined;
  const master = context.appointments.stored(Number(row['recurrence_id']));
  return (master && Series.of(master)?.on(Number(row['recurrence_date_position']))?.start) ?? undefined;
}

function compose(message: ItipMessage): Promise<Buffer> {
  const { method, row, organizer, invited, stamp } = message;
  const title = String(row['title'] ?? '');
  return new MailComposer({
    from: { name: organizer.name, address: organizer.mail },
    to: invited.map(({ name, mail }) => ({ name, address: mail })),
    subject: method === 'CANCEL' ? `Cancelled: ${title}` : title,
    date: new Date(stamp),
    text: `${method === 'CANCEL' ? 'This appointment does not take place' : 'You are invited'}: ${title}\r\n`,
    alternatives: [{ contentType: `text/calendar; charset=utf-8; method=${method}`, content: writeItip(message) }],
  })
    .compile()
    .build();
}
