import type { Values } from '../../columns/body';
import { Series } from '../../calendar/series';
import type { Call } from '../call';
import type { People } from '../people';
import { type BusyTime, busyObject, busyTimes } from './busy';
import { hiddenDates } from './exceptions';

const free = 4;

/** Occurrences of a new series that are looked at: the rest is too far away to matter. */
const maxOccurrences = 100;

/** Answered instead of an id: nothing is stored. OX HTTP API, "Create an appointment". */
export type Conflict = Readonly<Record<string, unknown>>;

/**
 * Appointments that overlap in time with the one to be stored, for its users and its resources. A booked resource is a
 * hard conflict, which `ignore_conflicts` does not overrule.
 */
export function conflictsOf(
  call: Call,
  row: Readonly<Values>,
  people: People,
  options: { ignore: boolean; self?: number },
): Conflict[] {
  const found = new Map<number, Conflict>();
  if (options.ignore && people.resources.length === 0) return [];
  const collect = (times: readonly BusyTime[], hard: boolean): void => {
    for (const time of times) {
      const other = time.row.id === options.self || time.row['recurrence_id'] === options.self;
      const counts = hard || time.row['shown_as'] !== free;
      if (!other && counts) found.set(time.row.id, { ...busyObject(call, time), hard_conflict: hard });
    }
  };
  for (const { start, end } of timesOf(call, row)) {
    if (end <= start) continue;
    const range = { start, end };
    if (!options.ignore && row['shown_as'] !== free)
      for (const user of people.users) collect(busyTimes(call, { user }, range), false);
    for (const resource of people.resources) collect(busyTimes(call, { resource }, range), true);
  }
  return [...found.values()];
}

/** What of the appointment still lies ahead. */
function timesOf(call: Call, row: Readonly<Values>): { start: number; end: number }[] {
  const now = call.server.now();
  const series = Series.of(row);
  if (!series) {
    const once = { start: Number(row['start_date']), end: Number(row['end_date']) };
    return once.end > now ? [once] : [];
  }
  const hidden = hiddenDates(row);
  const times: { start: number; end: number }[] = [];
  for (const occurrence of series.occurrences(undefined, now)) {
    if (occurrence.end > now && !hidden.has(occurrence.date)) times.push(occurrence);
    if (times.length === maxOccurrences) break;
  }
  return times;
}
