import { isDeepStrictEqual } from 'node:util';
import type { AppointmentException, Patch } from '@oxtender/bundle-api';
import { type FieldTable, type TableField, field, fieldTable, writeApplicationData } from '../../protocol/field-table';
import { invalid } from '../../protocol/fields';
import { parseFlag } from '../../protocol/schema';
import { formatCompactDateTime, parseDateTime } from '../../values/date-time';
import { ItemError } from '../../values/item-error';
import { AirSyncBase, Calendar, type Element, element } from '../../wbxml';
import { attachmentsField } from '../attachments';
import { readItemData } from '../item-change';
import { formatTime, originalStartOf } from './appointment-times';
import { mergeAttendees } from './attendees';
import type { CalendarContext } from './calendar-context';
import { isOrganizer, meetingStatus, responseType, MeetingBit } from './meeting-status';
import * as common from './occurrence-fields';

/** Most exceptions of a series; the specification has 256, clients send more. */
const maxExceptions = 1000;

type ExceptionField = TableField<AppointmentException, CalendarContext>;

/** [MS-ASCAL] "Exception": what is left out is that of the series, what is empty is empty for this occurrence. */
const exceptionFields: FieldTable<AppointmentException, CalendarContext> = fieldTable<
  AppointmentException,
  CalendarContext
>([
  field({
    tag: Calendar.Deleted,
    keys: ['deleted'],
    write: ({ deleted }) => (deleted === true ? element(Calendar.Deleted, 1) : undefined),
    read: (read) => (parseFlag(read.text) === true ? { deleted: true } : undefined),
  }),
  field({
    tag: Calendar.ExceptionStartTime,
    until: '14.1',
    keys: [],
    write: ({ originalStart }, context) =>
      element(Calendar.ExceptionStartTime, formatTime(originalStart, { ...context, allDay: isAllDaySeries(context) })),
  }),
  field({
    tag: AirSyncBase.InstanceId,
    since: '16.0',
    keys: [],
    write: ({ originalStart }) => element(AirSyncBase.InstanceId, formatCompactDateTime(originalStart)),
  }),
  emptiable(common.subject, 'title', ''),
  common.startTime,
  common.endTime,
  ...common.body.map((one) => emptiable(one, 'body', { format: 'text', content: '' })),
  ...common.location.map((one) => emptiable(one, 'location', {})),
  emptiable(common.categories, 'categories', []),
  common.sensitivity,
  ...common.busyStatus,
  field({
    tag: Calendar.AllDayEvent,
    until: '14.1',
    keys: ['allDay'],
    // Without it the occurrence of an all-day series is shown as one of 24 hours.
    write: ({ deleted }, { allDay, series }) =>
      deleted === true || (!allDay && series?.allDay !== true)
        ? undefined
        : element(Calendar.AllDayEvent, allDay ? 1 : 0),
    read: (read) => ({ allDay: parseFlag(read.text) ?? invalid(Calendar.AllDayEvent) }),
  }),
  common.reminder,
  field({
    tag: Calendar.MeetingStatus,
    keys: ['cancelled'],
    write: ({ cancelled }, context) =>
      cancelled === undefined || context.series === undefined
        ? undefined
        : element(Calendar.MeetingStatus, meetingStatus({ ...context.series, cancelled }, context)),
    read: (read) => ((Number(read.text) & MeetingBit.Cancelled) === 0 ? undefined : { cancelled: true }),
  }),
  { ...emptiable(common.attendees, 'attendees', []), since: '14.0' },
  field({
    tag: Calendar.ResponseType,
    since: '14.0',
    keys: [],
    write: ({ ownStatus }, context) =>
      ownStatus === undefined || context.series === undefined
        ? undefined
        : element(Calendar.ResponseType, responseType({ ...context.series, ownStatus }, context)),
  }),
  attachmentsField<AppointmentException>({ since: '16.0' }),
]);

/** The element for one occurrence. */
export function writeException(exception: AppointmentException, context: CalendarContext): Element {
  const allDay = exception.allDay ?? isAllDaySeries(context);
  const plain: AppointmentException = isOffThePhone(exception, context)
    ? { originalStart: exception.originalStart, deleted: true }
    : exception;
  return element(Calendar.Exception, writeApplicationData(exceptionFields, plain, { ...context, allDay }));
}

/** What the user declined is taken off the calendar, one occurrence like a whole meeting. [MS-ASCMD] "MeetingResponse". */
function isOffThePhone({ deleted, ownStatus }: AppointmentException, context: CalendarContext): boolean {
  if (deleted === true) return true;
  return ownStatus === 'declined' && context.series !== undefined && !isOrganizer(context.series, context);
}

