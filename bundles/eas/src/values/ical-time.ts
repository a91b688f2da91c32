import type { Instant } from '@oxtender/bundle-api';
import ICAL from 'ical.js';

/** A time on the clock, given as if it were UTC. */
export function localTime(local: number): ICAL.Time {
  const date = new Date(local);
  return new ICAL.Time(
    {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      isDate: false,
    },
    ICAL.Timezone.localTimezone,
  );
}

/** A moment, in UTC. */
export function utcTime(instant: Instant): ICAL.Time {
  return ICAL.Time.fromJSDate(new Date(instant), true);
}

/** A date, given as its 00:00 UTC. */
export function dateTime(instant: Instant): ICAL.Time {
  const date = new Date(instant);
  return new ICAL.Time(
    { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), isDate: true },
    ICAL.Timezone.localTimezone,
  );
}
