import type { PlainDate, Recurrence } from '@oxtender/bundle-api';
import { ItemError } from './item-error';

/** A recurrence in the numbers of EAS. [MS-ASCAL] "Recurrence". */
export interface RecurrencePattern {
  readonly type: RecurrenceType;
  readonly interval: number;
  readonly dayOfWeek?: number;
  readonly dayOfMonth?: number;
  readonly weekOfMonth?: number;
  readonly monthOfYear?: number;
  readonly occurrences?: number;
  readonly until?: PlainDate;
  readonly firstDayOfWeek?: number;
}

/** [MS-ASCAL] "Type (Recurrence)". */
export const RecurrenceType = { Daily: 0, Weekly: 1, Monthly: 2, MonthlyNth: 3, Yearly: 5, YearlyNth: 6 } as const;
export type RecurrenceType = (typeof RecurrenceType)[keyof typeof RecurrenceType];

/** What a pattern says of its type, each with its range. [MS-ASCAL] "Recurrence", child elements. */
export const patternParts = {
  dayOfWeek: [1, 127],
  dayOfMonth: [1, 31],
  weekOfMonth: [1, 5],
  monthOfYear: [1, 12],
} as const;
export type PatternPart = keyof typeof patternParts;

/** The frequency of each type and the parts that go with it; other parts make the item invalid. */
const types: Readonly<Record<RecurrenceType, { frequency: Recurrence['frequency']; parts: readonly PatternPart[] }>> = {
  [RecurrenceType.Daily]: { frequency: 'daily', parts: ['dayOfWeek'] },
  [RecurrenceType.Weekly]: { frequency: 'weekly', parts: ['dayOfWeek'] },
  [RecurrenceType.Monthly]: { frequency: 'monthly', parts: ['dayOfMonth'] },
  [RecurrenceType.MonthlyNth]: { frequency: 'monthly', parts: ['weekOfMonth', 'dayOfWeek'] },
  [RecurrenceType.Yearly]: { frequency: 'yearly', parts: ['dayOfMonth', 'monthOfYear'] },
  [RecurrenceType.YearlyNth]: { frequency: 'yearly', parts: ['weekOfMonth', 'dayOfWeek', 'monthOfYear'] },
};

const maxInterval = 999;
const monday = 1;

/**
 * The pattern of a recurrence. Parts that it leaves to the first occurrence are written out.
 *
 * @param start - local date of the first occurrence
 */
export function patternOf(recurrence: Recurrence, start: PlainDate): RecurrencePattern {
  const { frequency, interval, occurrences, until } = recurrence;
  const nth = recurrence.weekOfMonth !== undefined;
  const type = typeOf(recurrence);
  const values: Record<PatternPart, number | undefined> = {
    dayOfWeek: recurrence.daysOfWeek ?? (frequency === 'daily' ? undefined : 1 << weekdayOf(start)),
    dayOfMonth: nth ? undefined : (recurrence.dayOfMonth ?? Number(start.slice(8, 10))),
    weekOfMonth: recurrence.weekOfMonth,
    monthOfYear: recurrence.month ?? Number(start.slice(5, 7)),
  };
  return {
    type,
    interval: Math.min(Math.max(interval, 1), maxInterval),
    ...Object.fromEntries(
      types[type].parts.flatMap((part) => (values[part] === undefined ? [] : [[part, values[part]]])),
    ),
    ...(occurrences === undefined ? {} : { occurrences: Math.min(occurrences, maxInterval) }),
    ...(until === undefined || occurrences !== undefined ? {} : { until }),
    ...(frequency === 'weekly' ? { firstDayOfWeek: recurrence.firstDayOfWeek ?? monday } : {}),
  };
}

/**
 * The recurrence that a pattern means. Parts that its type needs and that are missing are left to the first occurrence.
 *
 * @throws ItemError INVALID_RECURRENCE when a part does not go with the type, or is out of its range
 */
export function recurrenceOf(pattern: RecurrencePattern): Recurrence {
  const { type, occurrences, until, firstDayOfWeek } = pattern;
  const { frequency, parts } = types[type];
  for (const [part, [min, max]] of Object.entries(patternParts)) {
    const value = pattern[part as PatternPart];
    if (value === undefined) continue;
    if (!parts.includes(part as PatternPart)) throw misfit(`${part} does not go with type ${type}`);
    if (value < min || value > max) throw misfit(`${part} is out of range`);
  }
  if (firstDayOfWeek !== undefined && firstDayOfWeek > 6) throw misfit('firstDayOfWeek is out of range');
  if (pattern.interval > maxInterval) throw misfit('interval is out of range');
  if (parts.includes('weekOfMonth') && (pattern.weekOfMonth === undefined || pattern.dayOfWeek === undefined)) {
    throw misfit(`type ${type} needs weekOfMonth and dayOfWeek`);
  }
  // [MS-ASCAL] "Interval": 0 is taken as 1. "Type": every day, on some weekdays, is a weekly recurrence.
  const interval = Math.max(pattern.interval, 1);
  const weekdays = type === RecurrenceType.Daily && pattern.dayOfWeek !== undefined && interval === 1;
  return {
    frequency: weekdays ? 'weekly' : frequency,
    interval,
    ...(pattern.dayOfWeek === undefined ? {} : { daysOfWeek: pattern.dayOfWeek }),
    ...(pattern.dayOfMonth === undefined ? {} : { dayOfMonth: pattern.dayOfMonth }),
    ...(pattern.weekOfMonth === undefined ? {} : { weekOfMonth: pattern.weekOfMonth }),
    ...(pattern.monthOfYear === undefined ? {} : { month: pattern.monthOfYear }),
    ...(occurrences === undefined ? {} : { occurrences: Math.max(occurrences, 1) }),
    // Both at once: the number counts. [MS-ASCAL] "Until".
    ...(until === undefined || occurrences !== undefined ? {} : { until }),
    ...(frequency === 'weekly' && firstDayOfWeek !== undefined ? { firstDayOfWeek } : {}),
  };
}

/**
 * Calendars whose months are those of the Gregorian: [MS-ASCAL] "CalendarType", without the lunar ones.
 * A recurrence in another cannot be kept.
 */
const gregorianCalendars: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12]);
const lunarCalendars: ReadonlySet<number> = new Set([6, 8, 14, 15, 20]);

/** @throws ItemError INVALID_RECURRENCE for a calendar that does not exist, UNSUPPORTED_CALENDAR for a lunar one */
export function checkCalendarType(calendarType: number): void {
  if (gregorianCalendars.has(calendarType)) return;
  if (!lunarCalendars.has(calendarType)) throw misfit('CalendarType is out of range');
  throw new ItemError('UNSUPPORTED_CALENDAR', `recurrences in calendar ${calendarType} cannot be kept`);
}

function typeOf({ frequency, interval, daysOfWeek, weekOfMonth }: Recurrence): RecurrenceType {
  switch (frequency) {
    case 'daily':
      // Some weekdays of every week: said as clients do.
      return daysOfWeek !== undefined && interval === 1 ? RecurrenceType.Weekly : RecurrenceType.Daily;
    case 'weekly':
      return RecurrenceType.Weekly;
    case 'monthly':
      return weekOfMonth === undefined ? RecurrenceType.Monthly : RecurrenceType.MonthlyNth;
    case 'yearly':
      return weekOfMonth === undefined ? RecurrenceType.Yearly : RecurrenceType.YearlyNth;
  }
}

function weekdayOf(date: PlainDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

function misfit(message: string): ItemError {
  return new ItemError('INVALID_RECURRENCE', message);
}
