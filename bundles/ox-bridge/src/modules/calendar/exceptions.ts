import type { Appointment, AppointmentException, Instant, Occurrence, Patch } from '@oxtender/bundle-api';
import type { Draft } from '../../columns/column-table';

/** Fields that an occurrence may have of its own, but for its times. */
const ownFields = [
  'title',
  'location',
  'body',
  'busyStatus',
  'sensitivity',
  'reminder',
  'categories',
  'attendees',
] as const satisfies readonly (keyof Occurrence)[];

/** What an exception object says differently from its series. */
export function differenceOf(
  series: Appointment,
  exception: Appointment,
  originalStart: Instant,
): AppointmentException {
  const result: Draft<AppointmentException> = { originalStart };
  const sameTimes = exception.start === originalStart && exception.end - exception.start === series.end - series.start;
  if (!sameTimes || exception.allDay !== series.allDay) {
    result.start = exception.start;
    result.end = exception.end;
    result.allDay = exception.allDay;
  }
  for (const field of ownFields)
    if (exception[field] !== undefined && !isEqual(series[field], exception[field])) copy(exception, result, field);
  if (exception.ownStatus !== undefined && exception.ownStatus !== series.ownStatus)
    result.ownStatus = exception.ownStatus;
  if (exception.attachments) result.attachments = exception.attachments;
  if (exception.cancelled === true) result.cancelled = true;
  return result as AppointmentException;
}

/** All values that the occurrence has in the end: those of the series where the exception says nothing. */
export function effectiveOccurrence(series: Appointment, exception: AppointmentException): Appointment {
  const start = exception.start ?? exception.originalStart;
  const end = exception.end ?? start + (series.end - series.start);
  const result: Draft<Appointment> = { start, end, allDay: exception.allDay ?? series.allDay };
  if (series.timeZone !== undefined) result.timeZone = series.timeZone;
  for (const field of ownFields) {
    const source = exception[field] === undefined ? series : exception;
    if (source[field] !== undefined) copy(source, result, field);
  }
  return result as Appointment;
}

/** Fields in which `wanted` differs from `present`, as a patch. */
export function changeOf(present: Appointment, wanted: Appointment): Patch<Appointment> {
  const patch: Partial<Record<keyof Appointment, unknown>> = {};
  for (const field of ownFields) if (!isEqual(present[field], wanted[field])) patch[field] = wanted[field] ?? null;
  if (present.start !== wanted.start || present.end !== wanted.end || present.allDay !== wanted.allDay) {
    patch.start = wanted.start;
    patch.end = wanted.end;
    patch.allDay = wanted.allDay;
  }
  return patch as Patch<Appointment>;
}

function copy<K extends (typeof ownFields)[number]>(from: Partial<Occurrence>, to: Draft<Appointment>, field: K): void {
  (to as Record<K, unknown>)[field] = from[field];
}

/** Plain data only; the order of keys is that of the field tables on both sides. */
function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
