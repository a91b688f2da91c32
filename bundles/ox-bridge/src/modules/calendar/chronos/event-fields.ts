import type {
  Appointment,
  AttachmentInfo,
  Attendee,
  BusyStatus,
  Mailbox,
  ParticipationStatus,
  Patch,
  Sensitivity,
} from '@oxtender/bundle-api';
import { choice, note, objectsIn, roundToDay } from '../../../columns/codecs';
import type { Draft, OxBody } from '../../../columns/column-table';
import { oneLine } from '../../../columns/location';
import type { People } from '../../../columns/people';
import { commentFields } from '../../../columns/proposal-note';
import { decodeRule, encodeRule } from '../../../itip/recurrence-rule';
import { decodeDateTime, encodeDateTime } from './date-time';
import type { OxAlarm, OxAttendee, OxEvent, OxEventFile } from './event';

/** What values mean something relative to. */
export interface EventContext {
  readonly people: People;
  /** The event as it is, when a patch changes a part of what one of its fields holds. */
  readonly present?: OxEvent | undefined;
  /** For values that the patch does not name. */
  readonly record?: Appointment | undefined;
}

/** Fields of an event and of the record, in both directions. */
interface EventField {
  readonly keys: readonly (keyof Appointment)[];
  read(event: OxEvent, record: Draft<Appointment>, context: EventContext): void;
  write(patch: Patch<Appointment>, event: OxBody, context: EventContext): void;
}

/** Tells tentative and out of office, for which iCalendar has no word. [MS-OXCICAL] "X-MICROSOFT-CDO-BUSYSTATUS". */
const busyProperty = 'X-MICROSOFT-CDO-BUSYSTATUS';

const busyWords = choice<BusyStatus>([
  ['free', 'FREE'],
  ['tentative', 'TENTATIVE'],
  ['busy', 'BUSY'],
  ['away', 'OOF'],
  ['elsewhere', 'WORKINGELSEWHERE'],
]);

const classes = choice<Sensitivity>([
  ['normal', 'PUBLIC'],
  ['private', 'PRIVATE'],
  ['personal', 'PRIVATE'],
  ['confidential', 'CONFIDENTIAL'],
]);

/** Also for answers that are given. RFC 5545, "Participation Status". */
export const partStats = choice<ParticipationStatus>([
  ['none', 'NEEDS-ACTION'],
  ['accepted', 'ACCEPTED'],
  ['declined', 'DECLINED'],
  ['tentative', 'TENTATIVE'],
]);

function text(name: 'summary' | 'uid', key: 'title' | 'uid'): EventField {
  return {
    keys: [key],
    read(event, record) {
      if (event[name]) record[key] = event[name];
    },
    write(patch, event) {
      event[name] = patch[key];
    },
  };
}

const times: EventField = {
  keys: ['start', 'end', 'allDay', 'timeZone'],
  read({ startDate, endDate = startDate }, record) {
    record.allDay = startDate.value.length === 8;
    record.start = decodeDateTime(startDate);
    record.end = decodeDateTime(endDate);
    if (!record.allDay && startDate.tzid !== undefined) record.timeZone = startDate.tzid;
  },
  write(patch, event, { record }) {
    const allDay = patch.allDay ?? record?.allDay ?? false;
    const zone = patch.timeZone ?? record?.timeZone;
    const encode = (value: number): unknown => encodeDateTime(allDay ? roundToDay(value) : value, allDay, zone);
    const { start = record?.start, end = record?.end } = patch;
    if (typeof start === 'number') event['startDate'] = encode(start);
    if (typeof end === 'number') event['endDate'] = encode(end);
  },
};

const location: EventField = {
  keys: ['location'],
  read(event, record) {
    if (event.location) record.location = { displayName: event.location };
  },
  write({ location: place }, event) {
    event['location'] = place ? oneLine(place) : null;
  },
};

const body: EventField = {
  keys: ['body'],
  read({ description }, record) {
    const decoded = description === undefined ? undefined : note.decode(description);
    if (decoded) record.body = decoded;
  },
  write(patch, event) {
    event['description'] = patch.body ? note.encode(patch.body) : null;
  },
};

