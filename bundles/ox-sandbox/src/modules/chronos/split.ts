import { day } from '../../columns/body';
import { type Occurrence, Series } from '../../calendar/series';
import { patternOf } from '../../calendar/pattern';
import { oxError } from '../../envelope/ox-error';
import type { Stored } from '../../store/objects';
import { createAppointment } from '../calendar/creating';
import { exceptionDates } from '../calendar/exceptions';
import type { Call, JsonObject } from '../call';
import type { Reply } from '../module';
import type { Found } from '../object-access';
import { readEvent } from './body';
import { eventOf } from './event';
import { extrasText } from './extras';
import { folderOf } from './reading';

/** A change of an occurrence and all after it: the series ends before it, and a new one begins. */
export function splitSeries(call: Call, found: Found, date: number, event: JsonObject): Reply {
  const { stored } = found;
  const from = Series.of(stored)?.on(date);
  const pattern = patternOf(stored);
  if (!from || !pattern) throw oxError('CAL-4041', date, stored.id);
  const old = eventOf(call, stored, found.folder.id);
  const next = { ...old, ...timesOf(call, found, from), ...event };
  const remaining = pattern.occurrences === null ? undefined : pattern.occurrences - from.position + 1;
  const { body, extras } = readEvent(call, { ...next, uid: undefined });
  const end = remaining === undefined || 'rrule' in event ? {} : { occurrences: remaining };
  const wish = { body: { ...body, ...end, ignore_conflicts: true, uid: null }, more: { chronos: extrasText(extras) } };
  const created = createAppointment(call, found.folder, wish) as { data: { id: string } };
  endSeriesBefore(call, found, from);
  const { appointments } = call.context;
  const row = (id: number): JsonObject => {
    const one = appointments.stored(id) as Stored;
    return eventOf(call, one, folderOf(call, one));
  };
  const data = { created: [row(Number(created.data.id))], updated: [row(stored.id)], deleted: [] };
  return { data, timestamp: Number(data.updated[0]?.['timestamp'] ?? 0) };
}

function timesOf(call: Call, { stored, folder }: Found, from: Occurrence): JsonObject {
  const { startDate, endDate } = eventOf(call, stored, folder.id, from);
  return { startDate, endDate };
}

/** Lets a series end with the day before an occurrence. */
export function endSeriesBefore(call: Call, found: Found, from: Occurrence): void {
  const { stored } = found;
  const { appointments } = call.context;
  for (const date of exceptionDates(stored, 'change_exceptions')) {
    const id =
      date < from.date
        ? undefined
        : call.context.db.value<number>(
            'SELECT id FROM appointment WHERE recurrence_id = ? AND recurrence_date_position = ?',
            stored.id,
            date,
          );
    if (id !== undefined) appointments.delete(id);
  }
  const keep = (kind: 'change_exceptions' | 'delete_exceptions'): string | null => {
    const dates = exceptionDates(stored, kind).filter((date) => date < from.date);
    return dates.length === 0 ? null : JSON.stringify(dates);
  };
  const values = {
    until: from.date - day,
    occurrences: null,
    change_exceptions: keep('change_exceptions'),
    delete_exceptions: keep('delete_exceptions'),
  };
  appointments.update(
    stored.id,
    { ...values, series_end: Series.of({ ...stored, ...values })?.lastEnd() ?? null },
    call.user.id,
  );
}
