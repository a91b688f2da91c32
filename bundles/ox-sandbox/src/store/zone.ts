import { DateTime, IANAZone } from 'luxon';

/** Milliseconds that the zone is ahead of UTC at an instant. */
export function zoneOffset(milliseconds: number, zone: string): number {
  return zone === 'UTC' ? 0 : Math.round(IANAZone.create(zone).offset(milliseconds)) * 60_000;
}

/** UTC to the wire's Time: the clock on the wall, written as if it were UTC. */
export function toZoned(milliseconds: number, zone: string): number {
  return milliseconds + zoneOffset(milliseconds, zone);
}

/** The wire's Time to UTC. A time that the zone's clocks skip moves forward. */
export function fromZoned(milliseconds: number, zone: string): number {
  if (zone === 'UTC') return milliseconds;
  return DateTime.fromMillis(milliseconds, { zone: 'utc' }).setZone(zone, { keepLocalTime: true }).toMillis();
}

const knownZones = new Set<string>(['UTC']);

/** True for a zone that this machine knows. */
export function isZone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  const known = IANAZone.isValidZone(zone);
  if (known) knownZones.add(zone);
  return known;
}