const busyStatus: EventField = {
  keys: ['busyStatus'],
  read({ transp, extendedProperties }, record) {
    const word = busyWords.decode(extendedProperties?.[busyProperty]?.value);
    // Programs that do not know the property change the other field alone.
    if (transp === 'TRANSPARENT') record.busyStatus = 'free';
    else record.busyStatus = word === undefined || word === 'free' ? 'busy' : word;
  },
  write(patch, event, { present }) {
    const word = patch.busyStatus ?? 'busy';
    event['transp'] = word === 'free' ? 'TRANSPARENT' : 'OPAQUE';
    event['extendedProperties'] = { ...present?.extendedProperties, [busyProperty]: { value: busyWords.encode(word) } };
  },
};

const sensitivity: EventField = {
  keys: ['sensitivity'],
  read(event, record) {
    const word = classes.decode(event.class);
    if (word) record.sensitivity = word;
  },
  write(patch, event) {
    event['class'] = classes.encode(patch.sensitivity ?? 'normal');
  },
};

/** The one alarm that a device knows; other alarms stay as they are. */
const reminder: EventField = {
  keys: ['reminder'],
  read({ alarms = [] }, record) {
    const minutes = alarms.map(minutesOf).find((one) => one !== undefined);
    if (minutes !== undefined) record.reminder = minutes;
  },
  write(patch, event, { present }) {
    const before = present?.alarms ?? [];
    const known = before.find((alarm) => minutesOf(alarm) !== undefined);
    const others = before.filter((alarm) => alarm !== known);
    const minutes = patch.reminder ?? undefined;
    const alarm = { action: 'DISPLAY', trigger: { duration: `-PT${minutes ?? 0}M`, related: 'START' } };
    event['alarms'] = minutes === undefined ? others : [{ ...known, ...alarm }, ...others];
  },
};

const categories: EventField = {
  keys: ['categories'],
  read(event, record) {
    if (event.categories && event.categories.length > 0) record.categories = event.categories;
  },
  write(patch, event) {
    event['categories'] = patch.categories ?? [];
  },
};

const recurrence: EventField = {
  keys: ['recurrence'],
  read(event, record) {
    if (event.rrule === undefined || event.recurrenceId !== undefined) return;
    const decoded = decodeRule(event.rrule, record.timeZone);
    if (decoded) record.recurrence = decoded;
  },
  write(patch, event, { record }) {
    const allDay = patch.allDay ?? record?.allDay ?? false;
    const zone = patch.timeZone ?? record?.timeZone;
    event['rrule'] = patch.recurrence ? encodeRule(patch.recurrence, allDay, zone) : null;
  },
};

const people: EventField = {
  keys: ['attendees'],
  read({ organizer, attendees: listed }, record, { people: { userId } }) {
    const attendees = objectsIn<OxAttendee>(listed);
    const others = attendees.filter((one) => !isSame(one, organizer) && one.cuType !== 'GROUP');
    const isOwn = organizer === undefined || organizer.entity === userId;
    if (others.length > 0) {
      record.attendees = others.map(attendeeOf);
      if (organizer) record.organizer = mailboxOf(organizer);
    }
    record.ownedByUser = others.length === 0 || isOwn;
    const own = attendees.find(({ entity }) => entity === userId);
    if (own && !record.ownedByUser) record.ownStatus = partStats.decode(own.partStat) ?? 'none';
  },
  write({ attendees }, event, { people: known, present }) {
    const fixed = (present?.attendees ?? [{ entity: known.userId, cuType: 'INDIVIDUAL' }]).filter(
      (one) => isSame(one, present?.organizer) || one.entity === known.userId || isThing(one),
    );
    const wanted = (attendees ?? [])
      .filter(({ address }) => address !== '')
      .map((one) => oxAttendee(one, known, present));
    event['attendees'] = [...fixed, ...wanted.filter((one) => !fixed.some((other) => isSame(one, other)))];
  },
};

/** Written only for what somebody else organizes. Read with the people. */
const organizer: EventField = {
  keys: ['organizer'],
  read: () => undefined,
  write(patch, event, { people: known }) {
    const { address = '', name } = patch.organizer ?? {};
    if (address === '' || known.byAddress(address)?.id === known.userId) return;
    event['organizer'] = { uri: `mailto:${address}`, email: address, ...(name && { cn: name }) };
  },
};

/** Written only for what somebody else organizes: of the rest OX keeps count. */
const sequence: EventField = {
  keys: ['sequence'],
  read(event, record) {
    if (event.sequence !== undefined) record.sequence = event.sequence;
  },
  write(patch, event) {
    event['sequence'] = patch.sequence;
  },
};

