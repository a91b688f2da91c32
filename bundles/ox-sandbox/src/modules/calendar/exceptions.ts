import { type Values, floorDay } from '../../columns/body';
import { calendarColumns, recurrenceFields } from '../../columns/calendar';
import { type Occurrence, Series } from '../../calendar/series';
import { oxError } from '../../envelope/ox-error';
import { Filter } from '../../store/filter';
import type { Stored } from '../../store/objects';
import { type Call, type JsonObject, without } from '../call';

/** True for a series. */
export function isMaster(row: Readonly<Values>): boolean {
  return Number(row['recurrence_type'] ?? 0) > 0;
}

/** True for an occurrence that has become an object of its own. */
export function isException(row: Readonly<Values>): boolean {
  return row['recurrence_id'] != null && row['recurrence_id'] !== row['id'];
}

/** Days of the occurrences that were changed or deleted. */
export function exceptionDates(row: Readonly<Values>, kind: 'change_exceptions' | 'delete_exceptions'): number[] {
  return JSON.parse(String(row[kind] ?? '[]')) as number[];
}

/** Days on which the series itself does not show. */
export function hiddenDates(master: Readonly<Values>): ReadonlySet<number> {
  return new Set([...exceptionDates(master, 'change_exceptions'), ...exceptionDates(master, 'delete_exceptions')]);
}

/** Names the occurrence in a request: by position, or by day. */
export function wantsOccurrence(element: JsonObject): boolean {
  return ['pos', 'recurrence_position', 'recurrence_date_position'].some(
    (name) => element[name] != null && Number(element[name]) > 0,
  );
}

/**
 * The occurrence that a request names.
 *
 * @throws OxError APP-0107 for what is no series, APP-0074, APP-0075 for an occurrence that does not exist, APP-0098 for a deleted one
 */
export function namedOccurrence(master: Readonly<Values>, element: JsonObject): Occurrence {
  const series = Series.of(master);
  if (!series) throw oxError('APP-0107');
  const position = Number(element['recurrence_position'] ?? element['pos'] ?? 0);
  const date = Number(element['recurrence_date_position'] ?? 0);
  const occurrence = position > 0 ? series.at(position) : series.on(floorDay(date));
  if (!occurrence) throw position > 0 ? oxError('APP-0074', position) : oxError('APP-0075', date);
  if (exceptionDates(master, 'delete_exceptions').includes(occurrence.date))
    throw oxError('APP-0098', occurrence.position);
  return occurrence;
}

/** The object that an occurrence has become, if it has. */
export function exceptionOn(call: Call, master: number, date: number): Stored | undefined {
  const filter = Filter.of('t.recurrence_id = ?', master)
    .and('t.recurrence_date_position = ?', date)
    .and('t.id <> ?', master);
  return call.context.appointments.storedRows(filter)[0];
}

/** Ids of all exceptions of a series. */
export function exceptionIds(call: Call, master: number): number[] {
  return call.context.db.values<number>(
    'SELECT id FROM appointment WHERE recurrence_id = ? AND id <> ?',
    master,
    master,
  );
}

/** What an exception has of its series: everything but the pattern. */
export function exceptionValues(master: Stored, occurrence: Occurrence): Values {
  const pattern = new Set<string>(recurrenceFields);
  const kept = calendarColumns.stored.filter(({ name }) => !pattern.has(name) && !bookkeeping.has(name));
  return {
    ...Object.fromEntries(kept.map(({ name }) => [name, master[name] ?? null])),
    chronos: extrasWithoutRule(master),
    start_date: occurrence.start,
    end_date: occurrence.end,
    recurrence_id: master.id,
    recurrence_position: occurrence.position,
    recurrence_date_position: occurrence.date,
    change_exceptions: JSON.stringify([occurrence.date]),
  };
}

/** A rule is the series', everything else an exception has too. */
export function extrasWithoutRule(row: Readonly<Values>): string | null {
  const extras = without(JSON.parse(String(row['chronos'] ?? '{}')) as JsonObject, 'rrule');
  return Object.keys(extras).length === 0 ? null : JSON.stringify(extras);
}

const bookkeeping = new Set(['created_by', 'modified_by', 'creation_date', 'last_modified', 'delete_exceptions']);

/** Notes in the master that an occurrence is changed or deleted. @returns the new last_modified */
export function noteException(call: Call, master: Stored, date: number, kind: 'change' | 'delete'): number {
  const changed = new Set(exceptionDates(master, 'change_exceptions'));
  const deleted = new Set(exceptionDates(master, 'delete_exceptions'));
  if (kind === 'change') changed.add(date);
  else {
    changed.delete(date);
    deleted.add(date);
  }
  const values = { change_exceptions: datesText(changed), delete_exceptions: datesText(deleted) };
  return call.context.appointments.update(master.id, values, call.user.id);
}

function datesText(dates: ReadonlySet<number>): string | null {
  return dates.size === 0 ? null : JSON.stringify([...dates].sort((one, other) => one - other));
}

/** The id of the object that stands for the occurrence; made when there is none. */
export function exceptionOf(call: Call, master: Stored, element: JsonObject): number {
  const { appointments, attachments } = call.context;
  const occurrence = namedOccurrence(master, element);
  const known = exceptionOn(call, master.id, occurrence.date);
  if (known) return known.id;
  const id = appointments.insert(exceptionValues(master, occurrence), master.folder, call.user.id);
  appointments.place(id, appointments.places(master.id), appointments.participations(master.id));
  attachments.copy(1, master.id, id);
  noteException(call, master, occurrence.date, 'change');
  return id;
}
