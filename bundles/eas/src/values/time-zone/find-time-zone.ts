import type { Instant, TimeZoneId } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { day, minute } from '../date-time';
import { commonZones } from './common-zones';
import { isBlankTimeZone } from './time-zone-blob';
import { type ClockChange, type TimeZoneRules, offsetAt, rulesOfZone } from './time-zone-rules';
import { isTimeZone, zoneOffset } from './zone-offset';

export interface TimeZoneSearch {
  /** When the appointment begins. */
  readonly start: Instant;
  /** Clients send today's rules for appointments of any year. */
  readonly now: Instant;
  /** Tried first: the zone that the appointment has, the user's. */
  readonly preferred: readonly TimeZoneId[];
}

const everywhere: readonly TimeZoneId[] = [...new Set([...commonZones, ...Intl.supportedValuesOf('timeZone')])];

const found = new LRUCache<string, { zone: TimeZoneId | undefined }>({ max: 2000 });

/**
 * The zone that a device means by a set of rules. Devices send names in their own language or none, so the rules decide:
 * first the zone that {@link TimeZoneRules.name} names, if it lives under these rules (then it came from us), the
 * preferred zones, the common ones, all others.
 *
 * @returns undefined when the device said nothing (all zeros), or nothing that a zone on earth does
 */
export function findTimeZone(rules: TimeZoneRules, search: TimeZoneSearch): TimeZoneId | undefined {
  if (isBlankTimeZone(rules)) return undefined;
  const years = [...new Set([yearOf(search.start), yearOf(search.now)])];
  const key = JSON.stringify([rules, years, search.preferred]);
  let answer = found.get(key);
  if (answer === undefined) {
    answer = { zone: findAmong(rules, years, search) };
    found.set(key, answer);
  }
  return answer.zone;
}

function findAmong(rules: TimeZoneRules, years: readonly number[], search: TimeZoneSearch): TimeZoneId | undefined {
  const preferred = [rules.name, ...search.preferred].filter((zone) => isTimeZone(zone));
  const inSomeYear = (matches: Match) => (zone: TimeZoneId) =>
    years.some((year) => matches(rules, rulesOfZone(zone, year), year));
  return (
    preferred.find(inSomeYear(sameRules)) ??
    preferred.find(inSomeYear(sameOffsets)) ??
    everywhere.find(inSomeYear(sameRules)) ??
    everywhere.find(inSomeYear(sameOffsets)) ??
    preferred.find((zone) => zoneOffset(zone, search.start) === offsetAt(rules, search.start) * minute) ??
    fixedZone(offsetAt(rules, search.start))
  );
}

type Match = (left: TimeZoneRules, right: TimeZoneRules, year: number) => boolean;

function sameRules(left: TimeZoneRules, right: TimeZoneRules): boolean {
  return (
    left.standardOffset === right.standardOffset &&
    left.daylight?.offset === right.daylight?.offset &&
    sameChange(left.daylight?.begins, right.daylight?.begins) &&
    sameChange(left.daylight?.ends, right.daylight?.ends)
  );
}

function sameChange(left: ClockChange | undefined, right: ClockChange | undefined): boolean {
  return (
    left?.month === right?.month &&
    left?.week === right?.week &&
    left?.dayOfWeek === right?.dayOfWeek &&
    left?.timeOfDay === right?.timeOfDay
  );
}

/** The same time of day all through the year, looked at every five days: rules that differ by hours or in spelling. */
function sameOffsets(left: TimeZoneRules, right: TimeZoneRules, year: number): boolean {
  const from = Date.UTC(year, 0, 1, 12);
  for (let at = 0; at < 73; at += 1) {
    if (offsetAt(left, from + at * 5 * day) !== offsetAt(right, from + at * 5 * day)) return false;
  }
  return true;
}

/** A zone without summer time; the names of these zones have the sign of POSIX, behind UTC is `+`. */
function fixedZone(offset: number): TimeZoneId | undefined {
  const zone = offset === 0 ? 'Etc/UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset) / 60}`;
  return isTimeZone(zone) ? zone : undefined;
}

function yearOf(instant: Instant): number {
  return new Date(instant).getUTCFullYear();
}
