import type { Column } from '../../columns/column';
import type { Filter } from '../../store/filter';
import type { Occurrence } from '../../calendar/series';
import type { Stored } from '../../store/objects';
import { toZoned } from '../../store/zone';
import type { Call } from '../call';
import { type Range, occurrencesIn } from './ranges';

type Columns = readonly (Column | undefined)[];

/** Rows of the objects, each series once for every time that it takes place in the range. */
export function expandedRows(
  call: Call,
  columns: Columns,
  filter: Filter,
  range: Range,
): { rows: string[]; newest: number } {
  const { appointments } = call.context;
  const { rows, newest } = appointments.rows(columns, call.viewer, filter, 'ORDER BY t.start_date, t.id');
  const stored = appointments.storedRows(filter, 'ORDER BY t.start_date, t.id');
  const expanded = stored.flatMap((row, index) => {
    const text = rows[index] as string;
    const times = occurrencesIn(row, range, call.viewer.zone);
    return times.map((time) => ({
      start: time.start,
      text: time.position === 0 ? text : occurrenceRow(call, columns, { row: text, stored: row, occurrence: time }),
    }));
  });
  expanded.sort((one, other) => one.start - other.start);
  return { rows: expanded.map(({ text }) => text), newest };
}

/** A series with the one of its occurrences that is written. */
interface Expanded {
  /** Its row as JSON text. */
  readonly row: string;
  readonly stored: Stored;
  readonly occurrence: Occurrence;
}

/** The row of a series with the times and the position of one occurrence. */
export function occurrenceRow(call: Call, columns: Columns, { row, stored, occurrence }: Expanded): string {
  const values = JSON.parse(row) as unknown[];
  const fields = occurrenceFields(call, stored, occurrence);
  columns.forEach((column, index) => {
    if (column && column.name in fields) values[index] = fields[column.name];
  });
  return JSON.stringify(values);
}

/** The object of a series as one occurrence of it. */
export function occurrenceObject(call: Call, text: string, row: Stored, occurrence: Occurrence): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), ...occurrenceFields(call, row, occurrence) });
}

function occurrenceFields(call: Call, row: Stored, { start, end, position, date }: Occurrence): Record<string, number> {
  const shift = (time: number): number => (row['full_time'] === 1 ? time : toZoned(time, call.viewer.zone));
  return {
    start_date: shift(start),
    end_date: shift(end),
    recurrence_position: position,
    recurrence_date_position: date,
  };
}
