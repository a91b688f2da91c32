import type { TimeZoneId } from '@oxtender/bundle-api';
import ICAL from 'ical.js';
import { tzlib_get_ical_block, tzlib_get_timezones } from 'timezones-ical-library';

const known: ReadonlySet<string> = new Set(tzlib_get_timezones() as string[]);

/** VTIMEZONE of a zone; undefined when nobody has described it. [RFC 5545] "Time Zone Component". */
export function timeZoneComponent(zone: TimeZoneId): ICAL.Component | undefined {
  if (!known.has(zone)) return undefined;
  const [block = ''] = tzlib_get_ical_block(zone) as string[];
  return new ICAL.Component(ICAL.parse(block) as unknown[]);
}
