import { DateTime } from 'luxon';
import type { Appointment, Instant, TimeZoneId } from '@oxtender/bundle-api';

type Series = Pick<Appointment, 'start' | 'allDay' | 'timeZone'>;

/**
 * OX names an occurrence by its date only, 00:00 UTC of the day on which it begins where the series is at home. Its
 * moment is that day with the time of day at which the series begins, in the time zone of the series.
 */
export function originalStartOf(date: Instant, { start, allDay, timeZone = 'UTC' }: Series): Instant {
  if (allDay) return date;
  const begin = zoned(start, timeZone);
  const day = DateTime.fromMillis(date, { zone: 'UTC' });
  // Beyond all calendars.
  if (!begin.isValid || !day.isValid) return date;
  const { hour, minute, second, millisecond } = begin;
  const { year, month, day: dayOfMonth } = day;
  return DateTime.fromObject(
    { year, month, day: dayOfMonth, hour, minute, second, millisecond },
    { zone: begin.zone },
  ).toMillis();
}

/** The date that names an occurrence. */
export function datePositionOf(originalStart: Instant, { allDay, timeZone = 'UTC' }: Series): Instant {
  if (allDay) return originalStart;
  const { year, month, day } = zoned(originalStart, timeZone);
  return Date.UTC(year, month - 1, day);
}

function zoned(instant: Instant, timeZone: TimeZoneId): DateTime {
  const local = DateTime.fromMillis(instant, { zone: timeZone });
  // A zone that this runtime does not know: better an hour off than no appointment at all.
  return local.isValid ? local : DateTime.fromMillis(instant, { zone: 'UTC' });
}
