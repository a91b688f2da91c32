import type { Instant, TimeZoneId } from '@oxtender/bundle-api';
import { day } from './date-time';
import { fromLocal, toLocal } from './time-zone/zone-offset';

/** A date or a moment that a device wrote twice: as local time that looks like UTC, and in UTC. [MS-ASTASK] "DueDate". */
export interface LocalAndUtc {
  readonly local: Instant | undefined;
  readonly utc: Instant | undefined;
}

/** What is meant. */
export interface DateOrMoment {
  /** A date: 00:00 UTC of it. */
  readonly instant: Instant;
  readonly isDate: boolean;
}

/**
 * Reads a pair: a date when the local time is midnight, or the UTC time is midnight in the user's zone (some devices
 * write that in both).
 */
export function readLocalAndUtc({ local, utc }: LocalAndUtc, zone: TimeZoneId): DateOrMoment | undefined {
  if (local !== undefined && local % day === 0) return { instant: local, isDate: true };
  const instant = utc ?? (local === undefined ? undefined : fromLocal(zone, local));
  if (instant === undefined) return undefined;
  const inZone = toLocal(zone, instant);
  return inZone % day === 0 ? { instant: inZone, isDate: true } : { instant, isDate: false };
}

/** Both forms of a date or moment. */
export function writeLocalAndUtc({ instant, isDate }: DateOrMoment, zone: TimeZoneId): Required<LocalAndUtc> {
  return isDate ? { local: instant, utc: fromLocal(zone, instant) } : { local: toLocal(zone, instant), utc: instant };
}
