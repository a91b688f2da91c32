import type { Instant, PlainDate, TimeZoneId } from '@oxtender/bundle-api';
import { type ProtocolVersion, isAtLeast } from '../../protocol/versions';
import { day, formatCompactDateTime, minute, parseDateTime } from '../../values/date-time';
import { floorToDay, nearestMidnight, plainDateOf, startOfPlainDate } from '../../values/plain-date';
import { isBlankTimeZone } from '../../values/time-zone/time-zone-blob';
import { type TimeZoneRules, offsetAt } from '../../values/time-zone/time-zone-rules';
import { fromLocal, toLocal } from '../../values/time-zone/zone-offset';

/** What the times of an appointment mean; see `CalendarContext`. */
export interface TimeFrame {
  readonly version: ProtocolVersion;
  readonly allDay: boolean;
  readonly zone: TimeZoneId;
  readonly deviceRules?: TimeZoneRules;
}

/**
 * A time on the wire. All-day: up to 14.1 midnight in the zone, from 16.0 the date, as if it were UTC.
 * [MS-ASCAL] "AllDayEvent", "StartTime".
 */
export function formatTime(instant: Instant, { version, allDay, zone }: TimeFrame): string {
  const atMidnight = allDay && !isAtLeast(version, '16.0');
  return formatCompactDateTime(atMidnight ? fromLocal(zone, floorToDay(instant)) : instant);
}

/** Reads a time; all-day: 00:00 UTC of the date. Undefined when the text is no date. */
export function readTime(text: string, frame: TimeFrame): Instant | undefined {
  const instant = parseDateTime(text);
  return instant === undefined || !frame.allDay ? instant : dateOfMidnight(instant, frame);
}

/**
 * The date whose midnight a device means: in the zone of its rules, in the appointment's zone, in UTC (16.x, and devices
 * that write dates so), or else the midnight that is nearest.
 */
export function dateOfMidnight(instant: Instant, { version, zone, deviceRules }: TimeFrame): Instant {
  if (isAtLeast(version, '16.0') && instant % day === 0) return instant;
  const rules = deviceRules === undefined || isBlankTimeZone(deviceRules) ? undefined : deviceRules;
  const byRules = rules === undefined ? undefined : instant + offsetAt(rules, instant) * minute;
  const candidates = [byRules, toLocal(zone, instant), instant];
  return candidates.find((local) => local !== undefined && local % day === 0) ?? nearestMidnight(byRules ?? instant);
}

/** The text of Until: when the occurrence of the last day begins. */
export function formatUntil(last: PlainDate, start: Instant, frame: TimeFrame): string {
  const date = startOfPlainDate(last) ?? start;
  if (frame.allDay) return formatTime(date, frame);
  const local = toLocal(frame.zone, start);
  return formatCompactDateTime(fromLocal(frame.zone, date + local - floorToDay(local)));
}

/** The last day that a text of Until means; undefined when it is no date. */
export function readUntil(text: string, frame: TimeFrame): PlainDate | undefined {
  const instant = readTime(text, frame);
  if (instant === undefined) return undefined;
  return plainDateOf(frame.allDay ? instant : toLocal(frame.zone, instant));
}

/** Local date of the first occurrence. */
export function localDateOf(start: Instant, { allDay, zone }: TimeFrame): PlainDate {
  return plainDateOf(allDay ? start : toLocal(zone, start));
}

/**
 * When the occurrence that a device names would have begun. Some name it with the time of another zone, so the time is
 * that of the series, on the day that makes it nearest.
 */
export function originalStartOf(instant: Instant, seriesStart: Instant | undefined, frame: TimeFrame): Instant {
  if (frame.allDay) return dateOfMidnight(instant, frame);
  if (seriesStart === undefined) return instant;
  const series = toLocal(frame.zone, seriesStart);
  const timeOfDay = series - floorToDay(series);
  const date = floorToDay(toLocal(frame.zone, instant));
  const candidates = [0, -day, day].map((shift) => fromLocal(frame.zone, date + shift + timeOfDay));
  const distance = (candidate: Instant): number => Math.abs(candidate - instant);
  return candidates.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
}
