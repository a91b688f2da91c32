import { DateTime } from 'luxon';
import type { Instant, TimeZoneId } from '@oxtender/bundle-api';

/** A moment as chronos writes it: local with a zone, UTC with `Z`, or a date alone. OX HTTP API, "DateTimeData". */
export interface DateTimeData {
  readonly value: string;
  readonly tzid?: string;
}

const compact = "yyyyMMdd'T'HHmmss";

/** A date alone is 00:00 UTC. */
export function decodeDateTime({ value, tzid = 'UTC' }: DateTimeData): Instant {
  const zone = value.endsWith('Z') || value.length === 8 ? 'UTC' : tzid;
  const format = value.length === 8 ? 'yyyyMMdd' : compact;
  const local = DateTime.fromFormat(value.replace(/Z$/, ''), format, { zone });
  return (local.isValid ? local : DateTime.fromFormat(value.replace(/Z$/, ''), format, { zone: 'UTC' })).toMillis();
}

export function encodeDateTime(instant: Instant, allDay: boolean, zone: TimeZoneId | undefined): DateTimeData {
  if (allDay) return { value: utc(instant).toFormat('yyyyMMdd') };
  if (zone === undefined || zone === 'UTC') return { value: encodeUtc(instant) };
  const local = DateTime.fromMillis(instant, { zone });
  return local.isValid ? { value: local.toFormat(compact), tzid: zone } : { value: encodeUtc(instant) };
}

export function encodeUtc(instant: Instant): string {
  return utc(instant).toFormat(`${compact}'Z'`);
}

/** Names an occurrence by its original start: UTC, a date, or since 8.x local with the zone before a colon. */
export function decodeRecurrenceId(text: string): Instant {
  const colon = text.lastIndexOf(':');
  return decodeDateTime(colon < 0 ? { value: text } : { tzid: text.slice(0, colon), value: text.slice(colon + 1) });
}

export function encodeRecurrenceId(originalStart: Instant, allDay: boolean): string {
  return allDay ? utc(originalStart).toFormat('yyyyMMdd') : encodeUtc(originalStart);
}

function utc(instant: Instant): DateTime {
  return DateTime.fromMillis(instant, { zone: 'UTC' });
}
