import ICAL from 'ical.js';
import { day } from '../columns/body';
import { readRule } from './ical-rule';
import { knownName, timesOf } from './named-zone';
import type { Lose } from './report';

type Body = Record<string, unknown>;

/** One VEVENT or VTODO. */
export interface ReadItem {
  readonly uid: string | undefined;
  readonly name: string;
  readonly body: Body;
  /** Original start of the occurrence that this component replaces, as the wire's Date. */
  readonly occurrence: number | undefined;
  /** Days that the series leaves out, as Dates. */
  readonly exdates: readonly number[];
}

/** What a file of calendar data holds. */
export interface CalendarFile {
  readonly events: readonly ReadItem[];
  readonly tasks: readonly ReadItem[];
}

/**
 * Reads calendar data; an item that can not be read is lost alone.
 *
 * @throws Error when it is no calendar data
 */
export function readCalendar(text: string, loseOf: (item: string) => Lose): CalendarFile {
  if (!/^BEGIN:V/im.test(text)) throw new Error('holds no calendar data');
  const parsed = ICAL.parse(text.replace(/^\uFEFF/, '')) as unknown[];
  const roots = (Array.isArray(parsed[0]) ? (parsed as unknown[][]) : [parsed]).map((root) => new ICAL.Component(root));
  const components = roots.flatMap((root) => (root.name === 'vcalendar' ? root.getAllSubcomponents() : [root]));
  const items = (name: string, read: Reader): ReadItem[] =>
    components
      .filter((component) => component.name === name)
      .flatMap((component) => tryItem(component, read, loseOf) ?? []);
  for (const { name } of components)
    if (!['vevent', 'vtodo', 'vtimezone'].includes(name)) loseOf(name.toUpperCase())('item', 'has no place in OX');
  return { events: items('vevent', readEvent), tasks: items('vtodo', readTask) };
}

type Reader = (component: ICAL.Component, lose: Lose) => Body;

function tryItem(component: ICAL.Component, read: Reader, loseOf: (item: string) => Lose): ReadItem | undefined {
  const lose = loseOf(textOf(component, 'summary') ?? textOf(component, 'uid') ?? 'without a name');
  try {
    return readItem(component, read, lose);
  } catch (cause) {
    lose('item', cause instanceof Error ? cause.message : String(cause));
    return undefined;
  }
}

function readItem(component: ICAL.Component, read: Reader, lose: Lose): ReadItem {
  const recurrenceId = timeOf(component, 'recurrence-id', lose);
  const exdates = component
    .getAllProperties('exdate')
    .flatMap((property) => timesOf(property, lose))
    .map(dateOf);
  for (const property of component.getAllProperties())
    if (!known.has(property.name)) lose(property.name.toUpperCase(), 'has no place in an OX object');
  return {
    uid: textOf(component, 'uid'),
    name: textOf(component, 'summary') ?? '',
    body: read(component, lose),
    occurrence: recurrenceId && dateOf(recurrenceId),
    exdates,
  };
}

/** Properties that are read, or say nothing about the object itself. */
const known = new Set([
  ...[
    'uid',
    'summary',
    'description',
    'location',
    'dtstart',
    'dtend',
    'duration',
    'due',
    'class',
    'transp',
    'categories',
  ],
  ...[
    'rrule',
    'exdate',
    'recurrence-id',
    'attendee',
    'organizer',
    'priority',
    'status',
    'percent-complete',
    'completed',
  ],
  ...['dtstamp', 'created', 'last-modified', 'sequence', 'x-microsoft-cdo-busystatus'],
]);

function readEvent(component: ICAL.Component, lose: Lose): Body {
  const start = timeOf(component, 'dtstart', lose);
  if (!start) throw new Error('DTSTART is missing');
  const end = endOf(component, start, lose);
  if (utcOf(end) < utcOf(start)) lose('DTEND', 'is before the start');
  return {
    ...readCommon(component, lose),
    location: textOf(component, 'location') ?? null,
    full_time: start.isDate,
    start_date: utcOf(start),
    end_date: Math.max(utcOf(end), utcOf(start) + (start.isDate ? day : 0)),
    timezone: zoneOf(start, lose),
    shown_as: shownAs(component),
    ...readAlarm(component, lose),
    ...readPeople(component),
  };
}

function readTask(component: ICAL.Component, lose: Lose): Body {
  const start = timeOf(component, 'dtstart', lose);
  const due = timeOf(component, 'due', lose);
  const completed = timeOf(component, 'completed', lose);
  const status =
    { 'IN-PROCESS': 2, COMPLETED: 3, CANCELLED: 5 }[textOf(component, 'status') ?? ''] ?? (completed ? 3 : 1);
  const priority = Number(textOf(component, 'priority') ?? 0);
  return {
    ...readCommon(component, lose),
    full_time: (start ?? due)?.isDate ?? true,
    ...(start ? { start_time: utcOf(start) } : {}),
    ...(due ? { end_time: utcOf(due) } : {}),
    status,
    percent_completed: status === 3 ? 100 : status === 1 ? 0 : Number(textOf(component, 'percent-complete') ?? 0),
    ...(completed ? { date_completed: utcOf(completed) } : {}),
    ...(priority > 0 ? { priority: priority < 5 ? 3 : priority === 5 ? 2 : 1 } : {}),
  };
}

