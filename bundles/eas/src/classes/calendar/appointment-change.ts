import type { Appointment, AppointmentException, Body, Instant, Patch } from '@oxtender/bundle-api';
import { type FieldTable, fieldTable } from '../../protocol/field-table';
import { isAtLeast } from '../../protocol/versions';
import { ItemError } from '../../values/item-error';
import { omit } from '../../values/omit';
import { Calendar, type Element, type Tag } from '../../wbxml';
import { changedAttachments } from '../attachments';
import { mergeBody } from '../body';
import { type ChangeFrames, type ChangeRules, changedFields, readItemData } from '../item-change';
import type { ItemContext } from '../item-context';
import { mergeAttendees } from './attendees';
import { calendarFields } from './calendar';
import { type CalendarContext, contextOfAppointment, contextOfData } from './calendar-context';
import { mergeExceptions } from './exceptions';
import { checkedTimes } from './new-appointment';

type CalendarTable = FieldTable<Appointment, CalendarContext>;

/** Who invited and the UID are not a device's to change. */
const unchanged = (): undefined => undefined;

const merges: NonNullable<ChangeRules<Appointment>['merges']> = {
  organizer: unchanged,
  uid: unchanged,
  body: mergeBody,
  attendees: mergeAttendees,
  exceptions: mergeExceptions,
};

/**
 * The change that a device made to an appointment or series. Up to 14.1 it sends all of it, from 16.0 what it changed.
 *
 * @throws ItemError at once, when the data break a rule
 */
export function readAppointmentChange(
  data: Element,
  context: ItemContext,
): (current: Appointment) => Patch<Appointment> {
  readItemData(calendarFields, data, contextOfData(data, context));
  const missing = isAtLeast(context.version, '16.0') || context.quirks.keepMissingInCalendar ? 'keep' : 'clear';
  return (current) => {
    const frames = framesOf(calendarFields, current, context);
    const merged = changedFields(frames, current, data, { missing, merges });
    // Exceptions are known by their starts: those of a series that was moved are other ones.
    const moved = 'start' in merged && 'exceptions' in merged;
    const patch = withAllDay(
      moved ? changedFields(frames, current, data, { missing, merges: omit(merges, 'exceptions') }) : merged,
    );
    const whole = {
      ...omit(patch, 'start', 'end'),
      ...changedTimes(patch, current),
      ...changedFiles(current, data, context),
    };
    return withoutLostExceptions(whole, current, context);
  };
}

/** Files come and go one by one, from 16.0. [MS-ASAIRS] "Attachments". */
function changedFiles(current: Appointment, data: Element, { version }: ItemContext): Patch<Appointment> {
  const attachments = isAtLeast(version, '16.0') ? changedAttachments(current.attachments, data) : undefined;
  return attachments === undefined ? {} : { attachments };
}

/** A device that leaves AllDayEvent out means 0. [MS-ASCAL] "AllDayEvent". */
function withAllDay(patch: Patch<Appointment>): Patch<Appointment> {
  return patch.allDay === null ? { ...patch, allDay: false } : patch;
}

/** The times that a change leaves, if it touches them: they must fit each other, whichever of them is new. */
function changedTimes(patch: Patch<Appointment>, current: Appointment): Patch<Appointment> {
  const { allDay } = patch;
  if (patch.start === undefined && patch.end === undefined && allDay === undefined) return {};
  const wanted = { start: patch.start ?? current.start, end: patch.end ?? current.end };
  const { start, end } = checkedTimes(wanted, allDay ?? current.allDay);
  return { ...(start === current.start ? {} : { start }), ...(end === current.end ? {} : { end }) };
}

/** What an occurrence cannot have of its own; a device that says so from 16.0 is refused. */
const seriesOnly: readonly Tag[] = [Calendar.Timezone, Calendar.Recurrence, Calendar.Exceptions, Calendar.Deleted];

const occurrenceKeys: ReadonlySet<string> = new Set<keyof AppointmentException>([
  ...(['title', 'location', 'start', 'end', 'allDay', 'body', 'busyStatus', 'sensitivity', 'reminder'] as const),
  ...(['categories', 'attendees', 'cancelled', 'ownStatus'] as const),
]);

const occurrenceFields = fieldTable(
  calendarFields.fields.filter(({ keys }) => keys.length === 0 || keys.some((key) => occurrenceKeys.has(key))),
);

/** What is empty for one occurrence, where the series has something. */
const empty: Partial<AppointmentException> = {
  title: '',
  location: {},
  categories: [],
  attendees: [],
  body: { format: 'text', content: '' } satisfies Body,
};

/**
 * The change that a device made to one occurrence, from 16.0. [MS-ASAIRS] "InstanceId".
 *
 * @param originalStart - when the occurrence would have begun
 * @returns a patch of the exception
 * @throws ItemError at once, when the data break a rule
 */
export function readOccurrenceChange(
  data: Element,
  context: ItemContext,
  originalStart: Instant,
): (current: Appointment) => Patch<Appointment> {
  const misplaced = seriesOnly.find((tag) => data.child(tag) !== undefined);
  if (misplaced !== undefined) throw new ItemError('INVALID_VALUE', `${misplaced.name} in a single occurrence`);
  readItemData(occurrenceFields, data, contextOfData(data, context));
  return (series) => {
    const occurrence = occurrenceOf(series, originalStart);
    const patch = changedFields(framesOf(occurrenceFields, occurrence, context), occurrence, data, {
      missing: 'keep',
      merges,
    });
    return Object.fromEntries(
      Object.entries(patch).flatMap(([key, value]) => {
        if (!occurrenceKeys.has(key)) return [];
        return [[key, value === null ? (empty[key as keyof AppointmentException] ?? null) : value]];
      }),
    );
  };
}

/** The occurrence as an appointment of its own, as the series and its exception make it. */
function occurrenceOf(series: Appointment, originalStart: Instant): Appointment {
  const end = originalStart + (series.end - series.start);
  const exception = series.exceptions?.find((candidate) => candidate.originalStart === originalStart);
  return { ...omit(series, 'recurrence', 'exceptions'), start: originalStart, end, ...exception };
}

/** What was sent was written in the appointment's zone; what the device wrote is read in the device's. */
function framesOf(
  table: CalendarTable,
  current: Appointment,
  context: ItemContext,
): ChangeFrames<Appointment, CalendarContext> {
  return {
    table,
    write: contextOfAppointment(current, context),
    read: (data) => contextOfData(data, context, current),
  };
}

/** From 16.0, a new pattern or time of a series makes an end of its exceptions. [MS-ASCAL] "Exceptions". */
function withoutLostExceptions(
  patch: Patch<Appointment>,
  current: Appointment,
  { version }: ItemContext,
): Patch<Appointment> {
  const moved = 'recurrence' in patch || 'start' in patch || 'end' in patch;
  const lost = moved && isAtLeast(version, '16.0') && (current.exceptions ?? []).length > 0 && !('exceptions' in patch);
  return lost ? { ...patch, exceptions: null } : patch;
}
