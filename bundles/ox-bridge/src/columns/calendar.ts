import type { Appointment, Mailbox, Sensitivity } from '@oxtender/bundle-api';
import { categories, choice, instant, int, note, objectsIn, roundToDay, text } from './codecs';
import { type ColumnMapping, ColumnTable, column, readOnly } from './column-table';
import { oneLine } from './location';
import {
  type OxConfirmation,
  type OxParticipant,
  type OxUser,
  type People,
  attendeesOf,
  participantType,
  participantsFor,
  statusOf,
} from './people';
import { decodeRecurrence, encodeRecurrence, recurrenceColumns } from './recurrence';

/** What an appointment's values mean something relative to. */
export interface CalendarContext {
  readonly people: People;
  /** Participants that stay whatever attendees are written: the user, groups, resources. */
  readonly fixed?: readonly OxParticipant[];
}

type Mapping = ColumnMapping<Appointment, CalendarContext>;

/** `private_flag` knows two of the four; absent reads as normal. */
export const privateFlag = choice<Sensitivity>([
  ['normal', false],
  ['private', true],
  ['personal', true],
  ['confidential', true],
]);

/** The whole of a day, or moments: which of both decides what the two numbers are. */
const times: Mapping = {
  columns: [
    [201, 'start_date'],
    [202, 'end_date'],
    [401, 'full_time'],
    [408, 'timezone'],
  ],
  keys: ['start', 'end', 'allDay', 'timeZone'],
  read(row, at, record) {
    const [start, end, fullTime, timeZone] = row.slice(at);
    record.allDay = fullTime === true;
    record.start = Number(start ?? 0);
    record.end = Number(end ?? start ?? 0);
    if (!record.allDay && typeof timeZone === 'string' && timeZone !== '') record.timeZone = timeZone;
  },
  write({ start, end, allDay, timeZone }, body) {
    const number = (value: number): number => (allDay === true ? roundToDay(value) : value);
    if (typeof allDay === 'boolean') body['full_time'] = allDay;
    if (typeof start === 'number') body['start_date'] = number(start);
    if (typeof end === 'number') body['end_date'] = number(end);
    if (typeof timeZone === 'string') body['timezone'] = timeZone;
  },
};

/** OX keeps one line. */
const location: Mapping = {
  columns: [[400, 'location']],
  keys: ['location'],
  read(row, at, record) {
    const [value] = row.slice(at);
    if (typeof value === 'string' && value !== '') record.location = { displayName: value };
  },
  write({ location: place }, body) {
    body['location'] = place ? oneLine(place) : null;
  },
};

/** Minutes before the start; -1 is none. */
const alarm: Mapping = {
  columns: [[204, 'alarm']],
  keys: ['reminder'],
  read(row, at, record) {
    const [value] = row.slice(at);
    if (value !== null && value !== undefined && Number(value) >= 0) record.reminder = Number(value);
  },
  write({ reminder }, body) {
    body['alarm'] = reminder ?? -1;
  },
};

const recurrence: Mapping = {
  columns: recurrenceColumns,
  keys: ['recurrence'],
  read(row, at, record) {
    const decoded = decodeRecurrence(row.slice(at, at + recurrenceColumns.length));
    if (decoded) record.recurrence = decoded;
  },
  write(patch, body) {
    Object.assign(body, encodeRecurrence(patch.recurrence ?? null));
  },
};

/** Organizer, attendees and the user's own answer, from five columns. */
const people: Mapping = {
  columns: [
    [220, 'participants'],
    [221, 'users'],
    [226, 'confirmations'],
    [224, 'organizer'],
    [227, 'organizerId'],
    [2, 'created_by'],
  ],
  keys: ['attendees'],
  read(row, at, record, { people: known }) {
    const [participants, users, confirmations, address, organizerId, createdBy] = row.slice(at);
    const id =
      Number(organizerId ?? 0) || (typeof address === 'string' && address !== '' ? undefined : Number(createdBy));
    const lists = {
      participants: objectsIn<OxParticipant>(participants),
      users: objectsIn<OxUser>(users),
      confirmations: objectsIn<OxConfirmation>(confirmations),
    };
    const attendees = attendeesOf(lists, known, id);
    const own = lists.users.find((one) => Number(one.id) === known.userId);
    if (attendees.length > 0) {
      record.attendees = attendees;
      record.organizer = organizerOf(id === undefined ? undefined : known.byId(id), address);
    }
    record.ownedByUser = attendees.length === 0 || id === known.userId;
    if (own && !record.ownedByUser) record.ownStatus = statusOf(own.confirm);
  },
  write({ attendees }, body, { people: known, fixed = [{ id: known.userId, type: participantType.user }] }) {
    const { participants, confirmations } = participantsFor(attendees ?? [], known);
    const isFixed = (one: OxParticipant): boolean =>
      one.id !== undefined && fixed.some(({ id, type }) => Number(id) === Number(one.id) && type === one.type);
    body['participants'] = [...fixed, ...participants.filter((one) => !isFixed(one))];
    if (confirmations.length > 0) body['confirmations'] = confirmations;
  },
};

/** Written only for what somebody else organizes. Read with the people. */
const organizer: Mapping = {
  columns: [],
  keys: ['organizer'],
  read: () => undefined,
  write(patch, body, { people: known }) {
    const address = patch.organizer?.address;
    if (address !== undefined && address !== '' && known.byAddress(address)?.id !== known.userId)
      body['organizer'] = address;
  },
};

/** OX HTTP API, "Detailed appointment data". */
export const calendarColumns = new ColumnTable<Appointment, CalendarContext>([
  column([200, 'title'], 'title', text),
  location,
  times,
  organizer,
  column([203, 'note'], 'body', note),
  column(
    [402, 'shown_as'],
    'busyStatus',
    choice([
      ['busy', 1],
      ['tentative', 2],
      ['away', 3],
      ['free', 4],
      ['elsewhere', 3],
    ]),
  ),
  column([101, 'private_flag'], 'sensitivity', privateFlag),
  alarm,
  column([100, 'categories'], 'categories', categories),
  people,
  recurrence,
  column([223, 'uid'], 'uid', text),
  column([225, 'sequence'], 'sequence', int),
  readOnly(column([6, 'last_modified_utc'], 'lastModified', instant)),
]);

function organizerOf(person: { name: string; address: string } | undefined, address: unknown): Mailbox {
  if (typeof address === 'string' && address !== '') return { ...(person && { name: person.name }), address };
  return { ...(person && { name: person.name }), address: person?.address ?? '' };
}
