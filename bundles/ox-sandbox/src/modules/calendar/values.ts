import { type Values, readBody } from '../../columns/body';
import { calendarColumns } from '../../columns/calendar';
import { calendarPatternCodes, recurrenceChange } from '../../calendar/pattern';
import { Series } from '../../calendar/series';
import { oxError } from '../../envelope/ox-error';
import { type Folder, FolderType } from '../../store/folders';
import { type Call, type JsonObject, without } from '../call';
import type { People } from '../people';

/** Reads what a body changes of an appointment, the recurrence complete. @throws OxError APP-... */
export function appointmentValues(call: Call, body: JsonObject, stored: Readonly<Values>): Values {
  const { zone } = call.viewer;
  const values = readBody(calendarColumns, without(body, 'participants', 'confirmations'), {
    zone,
    fullTime: stored['full_time'] === 1,
    tooLong: 'APP-0072',
  });
  Object.assign(values, recurrenceChange(values, stored, calendarPatternCodes));
  if (values['full_time'] === 1 && stored['full_time'] !== 1) requireDays(values);
  return values;
}

/** An appointment can become full-time only together with its days. */
function requireDays(values: Values): void {
  for (const name of ['start_date', 'end_date'])
    if (values[name] === null) throw oxError(name === 'start_date' ? 'APP-0026' : 'APP-0027');
}

/** @throws OxError APP-0020 to 0028 */
export function checkAppointment(row: Readonly<Values>, people: People, folder: Folder): void {
  if (row['title'] == null) throw oxError('APP-0028');
  if (row['start_date'] == null) throw oxError('APP-0026');
  if (row['end_date'] == null) throw oxError('APP-0027');
  if (Number(row['end_date']) < Number(row['start_date'])) throw oxError('APP-0020');
  const { color_label: color, shown_as: shown } = row;
  if (color != null && (Number(color) < 0 || Number(color) > 10)) throw oxError('APP-0021', color);
  if (shown != null && (Number(shown) < 1 || Number(shown) > 4)) throw oxError('APP-0025', shown);
  if (row['private_flag'] !== 1) return;
  if (folder.type !== FolderType.private) throw oxError('APP-0022');
  if (people.participants.length > 1) throw oxError('APP-0023');
}

/** A series starts with its first occurrence, and ends with its last. */
export function settleSeries(row: Readonly<Values>): Values {
  const series = Series.of(row);
  if (!series) return { series_end: null };
  const first = series.first();
  if (!first) throw oxError('APP-0086');
  return { start_date: first.start, end_date: first.end, series_end: series.lastEnd() };
}