/** What only the server writes. */
const own: EventField = {
  keys: [],
  read({ status, lastModified, attachments = [] }, record) {
    if (status === 'CANCELLED') record.cancelled = true;
    if (lastModified !== undefined) record.lastModified = lastModified;
    if (attachments.length > 0) record.attachments = attachments.map(fileInfo);
  },
  write: () => undefined,
};

/** OX HTTP API, "EventData". */
const fields: readonly EventField[] = [
  text('summary', 'title'),
  location,
  times,
  organizer,
  body,
  busyStatus,
  sensitivity,
  reminder,
  categories,
  people,
  recurrence,
  text('uid', 'uid'),
  sequence,
  own,
];

export function readEvent(event: OxEvent, context: EventContext): Appointment {
  const record: Draft<Appointment> = {};
  for (const field of fields) field.read(event, record, context);
  return record as Appointment;
}

export function writeEvent(patch: Patch<Appointment>, context: EventContext): OxBody {
  const event: OxBody = {};
  for (const field of fields)
    if (field.keys.some((key) => patch[key] !== undefined)) field.write(patch, event, context);
  return event;
}

/** For values that are too long: names of fields are told, never numbers. */
export const eventNames = {
  nameOf: (): undefined => undefined,
  fieldsOf: (name: string): readonly string[] => fieldsOfName.get(name) ?? [],
};

const fieldsOfName = new Map([
  ['summary', ['title']],
  ['description', ['body']],
  ['location', ['location']],
  ['categories', ['categories']],
]);

export function fileInfo({ managedId, filename, fmtType, size = 0 }: OxEventFile): AttachmentInfo {
  return {
    id: String(managedId),
    fileName: filename ?? 'attachment',
    contentType: fmtType ?? 'application/octet-stream',
    size,
  };
}

function attendeeOf(one: OxAttendee): Attendee {
  const role = isThing(one) ? 'resource' : one.role === 'OPT-PARTICIPANT' ? 'optional' : 'required';
  const status = partStats.decode(one.partStat) ?? 'none';
  return { ...mailboxOf(one), role, status, ...commentFields(one.comment, status) };
}

function oxAttendee(
  { name, address, role, status }: Attendee,
  known: People,
  present: OxEvent | undefined,
): OxAttendee {
  const before = present?.attendees?.find((one) => mailboxOf(one).address.toLowerCase() === address.toLowerCase());
  if (before) return { ...before, ...(status !== 'none' && { partStat: partStats.encode(status) as string }) };
  const inside = known.byAddress(address);
  return {
    cuType: 'INDIVIDUAL',
    uri: `mailto:${address}`,
    email: address,
    ...(name && { cn: name }),
    ...(inside && { entity: inside.id }),
    role: role === 'optional' ? 'OPT-PARTICIPANT' : 'REQ-PARTICIPANT',
    partStat: partStats.encode(status) as string,
  };
}

function mailboxOf({ cn, email, uri = '' }: OxAttendee): Mailbox {
  return { ...(cn && { name: cn }), address: email ?? /^mailto:(.*)$/i.exec(uri)?.[1] ?? '' };
}

function isSame(one: OxAttendee, other: OxAttendee | undefined): boolean {
  if (!other) return false;
  if (one.entity !== undefined && other.entity !== undefined)
    return one.entity === other.entity && isThing(one) === isThing(other);
  return mailboxOf(one).address.toLowerCase() === mailboxOf(other).address.toLowerCase();
}

function isThing({ cuType }: OxAttendee): boolean {
  return cuType === 'GROUP' || cuType === 'RESOURCE' || cuType === 'ROOM';
}

/** Minutes before the start, for the alarms that a device can have. */
function minutesOf({ action, trigger }: OxAlarm): number | undefined {
  if (action !== undefined && action !== 'DISPLAY') return undefined;
  if (trigger?.duration === undefined || trigger.related === 'END') return undefined;
  const match = /^(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$/.exec(trigger.duration);
  if (!match) return undefined;
  const [weeks, days, hours, minutes] = match.slice(2).map((part: string | undefined) => Number(part ?? 0));
  const total = (((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0);
  return match[1] === '-' || total === 0 ? total : undefined;
}
