import type ICAL from 'ical.js';
import type { Recurrence } from '@oxtender/bundle-api';

const frequencies: Readonly<Record<string, Recurrence['frequency']>> = {
  DAILY: 'daily',
  WEEKLY: 'weekly',
  MONTHLY: 'monthly',
  YEARLY: 'yearly',
};

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

const last = 5;

/** The recurrence of an RRULE, as far as the record can say it. RFC 5545, "Recurrence Rule". */
export function recurrenceOfRule(rule: ICAL.Recur): Recurrence | undefined {
  const frequency = frequencies[rule.freq];
  if (frequency === undefined) return undefined;
  const { until, count } = rule;
  return {
    frequency,
    interval: rule.interval,
    ...daysOf(rule, frequency),
    ...(count ? { occurrences: count } : until && { until: until.toString().slice(0, 10) }),
  };
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
