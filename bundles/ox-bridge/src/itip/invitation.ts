import ICAL from 'ical.js';
import { IANAZone } from 'luxon';
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

/** What a message wants, and the appointment that it is about. */
export interface Invitation {
  /** `REQUEST`, `CANCEL`, `REPLY` and others. RFC 5546, "Methods". */
  readonly method: string;
  readonly appointment: Appointment;
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
  return { method, appointment: appointmentOf(master, others) };
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
  const timeZone = zoneOf(event.startDate);
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
    start: momentOf(event.startDate),
    end: momentOf(event.endDate),
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
  return { originalStart: momentOf(event.recurrenceId), ...occurrenceOf(event) };
}

function deletedOf(component: ICAL.Component): AppointmentException[] {
  return component
    .getAllProperties('exdate')
    .flatMap((property) => property.getValues() as ICAL.Time[])
    .map((time) => ({ originalStart: momentOf(time), deleted: true }));
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

/** A zone that has a name everywhere; one that the message describes itself is already in the moments. */
function zoneOf({ isDate, zone }: ICAL.Time): string | undefined {
  const name = zone.tzid;
  return !isDate && IANAZone.isValidZone(name) ? name : undefined;
}

function momentOf(time: ICAL.Time): Instant {
  return time.isDate ? Date.UTC(time.year, time.month - 1, time.day) : time.toUnixTime() * 1000;
}
