import type { PlainDate } from '@oxtender/bundle-api';
import { formatDateTime, parseDateTime } from './date-time';
import { nearestMidnight, plainDateOf, startOfPlainDate } from './plain-date';

/** A birthday as the moment that the element wants; its time has no meaning. [MS-ASCNTC] "Birthday". */
export function formatBirthday(date: PlainDate, hour: number): string | undefined {
  const start = startOfPlainDate(date);
  return start === undefined ? undefined : formatDateTime(start + hour * 3_600_000);
}

/**
 * The date of a birthday that a device wrote.
 *
 * @param meaning - the date in UTC, or midnight in a zone that is not named
 * @returns undefined when the text is no date
 */
export function readBirthday(text: string, meaning: 'utc-date' | 'local-midnight'): PlainDate | undefined {
  const instant = parseDateTime(text);
  if (instant === undefined) return undefined;
  return plainDateOf(meaning === 'local-midnight' ? nearestMidnight(instant) : instant);
}
