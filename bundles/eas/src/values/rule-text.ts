import type { Recurrence, TimeZoneId } from '@oxtender/bundle-api';
import { formatCompactDateTime } from './date-time';
import { startOfPlainDate } from './plain-date';
import { fromLocal } from './time-zone/zone-offset';

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
const lastWeek = 5;

/** What a rule is written for. */
export interface RuleFrame {
  readonly allDay: boolean;
  /** Where the series is at home: its last day ends there. */
  readonly zone: TimeZoneId;
}

/** The RRULE of a recurrence. [RFC 5545] "Recurrence Rule". */
export function ruleText(recurrence: Recurrence, frame: RuleFrame): string {
  const { frequency, interval, occurrences, until, month, firstDayOfWeek } = recurrence;
  const parts = [
    `FREQ=${frequency.toUpperCase()}`,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...(frequency === 'yearly' && month !== undefined ? [`BYMONTH=${month}`] : []),
    ...dayParts(recurrence),
    ...(occurrences !== undefined ? [`COUNT=${occurrences}`] : until !== undefined ? [untilPart(until, frame)] : []),
    ...(firstDayOfWeek !== undefined ? [`WKST=${weekdays[firstDayOfWeek] ?? 'MO'}`] : []),
  ];
  return parts.join(';');
}

function dayParts({ frequency, daysOfWeek, dayOfMonth, weekOfMonth }: Recurrence): string[] {
  if (daysOfWeek !== undefined) {
    const days = weekdays.filter((_, index) => (daysOfWeek & (1 << index)) !== 0).join();
    return weekOfMonth === undefined
      ? [`BYDAY=${days}`]
      : [`BYDAY=${days}`, `BYSETPOS=${weekOfMonth === lastWeek ? -1 : weekOfMonth}`];
  }
  const byDate = frequency === 'monthly' || frequency === 'yearly';
  return byDate && dayOfMonth !== undefined ? [`BYMONTHDAY=${dayOfMonth}`] : [];
}

function untilPart(until: string, { allDay, zone }: RuleFrame): string {
  const start = startOfPlainDate(until) ?? 0;
  if (allDay) return `UNTIL=${until.replaceAll('-', '')}`;
  return `UNTIL=${formatCompactDateTime(fromLocal(zone, start + 86_399_000))}`;
}