/** @throws ItemError when it does not say which occurrence it is */
export function readException(read: Element, context: CalendarContext): AppointmentException {
  const key = read.child(Calendar.ExceptionStartTime) ?? read.child(AirSyncBase.InstanceId);
  const named = parseDateTime(key?.text ?? '');
  if (named === undefined) throw new ItemError('MISSING_ELEMENT', 'an exception without the start of its occurrence');
  const originalStart = originalStartOf(named, context.seriesStart, context);
  const own = parseFlag(read.child(Calendar.AllDayEvent)?.text ?? (context.allDay ? '1' : '0'));
  const { patch } = readItemData(exceptionFields, read, { ...context, allDay: own === true });
  if (patch.deleted === true) return { originalStart, deleted: true };
  const { allDay, ...rest } = patch as Partial<AppointmentException>;
  return { ...rest, ...(allDay === undefined || allDay === context.allDay ? {} : { allDay }), originalStart };
}

/** Exceptions, and single ones, that a device leaves out stay. [MS-ASCMD] "Change (Sync)". */
export const exceptionsField = field<{ readonly exceptions?: readonly AppointmentException[] }, CalendarContext>({
  tag: Calendar.Exceptions,
  keys: ['exceptions'],
  missing: 'keep',
  write: ({ exceptions = [] }, context) =>
    exceptions.length === 0
      ? undefined
      : element(
          Calendar.Exceptions,
          exceptions.map((exception) => writeException(exception, context)),
        ),
  read(read, context) {
    const list = read.children.filter(({ tag }) => tag === Calendar.Exception);
    if (list.length > maxExceptions) return invalid(Calendar.Exceptions);
    const exceptions = list.map((one) => readException(one, context));
    return exceptions.length === 0 ? undefined : { exceptions: sorted(exceptions) };
  },
});

/** Brings a device's exceptions into those that are there: each by its occurrence, field by field. */
export function mergeExceptions(
  current: readonly AppointmentException[] | undefined,
  sent: readonly AppointmentException[] | null,
  received: readonly AppointmentException[] | null,
): readonly AppointmentException[] | undefined {
  const merged = new Map((current ?? []).map((exception) => [exception.originalStart, exception]));
  const told = new Map((sent ?? []).map((exception) => [exception.originalStart, exception]));
  for (const exception of received ?? []) {
    const { originalStart } = exception;
    const known = merged.get(originalStart);
    merged.set(
      originalStart,
      known === undefined ? exception : mergeException(known, told.get(originalStart), exception),
    );
  }
  const result = sorted([...merged.values()]);
  return isDeepStrictEqual(result, sorted(current ?? [])) ? undefined : result;
}

function mergeException(
  current: AppointmentException,
  sent: AppointmentException | undefined,
  received: AppointmentException,
): AppointmentException {
  // an occurrence that the user declined is told as deleted, and comes back so
  if (sent?.deleted === true && received.deleted === true) return current;
  if (received.deleted === true || current.deleted === true) return received;
  const merged: Record<string, unknown> = { ...current };
  const keys = new Set([...Object.keys(sent ?? {}), ...Object.keys(received)]) as Set<keyof AppointmentException>;
  for (const key of keys) {
    if (isDeepStrictEqual(sent?.[key], received[key])) continue;
    if (received[key] === undefined) Reflect.deleteProperty(merged, key);
    else if (key === 'attendees')
      merged[key] =
        mergeAttendees(current.attendees, sent?.attendees ?? null, received[key]) ?? current.attendees ?? [];
    else merged[key] = received[key];
  }
  return merged as unknown as AppointmentException;
}

/** A field of which an empty element means: empty for this occurrence. */
function emptiable<K extends keyof AppointmentException>(
  from: TableField<common.Common, CalendarContext>,
  key: K,
  empty: NonNullable<AppointmentException[K]>,
): ExceptionField {
  const of: ExceptionField = from;
  return {
    ...of,
    write: (exception, context) =>
      isDeepStrictEqual(exception[key], empty) ? element(of.tag) : of.write?.(exception, context),
    read(read, context) {
      const patch: Patch<AppointmentException> | undefined = of.read?.(read, context);
      return patch?.[key] === null ? { ...patch, [key]: empty } : patch;
    },
  };
}

function isAllDaySeries({ series, allDay }: CalendarContext): boolean {
  return series?.allDay ?? allDay;
}

function sorted(exceptions: readonly AppointmentException[]): AppointmentException[] {
  return [...exceptions].sort((left, right) => left.originalStart - right.originalStart);
}
