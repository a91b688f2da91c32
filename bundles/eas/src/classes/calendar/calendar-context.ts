import type { Appointment, Instant, TimeZoneId } from '@oxtender/bundle-api';
import { parseFlag } from '../../protocol/schema';
import { isAtLeast } from '../../protocol/versions';
import { day, parseDateTime } from '../../values/date-time';
import { decodeTimeZone } from '../../values/time-zone/time-zone-blob';
import { findTimeZone } from '../../values/time-zone/find-time-zone';
import type { TimeZoneRules } from '../../values/time-zone/time-zone-rules';
import { toLocal } from '../../values/time-zone/zone-offset';
import { Calendar, type Element } from '../../wbxml';
import type { ItemContext } from '../item-context';

/** What the times of an appointment mean. */
export interface CalendarContext extends ItemContext {
  readonly allDay: boolean;
  /** Of the series, or the user's. */
  readonly zone: TimeZoneId;
  /** The rules that the device sent with its times. */
  readonly deviceRules?: TimeZoneRules;
  /** First occurrence of the series whose exceptions are read or written. */
  readonly seriesStart?: Instant;
  /** The series whose exceptions are written. */
  readonly series?: Appointment;
}

/** For writing an appointment. */
export function contextOfAppointment(appointment: Appointment, context: ItemContext): CalendarContext {
  const { timeZone, allDay, start } = appointment;
  const zone = allDay ? context.user.timeZone : (timeZone ?? context.user.timeZone);
  return { ...context, allDay, zone, seriesStart: start, series: appointment };
}

/**
 * For reading an appointment that a device sent.
 *
 * @param current - the appointment that it changes
 */
export function contextOfData(data: Element, context: ItemContext, current?: Appointment): CalendarContext {
  const { version, quirks, user, now } = context;
  const allDayText = data.child(Calendar.AllDayEvent)?.text;
  const keeps = isAtLeast(version, '16.0') || quirks.keepMissingInCalendar;
  const allDay = allDayText === undefined ? keeps && current?.allDay === true : parseFlag(allDayText) !== false;
  const start = parseDateTime(data.child(Calendar.StartTime)?.text ?? '') ?? current?.start;
  const deviceRules = decodeTimeZone(data.child(Calendar.Timezone)?.text ?? '');
  const stored = current?.timeZone ?? user.timeZone;
  const found =
    deviceRules &&
    findTimeZone(deviceRules, { start: start ?? now, now, preferred: [...new Set([stored, user.timeZone])] });
  const zone = found ?? stored;
  const isWhole = current === undefined && quirks.wholeDaysAreAllDay && isSeriesOfWholeDays(data, zone);
  return {
    ...context,
    allDay: allDay || isWhole,
    zone,
    ...(deviceRules === undefined ? {} : { deviceRules }),
    ...(start === undefined ? {} : { seriesStart: start }),
  };
}

function isSeriesOfWholeDays(data: Element, zone: TimeZoneId): boolean {
  const times = [Calendar.StartTime, Calendar.EndTime].map((tag) => parseDateTime(data.child(tag)?.text ?? ''));
  const [start = NaN, end = NaN] = times.map((time) => (time === undefined ? undefined : toLocal(zone, time)));
  return data.child(Calendar.Recurrence) !== undefined && start % day === 0 && end % day === 0 && end > start;
}
