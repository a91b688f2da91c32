import type { Instant, TimeZoneId } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { minute } from '../date-time';
import { encodeTimeZone } from './time-zone-blob';
import { offsetAt, rulesOfZone } from './time-zone-rules';
import { zoneOffset } from './zone-offset';

const texts = new LRUCache<string, string>({ max: 2000 });

/**
 * The text of a Timezone element for an appointment in a zone. A device expands a series with this one rule, so it is
 * today's if that puts the first occurrence at its time, else the rule of the year in which the series begins.
 */
export function timeZoneText(zone: TimeZoneId, start: Instant, now: Instant): string {
  const startYear = new Date(start).getUTCFullYear();
  const year = Math.max(startYear, new Date(now).getUTCFullYear());
  const fits = year === startYear || offsetAt(rulesOfZone(zone, year), start) * minute === zoneOffset(zone, start);
  const key = `${fits ? year : startYear} ${zone}`;
  let text = texts.get(key);
  if (text === undefined) {
    text = encodeTimeZone(rulesOfZone(zone, fits ? year : startYear));
    texts.set(key, text);
  }
  return text;
}
