import type { Recurrence, TimeZoneId } from '@oxtender/bundle-api';
import type ICAL from 'ical.js';
import { plainDateOf } from '../../values/plain-date';
import { toLocal } from '../../values/time-zone/zone-offset';

const frequencies: Readonly<Record<string, Recurrence['frequency']>> = {
  DAILY: 'daily',
  WEEKLY: 'weekly',
  MONTHLY: 'monthly',
  YEARLY: 'yearly',
};

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
const everyDay = 127;
const last = 5;

/** The recurrence of an RRULE, as far as EAS can say it; undefined when it repeats by the hour or less. [RFC 5545] "RRULE". */
export function recurrenceOfRule(rule: ICAL.Recur, zone: TimeZoneId): Recurrence | undefined {
  const frequency = frequencies[rule.freq];
  if (frequency === undefined) return undefined;
  const numbers = (part: string): number[] => (rule.getComponent(part) as (number | string)[]).map(Number);
  const days = (rule.getComponent('BYDAY') as string[]).map(dayOf).filter((day) => day !== undefined);
  const [month] = numbers('BYMONTH');
  const [dayOfMonth] = numbers('BYMONTHDAY');
  return {
    frequency,
    interval: rule.interval,
    ...(rule.count === null ? {} : { occurrences: rule.count }),
    ...(rule.until === null ? {} : { until: lastDayOf(rule.until, zone) }),
    ...(month === undefined || frequency !== 'yearly' ? {} : { month }),
    ...daysOf(frequency, days, { dayOfMonth, position: numbers('BYSETPOS')[0] }),
    ...(frequency === 'weekly' ? { firstDayOfWeek: rule.wkst - 1 } : {}),
  };
}

interface WeekdayOfRule {
  /** Bit; see `Recurrence.daysOfWeek`. */
  readonly bit: number;
  /** `-1` in `-1FR`. */
  readonly position: number | undefined;
}

function daysOf(
  frequency: Recurrence['frequency'],
  days: readonly WeekdayOfRule[],
  { dayOfMonth, position }: { dayOfMonth: number | undefined; position: number | undefined },
): Partial<Recurrence> {
  const daysOfWeek = days.reduce((bits, { bit }) => bits | bit, 0);
  if (frequency === 'daily' || frequency === 'weekly') return daysOfWeek === 0 ? {} : { daysOfWeek };
  if (daysOfWeek !== 0) return { daysOfWeek, weekOfMonth: weekOf(days[0]?.position ?? position ?? 1) };
  if (dayOfMonth === undefined) return {};
  return dayOfMonth < 0 ? { daysOfWeek: everyDay, weekOfMonth: last } : { dayOfMonth };
}

function weekOf(position: number): number {
  return position < 0 || position > last ? last : position;
}

function dayOf(text: string): WeekdayOfRule | undefined {
  const match = /^([+-]?\d+)?([A-Z]{2})$/i.exec(text);
  const index = weekdays.findIndex((weekday) => weekday === match?.[2]?.toUpperCase());
  if (match === null || index === -1) return undefined;
  return { bit: 1 << index, position: match[1] === undefined ? undefined : Number(match[1]) };
}

function lastDayOf(until: ICAL.Time, zone: TimeZoneId): string {
  const written = Date.UTC(until.year, until.month - 1, until.day, until.hour, until.minute, until.second);
  return plainDateOf(until.isDate || until.zone.tzid !== 'UTC' ? written : toLocal(zone, written));
}
