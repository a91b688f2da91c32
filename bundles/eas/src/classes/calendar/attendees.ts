import { isDeepStrictEqual } from 'node:util';
import type { Attendee, Mailbox, ParticipationStatus } from '@oxtender/bundle-api';
import { type FieldTable, type TableField, field, fieldTable } from '../../protocol/field-table';
import { coded, records } from '../../protocol/fields';
import { isAtLeast } from '../../protocol/versions';
import { formatCompactDateTime } from '../../values/date-time';
import { addressIn } from '../../values/mailbox-text';
import { Calendar, MeetingResponse, element } from '../../wbxml';
import type { ItemContext } from '../item-context';
import { texts } from '../texts';

/** [MS-ASCAL] "AttendeeStatus"; 5, not responded, is read as none. */
const statusCodes: Readonly<Record<ParticipationStatus, number>> = { none: 0, tentative: 2, accepted: 3, declined: 4 };
const statusWords = new Map(Object.entries(statusCodes).map(([word, code]) => [String(code), word]));

/** [MS-ASCAL] "Attendee". Email and Name are required. */
const attendeeFields: FieldTable<Attendee, ItemContext> = fieldTable<Attendee, ItemContext>([
  field({
    tag: Calendar.Email,
    keys: ['address'],
    write: ({ address }) => element(Calendar.Email, address),
    read: (read) => ({ address: addressIn(read.text) }),
  }),
  field({
    tag: Calendar.Name,
    keys: ['name'],
    write: ({ name, address }) => element(Calendar.Name, name ?? address),
    read: (read) => ({ name: read.text || null }),
  }),
  field({
    tag: Calendar.AttendeeStatus,
    since: '12.0',
    keys: ['status'],
    write: ({ status }) => element(Calendar.AttendeeStatus, statusCodes[status]),
    // From 16.0 a device must not send it: what it says then is old.
    read: (read, { version }) =>
      isAtLeast(version, '16.0')
        ? undefined
        : { status: (statusWords.get(read.text.trim()) ?? 'none') as ParticipationStatus },
  }),
  coded(Calendar.AttendeeType, 'role', { required: 1, optional: 2, resource: 3 }, { since: '12.0' }),
  proposed(MeetingResponse.ProposedStartTime, 'proposedStart'),
  proposed(MeetingResponse.ProposedEndTime, 'proposedEnd'),
]);

/** [MS-ASCAL] "Attendees". The organizer is no attendee on the wire. */
export const attendeesField: TableField<WithAttendees, ItemContext> = attendeesOf();

/** What of an appointment and its exceptions the field needs. */
interface WithAttendees {
  readonly attendees?: readonly Attendee[];
  readonly organizer?: Mailbox;
  readonly ownedByUser?: boolean;
  readonly cancelled?: boolean;
}

function attendeesOf(): TableField<WithAttendees, ItemContext> {
  const list = records<WithAttendees, Attendee, ItemContext>(
    Calendar.Attendees,
    Calendar.Attendee,
    'attendees',
    attendeeFields,
  );
  return {
    ...list,
    write: (item, context) => list.write?.({ ...item, attendees: invited(item, context) }, context),
    read(read, context) {
      const { attendees } = list.read?.(read, context) ?? {};
      return { attendees: attendees?.filter(({ address }) => address).map(completed) ?? null };
    },
  };
}

/** Those who are listed: all but the organizer. */
export function invited(item: WithAttendees, { user, quirks }: ItemContext): readonly Attendee[] {
  const { attendees = [], organizer, cancelled } = item;
  const others = attendees.filter(({ address }) => !sameAddress(address, organizer?.address ?? ''));
  return others.length === 0 && cancelled === true && quirks.attendeeInCancelledMeeting
    ? [{ address: user.primaryAddress, name: user.displayName, role: 'required', status: 'none' }]
    : others;
}

/**
 * Attendees that a device changed: those who were there keep what it does not know, and an answer is never taken back;
 * those who were not shown to it stay.
 */
export function mergeAttendees(
  current: readonly Attendee[] | undefined,
  sent: readonly Attendee[] | null,
  received: readonly Attendee[] | null,
): readonly Attendee[] | null | undefined {
  const byAddress = new Map((current ?? []).map((attendee) => [attendee.address.toLowerCase(), attendee]));
  const sentByAddress = new Map((sent ?? []).map((attendee) => [attendee.address.toLowerCase(), attendee]));
  const hidden = (current ?? []).filter(({ address }) => !sentByAddress.has(address.toLowerCase()));
  const merged = (received ?? []).map((attendee) => {
    const key = attendee.address.toLowerCase();
    const known = byAddress.get(key);
    if (known === undefined) return attendee;
    const told = sentByAddress.get(key);
    return {
      ...known,
      ...(told !== undefined && told.role === attendee.role ? {} : { role: attendee.role }),
      ...(told?.name === attendee.name || attendee.name === undefined ? {} : { name: attendee.name }),
      ...(attendee.status === 'none' ? {} : { status: attendee.status }),
    };
  });
  const result = [
    ...hidden.filter(({ address }) => !merged.some((other) => sameAddress(other.address, address))),
    ...merged,
  ];
  if (isDeepStrictEqual(sorted(result), sorted(current ?? []))) return undefined;
  return result.length === 0 ? null : result;
}

export function sameAddress(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** True when the address is one of the user's. */
export function isOwn(address: string, { user }: Pick<ItemContext, 'user'>): boolean {
  return user.addresses.some((own) => sameAddress(own, address)) || sameAddress(user.primaryAddress, address);
}

/** What an element that is left out means: required, and no answer yet. */
function completed({ address, name, role, status, ...rest }: Partial<Attendee>): Attendee {
  return {
    address: address ?? '',
    ...(name === undefined || name === address ? {} : { name }),
    role: role ?? 'required',
    status: status ?? 'none',
    ...rest,
  };
}

function proposed(tag: typeof MeetingResponse.ProposedStartTime, key: 'proposedStart' | 'proposedEnd') {
  return field<Attendee, ItemContext>({
    tag,
    since: '16.1',
    keys: [key],
    write: (attendee) => texts(tag, attendee[key] === undefined ? undefined : formatCompactDateTime(attendee[key])),
  });
}

function sorted(attendees: readonly Attendee[]): Attendee[] {
  return [...attendees].sort((left, right) => left.address.localeCompare(right.address));
}
