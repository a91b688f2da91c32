import ICAL from 'ical.js';
import { findIana } from 'windows-iana';
import { fromZoned, isZone } from '../store/zone';
import type { Lose } from './report';

/** A time zone that a file names without describing it, as this machine knows it. */
class NamedZone extends ICAL.Timezone {
  constructor(name: string) {
    super({ tzid: name });
  }

  /** Seconds that the zone is ahead of UTC at a time on its wall clocks. */
  override utcOffset({ year, month, day, hour, minute, second }: ICAL.Time): number {
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    return (wall - fromZoned(wall, this.tzid)) / 1000;
  }
}

/** The property's times, in the zone that it names. Without a VTIMEZONE the library takes them for times of no zone. */
export function timesOf(property: ICAL.Property, lose: Lose): ICAL.Time[] {
  const times = (property.getValues() as unknown[]).filter((value) => value instanceof ICAL.Time);
  const tzid: unknown = property.getParameter('tzid');
  if (typeof tzid !== 'string') return times;
  const name = knownName(tzid);
  for (const time of times) {
    if (time.isDate || time.zone !== ICAL.Timezone.localTimezone) continue;
    if (name !== undefined) time.zone = new NamedZone(name);
    else lose('TZID', `"${tzid}" is no known time zone and not described: times are taken as UTC`);
  }
  return times;
}

/** An IANA name out of the TZID, which many programs decorate: `/softwarestudio.org/Tzfile/Europe/Berlin`; or of a name of Windows. */
export function knownName(tzid: string): string | undefined {
  const windows = findIana(tzid).find(isZone);
  if (windows !== undefined) return windows;
  const steps = tzid.split('/').filter(Boolean);
  for (let count = steps.length; count > 0; count--) {
    const name = steps.slice(-count).join('/');
    if (isZone(name)) return name;
  }
  return undefined;
}
