import ICAL from 'ical.js';
import { patternOf } from '../calendar/pattern';
import { Series, fullRuleOf } from '../calendar/series';
import type { Stored } from '../store/objects';

/** An appointment with what takes part in it. */
export interface ExportedEvent {
  readonly row: Stored;
  /** Minutes before the start. */
  readonly alarm: number | null;
}

const stampOf = (milliseconds: number): ICAL.Time => ICAL.Time.fromJSDate(new Date(milliseconds), true);

const dateOf = (milliseconds: number): ICAL.Time => {
  const date = new Date(milliseconds);
  return new ICAL.Time(
    { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), isDate: true },
    ICAL.Timezone.localTimezone,
  );
};

/** Appointments and tasks as one iCalendar object; times are UTC. RFC 5545. */
export function writeCalendar(events: readonly ExportedEvent[], tasks: readonly Stored[]): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//OXtender//ox-sandbox//EN');
  for (const event of events) calendar.addSubcomponent(writeEvent(event));
  for (const task of tasks) calendar.addSubcomponent(writeTask(task));
  return `${calendar.toString()}\r\n`;
}

function writeEvent({ row, alarm }: ExportedEvent): ICAL.Component {
  const event = new ICAL.Component('vevent');
  const time = row['full_time'] === 1 ? dateOf : stampOf;
  writeCommon(event, row);
  event.addPropertyWithValue('dtstart', time(Number(row['start_date'])));
  event.addPropertyWithValue('dtend', time(Number(row['end_date'])));
  writeText(event, 'location', row['location']);
  event.addPropertyWithValue('transp', row['shown_as'] === 4 ? 'TRANSPARENT' : 'OPAQUE');
  if (typeof row['organizer'] === 'string') event.addPropertyWithValue('organizer', `mailto:${row['organizer']}`);
  writeRecurrence(event, row, time);
  for (const { mail, display_name: name } of JSON.parse(String(row['participants'] ?? '[]')) as {
    mail?: string;
    display_name?: string;
  }[]) {
    if (mail === undefined) continue;
    const attendee = event.addPropertyWithValue('attendee', `mailto:${mail}`);
    if (name !== undefined) attendee.setParameter('cn', name);
  }
  if (alarm !== null) event.addSubcomponent(writeAlarm(alarm));
  return event;
}

function writeTask(row: Stored): ICAL.Component {
  const task = new ICAL.Component('vtodo');
  const time = row['full_time'] === 1 ? dateOf : stampOf;
  writeCommon(task, row);
  if (row['start_time'] != null) task.addPropertyWithValue('dtstart', time(Number(row['start_time'])));
  if (row['end_time'] != null) task.addPropertyWithValue('due', time(Number(row['end_time'])));
  const status = { 1: 'NEEDS-ACTION', 2: 'IN-PROCESS', 3: 'COMPLETED', 4: 'NEEDS-ACTION', 5: 'CANCELLED' }[
    Number(row['status'] ?? 1)
  ];
  task.addPropertyWithValue('status', status ?? 'NEEDS-ACTION');
  task.addPropertyWithValue('percent-complete', Number(row['percent_completed'] ?? 0));
  if (row['date_completed'] != null) task.addPropertyWithValue('completed', stampOf(Number(row['date_completed'])));
  if (row['priority'] != null)
    task.addPropertyWithValue('priority', { 1: 9, 2: 5, 3: 1 }[Number(row['priority'])] ?? 0);
  return task;
}

function writeCommon(component: ICAL.Component, row: Stored): void {
  component.addPropertyWithValue('uid', String(row['uid']));
  component.addPropertyWithValue('dtstamp', stampOf(row.last_modified));
  writeText(component, 'summary', row['title']);
  writeText(component, 'description', row['note']);
  if (row['private_flag'] === 1) component.addPropertyWithValue('class', 'PRIVATE');
  if (typeof row['categories'] !== 'string') return;
  const categories = new ICAL.Property('categories', component);
  categories.setValues(row['categories'].split(','));
  component.addProperty(categories);
}

function writeText(component: ICAL.Component, name: string, value: unknown): void {
  if (typeof value === 'string') component.addPropertyWithValue(name, value);
}

/** The rule of a series with the days that it leaves out; of an exception the time that it stands for. */
function writeRecurrence(event: ICAL.Component, row: Stored, time: (milliseconds: number) => ICAL.Time): void {
  const pattern = patternOf(row);
  const zone = String(row['timezone'] ?? 'UTC');
  if (pattern) {
    const rule = fullRuleOf(pattern, { fullTime: row['full_time'] === 1, zone });
    event.addPropertyWithValue('rrule', ICAL.Recur.fromString(rule));
    const series = Series.of(row);
    for (const date of JSON.parse(String(row['delete_exceptions'] ?? '[]')) as number[]) {
      const occurrence = series?.on(date);
      if (occurrence) event.addPropertyWithValue('exdate', time(occurrence.start));
    }
  } else if (row['recurrence_date_position'] != null) {
    const date = Number(row['recurrence_date_position']);
    event.addPropertyWithValue(
      'recurrence-id',
      row['full_time'] === 1 ? dateOf(date) : stampOf(Number(row['start_date'])),
    );
  }
}

function writeAlarm(minutes: number): ICAL.Component {
  const alarm = new ICAL.Component('valarm');
  alarm.addPropertyWithValue('action', 'DISPLAY');
  alarm.addPropertyWithValue('description', 'Reminder');
  alarm.addPropertyWithValue('trigger', ICAL.Duration.fromSeconds(-minutes * 60));
  return alarm;
}
