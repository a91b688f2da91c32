import type { Recurrence } from '@oxtender/bundle-api';
import { plainDate } from './codecs';
import type { ColumnName, OxBody } from './column-table';

/** Columns that hold a recurrence, in the order of {@link decodeRecurrence}. */
export const recurrenceColumns: readonly ColumnName[] = [
  [209, 'recurrence_type'],
  [215, 'interval'],
  [212, 'days'],
  [213, 'day_in_month'],
  [214, 'month'],
  [216, 'until'],
  [222, 'occurrences'],
];

/** Values of `recurrence_type`; 0 is none. */
export const frequencies = ['none', 'daily', 'weekly', 'monthly', 'yearly'] as const;

const everyDay = 127;

/** OX HTTP API, "Detailed task and appointment data". Months count from 0 in OX and from 1 in the record. */
export function decodeRecurrence(values: readonly unknown[]): Recurrence | undefined {
  const [type, interval, days, dayInMonth, month, until, occurrences] = values.map((value) =>
    value === null || value === undefined ? undefined : Number(value),
  );
  const frequency = frequencies[type ?? 0];
  if (frequency === undefined || frequency === 'none') return undefined;
  const byDays = days !== undefined && days > 0;
  return {
    frequency,
    interval: interval ?? 1,
    ...(frequency === 'weekly' && { daysOfWeek: byDays ? days : everyDay }),
    ...((frequency === 'monthly' || frequency === 'yearly') &&
      (byDays ? { daysOfWeek: days, weekOfMonth: dayInMonth ?? 1 } : { dayOfMonth: dayInMonth ?? 1 })),
    ...(frequency === 'yearly' && month !== undefined && { month: month + 1 }),
    ...decodeEnd(until, occurrences),
  };
}

/** Servers may tell both, though one follows from the other. */
function decodeEnd(until: number | undefined, occurrences: number | undefined): Partial<Recurrence> {
  if (occurrences !== undefined && occurrences > 0) return { occurrences };
  const date = until === undefined ? undefined : plainDate.decode(until);
  return date === undefined ? {} : { until: date };
}

/** Only the fields that fit the type: servers refuse superfluous ones, and both ends at once. */
export function encodeRecurrence(recurrence: Recurrence | null): OxBody {
  if (!recurrence) return { recurrence_type: 0 };
  const { until, occurrences } = recurrence;
  return {
    ...encodePattern(recurrence),
    ...(occurrences !== undefined ? { occurrences } : until !== undefined && { until: plainDate.encode(until) }),
  };
}

function encodePattern(recurrence: Recurrence): OxBody {
  const { frequency, interval, daysOfWeek, dayOfMonth = 1, weekOfMonth, month = 1 } = recurrence;
  const dayFields =
    weekOfMonth === undefined
      ? { day_in_month: dayOfMonth }
      : { days: daysOfWeek ?? everyDay, day_in_month: weekOfMonth };
  switch (frequency) {
    case 'daily':
      // OX knows no daily series on chosen days: it is a weekly one.
      if (daysOfWeek !== undefined) return { recurrence_type: 2, interval: 1, days: daysOfWeek };
      return { recurrence_type: 1, interval };
    case 'weekly':
      return { recurrence_type: 2, interval, days: daysOfWeek ?? everyDay };
    case 'monthly':
      return { recurrence_type: 3, interval, ...dayFields };
    case 'yearly':
      // OX repeats every year; every nth year is every 12 nth month.
      if (interval > 1) return { recurrence_type: 3, interval: 12 * interval, ...dayFields };
      return { recurrence_type: 4, interval: 1, ...dayFields, month: month - 1 };
  }
}
