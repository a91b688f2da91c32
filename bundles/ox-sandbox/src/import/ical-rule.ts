import type ICAL from 'ical.js';
import type { Lose } from './report';

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** Parts of a rule that OX has a field for. */
const representable = new Set(['BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS']);

/**
 * A recurrence rule in OX's fields. RFC 5545, "Recurrence Rule". What OX can not say is reported, and the object is
 * taken as a single one.
 */
export function readRule(rule: ICAL.Recur, start: ICAL.Time, lose: Lose): Record<string, number> {
  const pattern = readPattern(rule, start);
  if (!pattern) {
    lose('RRULE', `${rule.toString()} can not be expressed`);
    return {};
  }
  const until = rule.until;
  if (until) return { ...pattern, until: Date.UTC(until.year, until.month - 1, until.day) };
  return rule.count === null || rule.count === 0 ? pattern : { ...pattern, occurrences: rule.count };
}

function readPattern(rule: ICAL.Recur, start: ICAL.Time): Record<string, number> | undefined {
  const parts = rule.parts as Record<string, (string | number)[]>;
  if (Object.keys(parts).some((name) => !representable.has(name))) return undefined;
  const { interval } = rule;
  const byDay = (parts['BYDAY'] ?? []).map(String);
  switch (rule.freq) {
    case 'DAILY':
      if (byDay.length > 0 && interval === 1 && onlyHas(parts, 'BYDAY'))
        return plainDays(byDay, { recurrence_type: 2, interval });
      return Object.keys(parts).length === 0 ? { recurrence_type: 1, interval } : undefined;
    case 'WEEKLY':
      if (!onlyHas(parts, 'BYDAY')) return undefined;
      return byDay.length === 0
        ? { recurrence_type: 2, interval, days: 1 << (start.dayOfWeek() - 1) }
        : plainDays(byDay, { recurrence_type: 2, interval });
    case 'MONTHLY':
      return 'BYMONTH' in parts ? undefined : withinMonth(parts, start, { recurrence_type: 3, interval });
    case 'YEARLY': {
      const months = (parts['BYMONTH'] ?? [start.month]).map(Number);
      if (months.length !== 1 || interval !== 1) return undefined;
      return withinMonth(parts, start, { recurrence_type: 4, interval, month: (months[0] as number) - 1 });
    }
    default:
      return undefined;
  }
}

function onlyHas(parts: Record<string, unknown>, name: string): boolean {
  return Object.keys(parts).every((key) => key === name);
}

function plainDays(byDay: readonly string[], pattern: Record<string, number>): Record<string, number> | undefined {
  const days = maskOf(byDay);
  return days === undefined ? undefined : { ...pattern, days };
}

/** A day of the month, or the n-th of some weekdays. */
function withinMonth(
  parts: Record<string, (string | number)[]>,
  start: ICAL.Time,
  pattern: Record<string, number>,
): Record<string, number> | undefined {
  const byDay = (parts['BYDAY'] ?? []).map(String);
  const byMonthDay = (parts['BYMONTHDAY'] ?? []).map(Number);
  if (byDay.length === 0) {
    const dayInMonth = byMonthDay[0] ?? start.day;
    if (byMonthDay.length > 1 || dayInMonth < 1 || 'BYSETPOS' in parts) return undefined;
    return { ...pattern, day_in_month: dayInMonth };
  }
  if (byMonthDay.length > 0) return undefined;
  const [, nth, name] = /^([+-]?\d+)(\w\w)$/.exec(byDay[0] as string) ?? [];
  const positions = nth === undefined ? (parts['BYSETPOS'] ?? []).map(Number) : [Number(nth)];
  const days = maskOf(name === undefined ? byDay : [name]);
  if (positions.length !== 1 || days === undefined || (nth !== undefined && byDay.length > 1)) return undefined;
  const position = positions[0] as number;
  if (position !== -1 && (position < 1 || position > 4)) return undefined;
  return { ...pattern, days, day_in_month: position === -1 ? 5 : position };
}

function maskOf(names: readonly string[]): number | undefined {
  const indices = names.map((name) => weekdays.indexOf(name));
  return indices.includes(-1) ? undefined : indices.reduce((mask, index) => mask | (1 << index), 0);
}
