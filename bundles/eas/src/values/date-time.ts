import type { Instant } from '@oxtender/bundle-api';

/** One day in milliseconds. */
export const day = 86_400_000;

/** One minute in milliseconds. */
export const minute = 60_000;

const earliest = Date.UTC(1601, 0, 1);
const latest = Date.UTC(9999, 11, 31, 23, 59, 59);

/** `2000-12-25T08:35:00.000Z`. [MS-ASDTYPE] "dateTime Data Type". Years outside 1601 to 9999 become the nearest moment. */
export function formatDateTime(instant: Instant): string {
  return new Date(Math.min(Math.max(instant, earliest), latest)).toISOString();
}

/** `20001225T083500Z`. [MS-ASDTYPE] "Compact DateTime". */
export function formatCompactDateTime(instant: Instant): string {
  const text = formatDateTime(instant);
  return `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 13)}${text.slice(14, 16)}${text.slice(17, 19)}Z`;
}

const form =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,3})\d*)?)?\s*(?:Z|([+-])(\d\d):?(\d\d))?)?$/i;

/**
 * Reads either form, whichever the element asks for: clients mix them up. Without a zone the time is UTC, without a time
 * it is midnight.
 *
 * @returns undefined when the text is no date
 */
export function parseDateTime(text: string): Instant | undefined {
  const match = form.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, dayOfMonth, hour, minutes, second, fraction, sign, offsetHours, offsetMinutes] = match;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth));
  // Date.UTC rolls 30 February over into March.
  if (new Date(date).getUTCDate() !== Number(dayOfMonth) || Number(month) > 12) return undefined;
  const time = Number(hour ?? 0) * 3_600_000 + Number(minutes ?? 0) * minute + Number(second ?? 0) * 1000;
  if (time > day) return undefined;
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * minute;
  return date + time + Number((fraction ?? '0').padEnd(3, '0')) - (sign === '-' ? -offset : offset);
}
