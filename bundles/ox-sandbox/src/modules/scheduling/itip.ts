import ICAL from 'ical.js';
import { tzlib_get_ical_block, tzlib_get_timezones } from 'timezones-ical-library';
import { patternOf } from '../../calendar/pattern';
import { Series, fullRuleOf } from '../../calendar/series';
import type { Stored } from '../../store/objects';
import { toZoned } from '../../store/zone';
import { exceptionDates } from '../calendar/exceptions';

/** Somebody who is told. */
export interface Invited {
  readonly mail: string;
  readonly name: string;
  /** 0 none, 1 accepted, 2 declined, 3 tentative. */
  readonly confirm: number;
}

/** What is said about an appointment. RFC 5546. */
export interface ItipMessage {
  readonly method: 'REQUEST' | 'CANCEL';
  /** The appointment as it is now, or was last; of one occurrence with its times. */
  readonly row: Stored;
  readonly organizer: { readonly mail: string; readonly name: string };
  readonly invited: readonly Invited[];
  /** When the one occurrence that is meant would have begun. */
  readonly recurrenceId?: number | undefined;
  readonly sequence: number;
  readonly stamp: number;
}

type TimeWriter = (component: ICAL.Component, name: string, milliseconds: number) => void;

const partStats = ['NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE'];
const describedZones: ReadonlySet<string> = new Set(tzlib_get_timezones() as string[]);

/** The iCalendar text of the message. */
export function writeItip(message: ItipMessage): string {
  const { method, row, recurrenceId } = message;
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//OXtender//ox-sandbox//EN');
  calendar.addPropertyWithValue('method', method);
  const zone = String(row['timezone'] ?? 'UTC');
  const isDescribed = recurrenceId === undefined && row['full_time'] !== 1 && describedZones.has(zone);
  if (isDescribed && patternOf(row)) {
    const [block = ''] = tzlib_get_ical_block(zone) as string[];
    calendar.addSubcomponent(new ICAL.Component(ICAL.parse(block) as unknown[]));
  }
  const time = timeWriter(row['full_time'] === 1, isDescribed && patternOf(row) ? zone : undefined);
  calendar.addSubcomponent(eventOf(message, time));
  return `${calendar.toString()}\r\n`;
}

/** A series is told in the zone where it repeats, all else in UTC; whole days as dates. */
function timeWriter(fullTime: boolean, zone: string | undefined): TimeWriter {
  return (component, name, milliseconds) => {
    if (fullTime) {
      const { year, month, day } = fieldsOf(milliseconds);
      const date = new ICAL.Time({ year, month, day, isDate: true }, ICAL.Timezone.localTimezone);
      component.addPropertyWithValue(name, date);
    } else if (zone === undefined)
      component.addPropertyWithValue(name, ICAL.Time.fromJSDate(new Date(milliseconds), true));
    else {
      const local = new ICAL.Time(
        { ...fieldsOf(toZoned(milliseconds, zone)), isDate: false },
        ICAL.Timezone.localTimezone,
      );
      component.addPropertyWithValue(name, local).setParameter('tzid', zone);
    }
  };
}

function fieldsOf(local: number): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number> {
  const date = new Date(local);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function eventOf(
  { method, row, organizer, invited, recurrenceId, sequence, stamp }: ItipMessage,
  time: TimeWriter,
): ICAL.Component {
  const event = new ICAL.Component('vevent');
  const text = (name: string, value: unknown): void => {
    if (typeof value === 'string' && value !== '') event.addPropertyWithValue(name, value);
  };
  text('uid', row['uid']);
  event.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(new Date(stamp), true));
  event.addPropertyWithValue('sequence', sequence);
  time(event, 'dtstart', Number(row['start_date']));
  time(event, 'dtend', Number(row['end_date']));
  if (recurrenceId !== undefined) time(event, 'recurrence-id', recurrenceId);
  else writeRule(event, row, time);
  text('summary', row['title']);
  text('location', row['location']);
  text('description', row['note']);
  event.addPropertyWithValue('transp', row['shown_as'] === 4 ? 'TRANSPARENT' : 'OPAQUE');
  if (method === 'CANCEL') event.addPropertyWithValue('status', 'CANCELLED');
  event.addPropertyWithValue('organizer', `mailto:${organizer.mail}`).setParameter('cn', organizer.name);
  for (const { mail, name, confirm } of invited) {
    const attendee = event.addPropertyWithValue('attendee', `mailto:${mail}`);
    attendee.setParameter('cn', name);
    attendee.setParameter('partstat', partStats[confirm] ?? 'NEEDS-ACTION');
    if (method === 'REQUEST') attendee.setParameter('rsvp', 'TRUE');
  }
  return event;
}

function writeRule(event: ICAL.Component, row: Stored, time: TimeWriter): void {
  const pattern = patternOf(row);
  if (!pattern) return;
  const rule = fullRuleOf(pattern, { fullTime: row['full_time'] === 1, zone: String(row['timezone'] ?? 'UTC') });
  event.addPropertyWithValue('rrule', ICAL.Recur.fromString(rule));
  const series = Series.of(row);
  for (const date of exceptionDates(row, 'delete_exceptions')) {
    const occurrence = series?.on(date);
    if (occurrence) time(event, 'exdate', occurrence.start);
  }
}
