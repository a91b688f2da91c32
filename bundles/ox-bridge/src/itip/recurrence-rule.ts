import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import type { PlainDate, Recurrence, TimeZoneId } from '@oxtender/bundle-api';

const frequencies: Readonly<Record<string, Recurrence['frequency']>> = {
  DAILY: 'daily',
  WEEKLY: 'weekly',
  MONTHLY: 'monthly',
  YEARLY: 'yearly',
};

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

const last = 5;

/**
 * The recurrence of an RRULE, as far as the record can say it; undefined when it repeats by the hour or less.
 * RFC 5545, "Recurrence Rule".
 *
 * @param zone - where the series is at home, in which its last day is meant
 */
export function recurrenceOfRule(rule: ICAL.Recur, zone: TimeZoneId | undefined): Recurrence | undefined {
  const frequency = frequencies[rule.freq];
  if (frequency === undefined) return undefined;
  const { until, count } = rule;
  return {
    frequency,
    interval: rule.interval,
    ...daysOf(rule, frequency),
    ...(count ? { occurrences: count } : until && { until: lastDay(until, zone) }),
  };
}

/** As {@link recurrenceOfRule}, from text. */
export function decodeRule(text: string, zone: TimeZoneId | undefined): Recurrence | undefined {
  return recurrenceOfRule(ICAL.Recur.fromString(text), zone);
}

/** An RRULE. Its end is the end of the last day where the series is at home, in UTC; a date for whole days. */
export function encodeRule(recurrence: Recurrence, allDay: boolean, zone: TimeZoneId | undefined): string {
  const { frequency, interval, occurrences, until, month } = recurrence;
  const parts = [
    `FREQ=${frequency.toUpperCase()}`,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...(frequency === 'yearly' && month !== undefined ? [`BYMONTH=${month}`] : []),
    ...daysPart(recurrence),
    ...(occurrences !== undefined ? [`COUNT=${occurrences}`] : []),
    ...(until !== undefined && occurrences === undefined ? [`UNTIL=${endOf(until, allDay, zone)}`] : []),
  ];
  return parts.join(';');
}

function daysPart({ frequency, daysOfWeek, dayOfMonth, weekOfMonth }: Recurrence): string[] {
  if (daysOfWeek !== undefined) {
    const days = weekdays.filter((_day, index) => (daysOfWeek & (1 << index)) !== 0).join();
    if (weekOfMonth === undefined) return [`BYDAY=${days}`];
    return [`BYDAY=${days}`, `BYSETPOS=${weekOfMonth === last ? -1 : weekOfMonth}`];
  }
  const byDate = frequency === 'monthly' || frequency === 'yearly';
  return byDate && dayOfMonth !== undefined ? [`BYMONTHDAY=${dayOfMonth}`] : [];
}

function daysOf(rule: ICAL.Recur, frequency: Recurrence['frequency']): Partial<Recurrence> {
  const part = (name: string): readonly (string | number)[] => rule.getComponent(name) as (string | number)[];
  const days = part('BYDAY').map((day) => /^([+-]?\d+)?(\w\w)$/.exec(String(day)));
  const daysOfWeek = days.reduce((bits, day) => bits | (1 << Math.max(weekdays.indexOf(day?.[2] ?? ''), 0)), 0);
  if (frequency === 'daily' || frequency === 'weekly') return daysOfWeek > 0 ? { daysOfWeek } : {};
  const month = frequency === 'yearly' && part('BYMONTH').length > 0 ? { month: Number(part('BYMONTH')[0]) } : {};
  if (daysOfWeek === 0) {
    const [dayOfMonth] = part('BYMONTHDAY');
    return { ...month, ...(dayOfMonth !== undefined && { dayOfMonth: Number(dayOfMonth) }) };
  }
  const position = Number(days[0]?.[1] ?? part('BYSETPOS')[0] ?? 1);
  return { ...month, daysOfWeek, weekOfMonth: position < 0 ? last : Math.min(position, last) };
}

function lastDay(until: ICAL.Time, zone = 'UTC'): PlainDate {
  if (until.isDate) return until.toString().slice(0, 10);
  const local = DateTime.fromMillis(until.toUnixTime() * 1000, { zone });
  return (local.isValid ? local : local.setZone('UTC')).toFormat('yyyy-MM-dd');
}

function endOf(until: PlainDate, allDay: boolean, zone = 'UTC'): string {
  const day = DateTime.fromISO(until, { zone });
  if (allDay || !day.isValid) return until.replaceAll('-', '');
  return day.endOf('day').toUTC().toFormat("yyyyMMdd'T'HHmmss'Z'");
}
