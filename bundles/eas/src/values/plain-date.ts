import type { Instant, PlainDate } from '@oxtender/bundle-api';
import { day } from './date-time';

/** The date in UTC of a moment. */
export function plainDateOf(instant: Instant): PlainDate {
  return new Date(instant).toISOString().slice(0, 10);
}

/** 00:00 UTC of a date; undefined when the text is no date. */
export function startOfPlainDate(date: PlainDate): Instant | undefined {
  const instant = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** 00:00 UTC of the day in which the moment lies. */
export function floorToDay(instant: Instant): Instant {
  return Math.floor(instant / day) * day;
}

/** 00:00 UTC of the date whose midnight, in whatever zone, the moment most likely is. */
export function nearestMidnight(instant: Instant): Instant {
  return Math.floor((instant + day / 2) / day) * day;
}
