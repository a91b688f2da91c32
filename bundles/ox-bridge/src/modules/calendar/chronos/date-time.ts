import { DateTime } from 'luxon';
import type { Instant, TimeZoneId } from '@oxtender/bundle-api';

/** A moment as chronos writes it: local with a zone, UTC with `Z`, or a date alone. OX HTTP API, "DateTimeData". */
export interface DateTimeData {
  readonly value: string;
  readonly tzid?: string;
}

const compact = "yyyyMMdd'T'HHmmss";

const written = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/;

/** A date alone is 00:00 UTC. NaN for what is no date. */
export function decodeDateTime({ value, tzid = 'UTC' }: DateTimeData): Instant {
  const match = written.exec(value);
  if (!match) return NaN;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  const fields = { year, month, day, hour, minute, second };
  const zone = match[4] === undefined || match[7] === 'Z' ? 'UTC' : tzid;
  // By its fields: reading by a format takes twice as long, and a folder has thousands.
  const local = DateTime.fromObject(fields, { zone });
  return (local.isValid ? local : DateTime.fromObject(fields, { zone: 'UTC' })).toMillis();
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
