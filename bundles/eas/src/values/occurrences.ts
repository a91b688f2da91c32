import type { Appointment, Instant, TimeZoneId } from '@oxtender/bundle-api';
import ICAL from 'ical.js';
import { day } from './date-time';
import { localTime } from './ical-time';
import { omit } from './omit';
import { floorToDay, startOfPlainDate } from './plain-date';
import { ruleText } from './rule-text';
import { fromLocal, toLocal } from './time-zone/zone-offset';

/** A series that has gone on for longer is not counted through. */
const mostOccurrences = 20_000;

/**
 * The `originalStart` of the occurrence that a device names by its start; undefined when the series has none then, or no
 * more. Up to 14.1 a device names a whole day by its midnight in the zone.
 */
export function occurrenceNamed(series: Appointment, named: Instant, zone: TimeZoneId): Instant | undefined {
  const candidates = series.allDay ? [named, floorToDay(toLocal(zone, named))] : [named];
  return candidates.find((instant) => isOccurrence(series, instant, series.timeZone ?? zone));
}

function isOccurrence(series: Appointment, instant: Instant, zone: TimeZoneId): boolean {
  const { recurrence, exceptions = [], allDay, start } = series;
  if (recurrence === undefined || instant < start) return false;
  const known = exceptions.find(({ originalStart }) => originalStart === instant);
  if (known) return known.deleted !== true;
  const wanted = allDay ? instant : toLocal(zone, instant);
  const until = recurrence.until === undefined ? undefined : startOfPlainDate(recurrence.until);
  if (until !== undefined && wanted >= until + day) return false;
  const rule = ICAL.Recur.fromString(ruleText(omit(recurrence, 'until'), { allDay, zone }));
  const iterator = rule.iterator(localTime(allDay ? start : toLocal(zone, start)));
  for (let count = 0; count < mostOccurrences; count++) {
    const next = iterator.next() as ICAL.Time | null;
    if (next === null) return false;
    const local = Date.UTC(next.year, next.month - 1, next.day, next.hour, next.minute, next.second);
    // Where the clocks are put forward, a time that is left out becomes another.
    if (local === wanted || (!allDay && fromLocal(zone, local) === instant)) return true;
    if (local > wanted + day) return false;
  }
  return false;
}