function readCommon(component: ICAL.Component, lose: Lose): Body {
  const start = timeOf(component, 'dtstart', () => undefined);
  const categories = component.getAllProperties('categories').flatMap((property) => property.getValues() as string[]);
  const rules = component.getAllProperties('rrule');
  if (rules.length > 1) lose('RRULE', 'only one is kept');
  const rule = rules[0]?.getFirstValue() as ICAL.Recur | undefined;
  return {
    title: textOf(component, 'summary') ?? '(no title)',
    note: textOf(component, 'description') ?? null,
    uid: textOf(component, 'uid') ?? null,
    categories: categories.length > 0 ? categories.join(',') : null,
    private_flag: /^(?:PRIVATE|CONFIDENTIAL)$/i.test(textOf(component, 'class') ?? ''),
    ...(rule && start ? readRule(rule, start, lose) : {}),
  };
}

function endOf(component: ICAL.Component, start: ICAL.Time, lose: Lose): ICAL.Time {
  const end = timeOf(component, 'dtend', lose);
  if (end) return end;
  const duration = component.getFirstPropertyValue('duration');
  const result = start.clone();
  if (duration instanceof ICAL.Duration) result.addDuration(duration);
  return result;
}

/** Microsoft's property knows more than TRANSP. */
function shownAs(component: ICAL.Component): number {
  const busy = { FREE: 4, TENTATIVE: 2, BUSY: 1, OOF: 3 }[textOf(component, 'x-microsoft-cdo-busystatus') ?? ''];
  return (
    busy ?? (textOf(component, 'transp') === 'TRANSPARENT' ? 4 : textOf(component, 'status') === 'TENTATIVE' ? 2 : 1)
  );
}

/** OX has one reminder, before the start. */
function readAlarm(component: ICAL.Component, lose: Lose): Body {
  const alarms = component.getAllSubcomponents('valarm').map((alarm) => alarm.getFirstProperty('trigger'));
  const minutes = alarms.flatMap((trigger) => {
    const value = trigger?.getFirstValue();
    const seconds =
      value instanceof ICAL.Duration && trigger?.getParameter('related') !== 'END' ? value.toSeconds() : 1;
    return seconds <= 0 ? [Math.round(-seconds / 60)] : [];
  });
  if (minutes.length < alarms.length) lose('VALARM', 'only reminders before the start are kept');
  if (minutes.length > 1) lose('VALARM', 'only one reminder is kept');
  return minutes[0] === undefined ? {} : { alarm: minutes[0] };
}

function readPeople(component: ICAL.Component): Body {
  const participants = component.getAllProperties('attendee').flatMap((property) => {
    const mail = addressOf(property);
    const name: unknown = property.getParameter('cn');
    return mail === undefined ? [] : [{ type: 5, mail, display_name: typeof name === 'string' ? name : mail }];
  });
  const organizer = component.getFirstProperty('organizer');
  const mail = organizer ? addressOf(organizer) : undefined;
  return { ...(participants.length > 0 ? { participants } : {}), ...(mail === undefined ? {} : { organizer: mail }) };
}

function addressOf(property: ICAL.Property): string | undefined {
  const value = String(property.getFirstValue());
  const mail = value.replace(/^mailto:/i, '').trim();
  return mail.includes('@') ? mail : undefined;
}

function textOf(component: ICAL.Component, name: string): string | undefined {
  const value = component.getFirstPropertyValue(name) as ICAL.Time | string | null;
  return value?.toString();
}

function timeOf(component: ICAL.Component, name: string, lose: Lose): ICAL.Time | undefined {
  const property = component.getFirstProperty(name);
  return property ? timesOf(property, lose)[0] : undefined;
}

/** UTC milliseconds; of a date its midnight in UTC. A floating time is taken as UTC. */
function utcOf(time: ICAL.Time): number {
  if (time.isDate) return dateOf(time);
  return time.zone === ICAL.Timezone.localTimezone ? localOf(time) : time.toUnixTime() * 1000;
}

function localOf(time: ICAL.Time): number {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}

/** The day, as the wire's Date. */
function dateOf(time: ICAL.Time): number {
  return Date.UTC(time.year, time.month - 1, time.day);
}

function zoneOf(time: ICAL.Time, lose: Lose): string {
  const { tzid } = time.zone as { tzid?: string };
  if (time.isDate || tzid === undefined || tzid === 'UTC' || tzid === 'Z' || tzid === 'floating') return 'UTC';
  const name = knownName(tzid);
  if (name === undefined)
    lose('TZID', `"${tzid}" is no known time zone; times are right, a series may drift with daylight saving`);
  return name ?? 'UTC';
}
