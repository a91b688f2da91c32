import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import {
  type Appointment,
  type AppointmentException,
  type Attendee,
  GroupwareError,
  type Instant,
  type Mailbox,
  type Occurrence,
  type ParticipationStatus,
} from '@oxtender/bundle-api';
import type { Draft } from '../columns/column-table';
import { recurrenceOfRule } from './recurrence-rule';
import { zoneNameOf } from './zone-name';

/** What a message wants, and the appointment that it is about. */
export interface Invitation {
  /** `REQUEST`, `CANCEL`, `REPLY` and others. RFC 5546, "Methods". */
  readonly method: string;
  readonly appointment: Appointment;
  /** `originalStart` of the one occurrence that is meant; absent: all of it. */
  readonly occurrence?: Instant;
  readonly sequence: number;
  /** When it was said. */
  readonly stamp?: Instant;
  readonly comment?: string;
}

const statusOf: Readonly<Record<string, ParticipationStatus>> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentative',
};

/** Reads a received iTIP message (RFC 5546). @throws GroupwareError INVALID */
export function readInvitation(calendar: string): Invitation {
  const root = parse(calendar);
  const events = root.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
  const master = events.find((event) => !event.isRecurrenceException()) ?? events[0];
  if (!master) throw new GroupwareError('INVALID', 'a calendar without events');
  const others = events.filter((event) => event !== master && event.isRecurrenceException());
  const method = String(root.getFirstPropertyValue('method') ?? 'REQUEST').toUpperCase();
  const { component } = master;
  const occurrence = moment(component, 'recurrence-id');
  const stamp = moment(component, 'dtstamp');
  const comment = component.getFirstPropertyValue('comment');
  return {
    method,
    appointment: appointmentOf(master, others),
    sequence: Number(component.getFirstPropertyValue('sequence') ?? 0) || 0,
    ...(occurrence !== undefined && { occurrence }),
    ...(stamp !== undefined && { stamp }),
    ...(typeof comment === 'string' && comment !== '' && { comment }),
  };
}

function parse(calendar: string): ICAL.Component {
  try {
    return new ICAL.Component(ICAL.parse(calendar) as unknown[]);
  } catch (cause) {
    throw new GroupwareError('INVALID', 'not a calendar', { cause });
  }
}

function appointmentOf(event: ICAL.Event, others: readonly ICAL.Event[]): Appointment {
  const { component } = event;
  const timeZone = zoneOf(component.getFirstProperty('dtstart'));
  const rule = component.getFirstPropertyValue('rrule') as ICAL.Recur | null;
  const recurrence = rule ? recurrenceOfRule(rule, timeZone) : undefined;
  const organizer = mailboxOf(component.getFirstProperty('organizer'));
  const exceptions = [...deletedOf(component), ...others.map(exceptionOf)].sort(
    (a, b) => a.originalStart - b.originalStart,
  );
  return {
    ...occurrenceOf(event),
    ...(event.uid && { uid: event.uid }),
    ...(timeZone !== undefined && { timeZone }),
    ...(recurrence && { recurrence }),
    ...(recurrence && exceptions.length > 0 && { exceptions }),
    ...(organizer && { organizer }),
  };
}

function occurrenceOf(event: ICAL.Event): Occurrence {
  const { component } = event;
  const attendees = component.getAllProperties('attendee').flatMap(attendeeOf);
  const isOpaque = component.getFirstPropertyValue('transp') !== 'TRANSPARENT';
  const result: Draft<Occurrence> = {
    start: moment(component, 'dtstart') ?? 0,
    end: endOf(event),
    allDay: event.startDate.isDate,
    busyStatus: isOpaque ? 'busy' : 'free',
  };
  if (event.summary) result.title = event.summary;
  if (event.location) result.location = { displayName: event.location };
  if (event.description) result.body = { format: 'text', content: event.description };
  if (attendees.length > 0) result.attendees = attendees;
  return result as Occurrence;
}

function exceptionOf(event: ICAL.Event): AppointmentException {
  return { originalStart: moment(event.component, 'recurrence-id') ?? 0, ...occurrenceOf(event) };
}

function deletedOf(component: ICAL.Component): AppointmentException[] {
  return component
    .getAllProperties('exdate')
    .flatMap((property) => (property.getValues() as ICAL.Time[]).map((time) => momentOf(time, zoneOf(property))))
    .map((originalStart) => ({ originalStart, deleted: true }));
}

function attendeeOf(property: ICAL.Property): Attendee[] {
  const mailbox = mailboxOf(property);
  if (!mailbox) return [];
  const parameter = (name: string): string =>
    (property.getFirstParameter(name) as string | undefined)?.toUpperCase() ?? '';
  const isThing = parameter('cutype') === 'RESOURCE' || parameter('cutype') === 'ROOM';
  const role = isThing ? 'resource' : parameter('role') === 'OPT-PARTICIPANT' ? 'optional' : 'required';
  return [{ ...mailbox, role, status: statusOf[parameter('partstat')] ?? 'none' }];
}

function mailboxOf(property: ICAL.Property | null): Mailbox | undefined {
  const value = property?.getFirstValue();
  if (!property || typeof value !== 'string') return undefined;
  const name = property.getFirstParameter('cn') as string | undefined;
  return { ...(name && { name }), address: value.replace(/^mailto:/i, '') };
}

/** A zone that has a name everywhere. */
function zoneOf(property: ICAL.Property | null): string | undefined {
  const name = property?.getFirstParameter('tzid');
  return name ? zoneNameOf(name) : undefined;
}

function moment(component: ICAL.Component, name: string): Instant | undefined {
  const property = component.getFirstProperty(name);
  const time = property?.getFirstValue();
  return time instanceof ICAL.Time ? momentOf(time, zoneOf(property)) : undefined;
}

/** @param zone - the zone by its name, which holds even where the message describes it wrongly or not at all */
function momentOf(time: ICAL.Time, zone: string | undefined): Instant {
  const { year, month, day, hour, minute, second } = time;
  if (time.isDate) return Date.UTC(year, month - 1, day);
  if (zone === undefined || time.zone === ICAL.Timezone.utcTimezone) return time.toUnixTime() * 1000;
  return DateTime.fromObject({ year, month, day, hour, minute, second }, { zone }).toMillis();
}

/** DTEND, or what DURATION makes of the start. */
function endOf({ component, duration, startDate }: ICAL.Event): Instant {
  const end = moment(component, 'dtend');
  if (end !== undefined) return end;
  const start = moment(component, 'dtstart') ?? 0;
  const length = duration.toSeconds() * 1000;
  return length > 0 || !startDate.isDate ? start + length : start + 86_400_000;
}
