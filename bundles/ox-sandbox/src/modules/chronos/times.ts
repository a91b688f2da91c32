import { oxError } from '../../envelope/ox-error';
import { fromZoned, isZone, toZoned } from '../../store/zone';

/** A point in time as chronos writes it: local with a zone, UTC with `Z`, or a date. RFC 5545, "Date-Time". */
export interface DateTimeData {
  readonly value: string;
  readonly tzid?: string;
}

const pattern = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/;

/** `20260115`, or `20260115T100000` in a zone. */
export function writeDateTime(milliseconds: number, fullTime: boolean, zone: string): DateTimeData {
  if (fullTime) return { value: compact(milliseconds).slice(0, 8) };
  if (zone === 'UTC') return { value: `${compact(milliseconds)}Z` };
  return { value: compact(toZoned(milliseconds, zone)), tzid: zone };
}

export interface ReadTime {
  /** UTC, or the Date of a full-time event. */
  readonly milliseconds: number;
  readonly fullTime: boolean;
  readonly zone: string;
}

/** @throws OxError SVL-0010 */
export function readDateTime(data: unknown, defaultZone: string): ReadTime {
  const { value, tzid = defaultZone } = (data ?? {}) as { value?: unknown; tzid?: unknown };
  if (typeof value !== 'string' || typeof tzid !== 'string' || !isZone(tzid))
    throw oxError('SVL-0010', JSON.stringify(data));
  const { local, fullTime, utc } = parse(value);
  if (fullTime) return { milliseconds: local, fullTime, zone: 'UTC' };
  return utc
    ? { milliseconds: local, fullTime, zone: 'UTC' }
    : { milliseconds: fromZoned(local, tzid), fullTime, zone: tzid };
}

/** A parameter like `rangeStart`: UTC. @throws OxError SVL-0010 */
export function readUtc(value: string): number {
  return parse(value).local;
}

/** Names an occurrence by its original start: UTC, or the day of a full-time event. */
export function writeRecurrenceId(start: number, fullTime: boolean): string {
  return fullTime ? compact(start).slice(0, 8) : `${compact(start)}Z`;
}

/** Also takes `Europe/Berlin:20260115T100000`, as later versions write it. @throws OxError SVL-0010 */
export function readRecurrenceId(value: string): number {
  const [, zone, local] = /^([^:]+):(.*)$/.exec(value) ?? [];
  if (zone === undefined || local === undefined) return parse(value).local;
  if (!isZone(zone)) throw oxError('SVL-0010', value);
  return fromZoned(parse(local).local, zone);
}

function parse(text: string): { local: number; fullTime: boolean; utc: boolean } {
  const [, year, month, day, hour, minute, second, utc] = pattern.exec(text) ?? [];
  if (year === undefined) throw oxError('SVL-0010', text);
  const numbers = [hour, minute, second].map((part) => Number(part ?? 0)) as [number, number, number];
  return {
    local: Date.UTC(Number(year), Number(month) - 1, Number(day), ...numbers),
    fullTime: hour === undefined,
    utc: utc === 'Z',
  };
}

function compact(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d+Z/g, '');
}
