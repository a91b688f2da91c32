import type { Appointment, Instant, Patch } from '@oxtender/bundle-api';
import { isAtLeast } from '../../protocol/versions';
import { day, minute } from '../../values/date-time';
import { ItemError } from '../../values/item-error';
import { floorToDay } from '../../values/plain-date';
import { Calendar, type Element } from '../../wbxml';
import { newAttachments } from '../attachments';
import { readItemData, withoutNulls } from '../item-change';
import type { ItemContext } from '../item-context';
import { calendarFields } from './calendar';
import { contextOfData } from './calendar-context';
import { MeetingBit } from './meeting-status';

/**
 * The appointment that a device made. Without a UID of the device it has none: whoever stores it makes one, the same for a
 * repeated request.
 *
 * @throws ItemError
 */
export function readNewAppointment(data: Element, context: ItemContext): Appointment {
  const frame = contextOfData(data, context);
  const { patch } = readItemData(calendarFields, data, frame);
  const times = timesOf(patch, frame.allDay, context);
  const { organizer, ...rest } = withoutNulls<Partial<Appointment>>(patch);
  const status = Number(data.child(Calendar.MeetingStatus)?.text ?? 0);
  const isInvited = (status & MeetingBit.Received) !== 0 && organizer !== undefined;
  const { displayName: name, primaryAddress: address } = context.user;
  // Of an appointment without other people nobody is the organizer: groupwares keep none, or the user.
  const isMeeting = (status & MeetingBit.Meeting) !== 0 || (rest.attendees ?? []).length > 0;
  return {
    ...rest,
    ...times,
    ...(isAtLeast(context.version, '16.0') ? newAttachments(data) : {}),
    allDay: frame.allDay,
    // A device may name the organizer of a meeting to which the user was invited, and nobody else.
    ...(isInvited ? { organizer } : isMeeting ? { organizer: { name, address } } : {}),
    ownedByUser: !isInvited,
    ...(frame.allDay ? {} : { timeZone: frame.zone }),
  };
}

interface Times {
  readonly start: Instant;
  readonly end: Instant;
}

/** @throws ItemError MISSING_ELEMENT, INVALID_VALUE */
function timesOf(patch: Patch<Appointment>, allDay: boolean, context: ItemContext): Times {
  const start = patch.start ?? undefined;
  const end = patch.end ?? undefined;
  const times = start !== undefined && end !== undefined ? { start, end } : missingTimes(start, end, context);
  return checkedTimes(times, allDay);
}

/** An all-day event lasts a day at least; any other may begin and end at once, but not end before. */
export function checkedTimes({ start, end }: Times, allDay: boolean): Times {
  if (allDay) return { start: floorToDay(start), end: Math.max(floorToDay(end), floorToDay(start) + day) };
  if (end < start) throw new ItemError('INVALID_VALUE', 'the end is before the start');
  return { start, end };
}

/** From 16.0 the server completes times, where they can be told. [MS-ASCAL] "StartTime", "EndTime". */
function missingTimes(start: Instant | undefined, end: Instant | undefined, { version, now }: ItemContext): Times {
  const halfHour = 30 * minute;
  const roundedNow = Math.round(now / halfHour) * halfHour;
  if (isAtLeast(version, '16.0')) {
    if (start === undefined && end === undefined) return { start: roundedNow, end: roundedNow + halfHour };
    if (start === undefined && end !== undefined && end > now && end >= roundedNow) return { start: roundedNow, end };
    if (start !== undefined && start <= now) return { start, end: roundedNow + halfHour };
  }
  throw new ItemError('MISSING_ELEMENT', 'start or end is missing and cannot be told');
}
