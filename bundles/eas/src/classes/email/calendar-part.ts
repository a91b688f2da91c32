import type { Instant, Mailbox, Recurrence, TimeZoneId } from '@oxtender/bundle-api';
import ICAL from 'ical.js';
import { LRUCache } from 'lru-cache';
import { findIana } from 'windows-iana';
import { minute } from '../../values/date-time';
import { fromLocal, isTimeZone } from '../../values/time-zone/zone-offset';
import { recurrenceOfRule } from './recurrence-rule';

/** What a text/calendar part of a mail says. [RFC 5546] */
export interface CalendarPart {
  readonly method: 'REQUEST' | 'CANCEL' | 'REPLY' | 'COUNTER' | 'OTHER';
  readonly uid: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly allDay: boolean;
  /** Absent: UTC, or a zone that is not known. */
  readonly zone?: TimeZoneId;
  readonly stamp?: Instant;
  readonly sequence: number;
  readonly location?: string;
  readonly organizer?: Mailbox;
  readonly attendees: readonly CalendarPartAttendee[];
  readonly recurrence?: Recurrence;
  /** Original start of the one occurrence that is meant. */
  readonly recurrenceId?: Instant;
  /** Seconds before the start. */
  readonly reminder?: number;
  readonly transparent: boolean;
  readonly confidentiality: string;
  readonly disallowCounter: boolean;
}

export interface CalendarPartAttendee {
  readonly address: string;
  readonly status: string;
  readonly responseRequested: boolean;
}

const methods: readonly string[] = ['REQUEST', 'CANCEL', 'REPLY', 'COUNTER'] satisfies CalendarPart['method'][];
/** Longest text that is read; an invitation of thousands of attendees is below. */
const maxLength = 1_000_000;
const parsed = new LRUCache<string, { part: CalendarPart | undefined }>({
  maxSize: 4 * maxLength,
  sizeCalculation: (_, key) => key.length,
});

/**
 * Reads a text/calendar part.
 *
 * @param zone - of times that name none
 * @returns undefined when it holds no appointment, or cannot be read
 */
export function parseCalendarPart(text: string, zone: TimeZoneId): CalendarPart | undefined {
  if (text.length > maxLength) return undefined;
  const key = `${zone} ${text}`;
  let entry = parsed.get(key);
  if (entry === undefined) {
    entry = { part: read(text, zone) };
    parsed.set(key, entry);
  }
  return entry.part;
}

function read(text: string, zone: TimeZoneId): CalendarPart | undefined {
  try {
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
    const event = calendar.getFirstSubcomponent('vevent');
    return event === null ? undefined : partOf(calendar, event, zone);
  } catch {
    // Whatever a stranger's mail contains; the mail itself is shown nevertheless.
    return undefined;
  }
}

function partOf(calendar: ICAL.Component, event: ICAL.Component, defaultZone: TimeZoneId): CalendarPart | undefined {
  const startProperty = event.getFirstProperty('dtstart');
  const time = (name: string): Instant | undefined => {
    const property = event.getFirstProperty(name);
    return property === null ? undefined : instantOf(property, defaultZone);
  };
  const start = time('dtstart');
  const first = startProperty?.getFirstValue();
  if (startProperty === null || start === undefined || !(first instanceof ICAL.Time)) return undefined;
  const word = (name: string): string => stringOf(event.getFirstPropertyValue(name));
  const method = stringOf(calendar.getFirstPropertyValue('method')).toUpperCase();
  const zone = zoneOf(startProperty);
  const rule = event.getFirstPropertyValue('rrule');
  const length = event.getFirstPropertyValue('duration');
  const end =
    time('dtend') ??
    start + (length instanceof ICAL.Duration ? length.toSeconds() * 1000 : first.isDate ? 1440 * minute : 0);
  return {
    method: methods.includes(method) ? (method as CalendarPart['method']) : 'OTHER',
    uid: word('uid'),
    start,
    end,
    allDay: first.isDate,
    sequence: Number(word('sequence')) || 0,
    attendees: event.getAllProperties('attendee').map(attendeeOf),
    transparent: word('transp').toUpperCase() === 'TRANSPARENT',
    confidentiality: word('class').toUpperCase(),
    disallowCounter: word('x-microsoft-disallow-counter').toUpperCase() === 'TRUE',
    ...defined('zone', zone),
    ...defined('stamp', time('dtstamp')),
    ...defined('location', word('location') || undefined),
    ...defined('organizer', organizerOf(event.getFirstProperty('organizer'))),
    ...defined('recurrence', rule instanceof ICAL.Recur ? recurrenceOfRule(rule, zone ?? defaultZone) : undefined),
    ...defined('recurrenceId', time('recurrence-id')),
    ...defined('reminder', reminderOf(event)),
  };
}

/** The moment of a property: in the zone that it names, be it known to the runtime or described in the part. */
function instantOf(property: ICAL.Property, defaultZone: TimeZoneId): Instant | undefined {
  const value = property.getFirstValue();
  if (!(value instanceof ICAL.Time)) return undefined;
  const local = Date.UTC(value.year, value.month - 1, value.day, value.hour, value.minute, value.second);
  if (value.isDate || value.zone === ICAL.Timezone.utcTimezone) return local;
  const zone = zoneOf(property);
  if (zone !== undefined) return fromLocal(zone, local);
  return value.zone === ICAL.Timezone.localTimezone ? fromLocal(defaultZone, local) : value.toUnixTime() * 1000;
}

/** Exchange names zones as Windows does: `W. Europe Standard Time`. */
function zoneOf(property: ICAL.Property): TimeZoneId | undefined {
  const zone = stringOf(property.getParameter('tzid'));
  return zone !== '' && isTimeZone(zone) ? zone : findIana(zone).find(isTimeZone);
}

function organizerOf(property: ICAL.Property | null): Mailbox | undefined {
  if (property === null) return undefined;
  const name = stringOf(property.getParameter('cn'));
  return { ...defined('name', name || undefined), address: addressOf(property) };
}

function attendeeOf(property: ICAL.Property): CalendarPartAttendee {
  return {
    address: addressOf(property),
    status: stringOf(property.getParameter('partstat')).toUpperCase() || 'NEEDS-ACTION',
    responseRequested: stringOf(property.getParameter('rsvp')).toUpperCase() !== 'FALSE',
  };
}

function addressOf(property: ICAL.Property): string {
  return stringOf(property.getFirstValue()).replace(/^mailto:/i, '');
}

function reminderOf(event: ICAL.Component): number | undefined {
  const trigger = event.getFirstSubcomponent('valarm')?.getFirstPropertyValue('trigger');
  return trigger instanceof ICAL.Duration ? Math.max(0, -trigger.toSeconds()) : undefined;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
