import type { Occurrence } from '../../calendar/series';
import { Series } from '../../calendar/series';
import { oxError } from '../../envelope/ox-error';
import { Filter } from '../../store/filter';
import type { Stored } from '../../store/objects';
import { toZoned } from '../../store/zone';
import type { Call } from '../call';
import { hiddenDates, isMaster } from './exceptions';

/** A stretch of time in UTC milliseconds, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The range of a request. */
export function rangeOf(call: Call): Range | undefined {
  const start = call.time('start');
  const end = call.time('end');
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** @throws OxError SVL-0002 */
export function neededRange(call: Call): Range {
  const range = rangeOf(call);
  if (!range) throw oxError('SVL-0002', call.text('start') === undefined ? 'start' : 'end');
  return range;
}

/** Objects that may take place in the range; full-time ones by the days of the viewer's zone. */
export function inRange({ start, end }: Range, zone: string): Filter {
  const days = { start: toZoned(start, zone), end: toZoned(end, zone) };
  const ends = `iif(coalesce(t.recurrence_type, 0) > 0, coalesce(t.series_end, ${Number.MAX_SAFE_INTEGER}), t.end_date)`;
  return Filter.of('t.start_date < iif(t.full_time, ?, ?)', days.end, end).and(
    `max(${ends}, t.start_date + 1) > iif(t.full_time, ?, ?)`,
    days.start,
    start,
  );
}

/** When an object takes place in the range: a series as often as it does, anything else once. */
export function occurrencesIn(
  row: Stored,
  { start, end }: Range,
  zone: string,
): Pick<Occurrence, 'start' | 'end' | 'position' | 'date'>[] {
  const fullTime = row['full_time'] === 1;
  const from = fullTime ? toZoned(start, zone) : start;
  const to = fullTime ? toZoned(end, zone) : end;
  if (!isMaster(row)) {
    const once = { start: Number(row['start_date']), end: Number(row['end_date']), position: 0, date: 0 };
    return once.start < to && Math.max(once.end, once.start + 1) > from ? [once] : [];
  }
  const hidden = hiddenDates(row);
  const found: Occurrence[] = [];
  for (const occurrence of Series.of(row)?.occurrences(to, from) ?? [])
    if (Math.max(occurrence.end, occurrence.start + 1) > from && !hidden.has(occurrence.date)) found.push(occurrence);
  return found;
}
