import type { Instant, TimeZoneId } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { day, minute } from '../date-time';

/** A zone that somebody asked for. */
interface KnownZone {
  readonly format: Intl.DateTimeFormat;
  /** Offsets of days (counted in UTC) on which no clock was changed; NaN for the others. */
  readonly days: LRUCache<number, number>;
}

// The runtime knows about 600 names, but takes them in any case: what a device sends must not fill the memory.
const knownZones = new LRUCache<TimeZoneId, KnownZone>({ max: 1000 });
const daysPerZone = 1000;

/** True when the runtime knows the zone. */
export function isTimeZone(zone: string): boolean {
  return knownZone(zone) !== undefined;
}

/**
 * Milliseconds by which local time is ahead of UTC. Remembers days: asking the runtime is slow, and most items of a user
 * lie close together.
 *
 * @returns 0 for a zone that the runtime does not know
 */
export function zoneOffset(zone: TimeZoneId, instant: Instant): number {
  const known = knownZone(zone);
  if (known === undefined) return 0;
  const today = Math.floor(instant / day);
  let offset = known.days.get(today);
  if (offset === undefined) {
    const [begin, end] = [readOffset(known, today * day), readOffset(known, (today + 1) * day)];
    offset = begin === end ? begin : NaN;
    known.days.set(today, offset);
  }
  return Number.isNaN(offset) ? readOffset(known, instant) : offset;
}

/** As {@link zoneOffset}, without remembering: for those who look at a whole year once. */
export function exactZoneOffset(zone: TimeZoneId, instant: Instant): number {
  const known = knownZone(zone);
  return known === undefined ? 0 : readOffset(known, instant);
}

/** Local time of a moment, written as if it were UTC. */
export function toLocal(zone: TimeZoneId, instant: Instant): number {
  return instant + zoneOffset(zone, instant);
}

/** The moment of a local time written as if it were UTC; of two the first, and in a gap the time after it. */
export function fromLocal(zone: TimeZoneId, local: number): Instant {
  const before = zoneOffset(zone, local - day);
  const after = zoneOffset(zone, local + day);
  if (before === after) return local - before;
  const first = local - Math.max(before, after);
  const second = local - Math.min(before, after);
  return toLocal(zone, first) === local ? first : toLocal(zone, second) === local ? second : local - before;
}

function readOffset({ format }: KnownZone, instant: Instant): number {
  // `12/31/1969, GMT-00:44:30`: the quickest way that the runtime offers.
  const text = format.format(instant);
  const at = text.lastIndexOf('GMT') + 3;
  if (at === text.length) return 0;
  const minutes = Number(text.slice(at + 1, at + 3)) * 60 + Number(text.slice(at + 4, at + 6));
  const size = minutes * minute + Number(text.slice(at + 7) || 0) * 1000;
  return text[at] === '-' ? -size : size;
}

function knownZone(zone: string): KnownZone | undefined {
  const known = knownZones.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const made = { format, days: new LRUCache<number, number>({ max: daysPerZone }) };
    knownZones.set(zone, made);
    return made;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
