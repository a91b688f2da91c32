import type { Appointment, AppointmentException, Attendee, Instant, Mailbox, TimeZoneId } from '@oxtender/bundle-api';
import ICAL from 'ical.js';
import { toLocal } from '../../values/time-zone/zone-offset';
import { dateTime, localTime, utcTime } from '../../values/ical-time';
import { ruleText } from '../../values/rule-text';
import { singleOccurrence } from '../../values/single-occurrence';
import { timeZoneComponent } from './time-zone-component';

/** What is said about a meeting, in the words of [RFC 5546] "Application Protocol Elements". */
export interface ItipMessage {
  /** `PUBLISH`: an event to which nobody is invited. */
  readonly method: 'REQUEST' | 'PUBLISH' | 'REPLY' | 'COUNTER';
  /** As the calendar has it; `uid` and `organizer` are there. */
  readonly meeting: Appointment;
  /** Who is named as attendee: those invited, or who answers. */
  readonly attendees: readonly Attendee[];
  /** `originalStart` of the one occurrence that is meant. */
  readonly occurrence?: Instant | undefined;
  readonly comment?: string | undefined;
  readonly stamp: Instant;
  /** Of a user who has told none. */
  readonly zone: TimeZoneId;
}

/** The iCalendar text of a message about a meeting. */
export function writeItip(message: ItipMessage): string {
  const { method, meeting, occurrence } = message;
  const zone = meeting.timeZone ?? message.zone;
  const isSeries = meeting.recurrence !== undefined && occurrence === undefined && isWhole(method);
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', '-//OXtender//eas//EN');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('method', method);
  const described = isSeries && !meeting.allDay ? timeZoneComponent(zone) : undefined;
  if (described) calendar.addSubcomponent(described);
  const time = timeWriter(meeting.allDay, described && zone);
  calendar.addSubcomponent(event(message, meeting, { time, occurrence }));
  if (isSeries)
    for (const exception of changedOccurrences(meeting)) {
      const { originalStart } = exception;
      const changed = singleOccurrence(meeting, originalStart);
      calendar.addSubcomponent(event(message, changed, { time, occurrence: originalStart }));
    }
  return `${calendar.toString()}\r\n`;
}

/** True for a message that tells all of an event; answers name it. */
function isWhole(method: ItipMessage['method']): boolean {
  return method === 'REQUEST' || method === 'PUBLISH';
}

interface TimeWriter {
  (component: ICAL.Component, name: string, instant: Instant): void;
}

/** @param zone - in which times are written; absent: UTC */
function timeWriter(allDay: boolean, zone: TimeZoneId | undefined): TimeWriter {
  return (component, name, instant) => {
    if (allDay) component.addPropertyWithValue(name, dateTime(instant));
    else if (zone === undefined) component.addPropertyWithValue(name, utcTime(instant));
    else component.addPropertyWithValue(name, localTime(toLocal(zone, instant))).setParameter('tzid', zone);
  };
}

function event(
  message: ItipMessage,
  meeting: Appointment,
  { time, occurrence }: { time: TimeWriter; occurrence: Instant | undefined },
): ICAL.Component {
  const { method, attendees, comment, stamp, zone } = message;
  const component = new ICAL.Component('vevent');
  const add = (name: string, value: string | number | ICAL.Time | ICAL.Recur | undefined) => {
    if (value !== undefined && value !== '') component.addPropertyWithValue(name, value);
  };
  add('uid', meeting.uid);
  add('dtstamp', utcTime(stamp));
  add('sequence', meeting.sequence ?? 0);
  time(component, 'dtstart', meeting.start);
  time(component, 'dtend', meeting.end);
  if (occurrence !== undefined) time(component, 'recurrence-id', occurrence);
  add('summary', meeting.title);
  add('location', meeting.location?.displayName);
  if (meeting.organizer) component.addProperty(person('organizer', meeting.organizer));
  for (const attendee of attendees) component.addProperty(attendeeProperty(attendee, method));
  add('comment', comment);
  if (!isWhole(method)) return component;
  if (meeting.body?.format === 'text') add('description', meeting.body.content);
  add('transp', meeting.busyStatus === 'free' ? 'TRANSPARENT' : 'OPAQUE');
  if (meeting.recurrence === undefined || occurrence !== undefined) return component;
  const rule = ruleText(meeting.recurrence, { allDay: meeting.allDay, zone: meeting.timeZone ?? zone });
  add('rrule', ICAL.Recur.fromString(rule));
  for (const { originalStart, deleted } of meeting.exceptions ?? [])
    if (deleted === true) time(component, 'exdate', originalStart);
  return component;
}

function changedOccurrences({ exceptions = [] }: Appointment): AppointmentException[] {
  return exceptions.filter(({ deleted }) => deleted !== true);
}

function person(name: 'organizer' | 'attendee', { name: displayName, address }: Mailbox): ICAL.Property {
  const property = new ICAL.Property(name);
  property.setValue(`mailto:${address}`);
  if (displayName) property.setParameter('cn', displayName);
  return property;
}

const partStats: Readonly<Record<Attendee['status'], string>> = {
  none: 'NEEDS-ACTION',
  accepted: 'ACCEPTED',
  tentative: 'TENTATIVE',
  declined: 'DECLINED',
};

function attendeeProperty(attendee: Attendee, method: ItipMessage['method']): ICAL.Property {
  const property = person('attendee', attendee);
  property.setParameter('partstat', partStats[attendee.status]);
  if (attendee.role === 'optional') property.setParameter('role', 'OPT-PARTICIPANT');
  if (attendee.role === 'resource') property.setParameter('cutype', 'RESOURCE');
  if (method === 'REQUEST') property.setParameter('rsvp', 'TRUE');
  return property;
}
