import type { Appointment, Instant } from '@oxtender/bundle-api';

/** An appointment, a series, or what replaces an occurrence of one, as a module of OX stores it. */
export interface CalendarObject {
  readonly id: string;
  readonly lastModified: number;
  readonly isSeries: boolean;
  /** Id of the series that this is an exception of. */
  readonly exceptionOf: string | undefined;
  /** True for a series of which occurrences were replaced. */
  readonly hasExceptions: boolean;
  readonly end: Instant;
  /** When the last occurrence is over, or a little later; undefined for an endless series. */
  readonly lastEnd: Instant | undefined;
  /** Of an exception: when the occurrence would have begun. @param series - the record of the series */
  originalStart(series: Appointment): Instant;
  /** Of a series: when the deleted occurrences would have begun. */
  deletedStarts(series: Appointment): Instant[];
}

const day = 86_400_000;

/** The longest that one step of each frequency takes; a day is left out for no longer than a week. */
const longestStep = { none: 0, daily: 7 * day, weekly: 7 * day, monthly: 31 * day, yearly: 366 * day };

/** {@link CalendarObject.lastEnd} from what a series says of its end. */
export function lastEndOf(series: {
  readonly frequency: keyof typeof longestStep;
  readonly interval: number;
  readonly start: Instant;
  readonly end: Instant;
  /** A moment of the last day. */
  readonly until: Instant | undefined;
  readonly occurrences: number | undefined;
}): Instant | undefined {
  const { start, end, until, occurrences, interval, frequency } = series;
  if (until !== undefined) return until + 2 * day + (end - start);
  return occurrences === undefined ? undefined : end + occurrences * interval * longestStep[frequency];
}
