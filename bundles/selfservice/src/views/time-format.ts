import type { Instant } from '@oxtender/bundle-api';

/** A moment as the user reads it, in the user's own zone. */
export type TimeFormat = (instant: Instant) => string;

export function timeFormat(language: string, timeZone: string): TimeFormat {
  const options = { dateStyle: 'medium', timeStyle: 'short' } as const;
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone });
  return (instant) => format.format(instant);
}
