import type { Appointment } from '@oxtender/bundle-api';
import { type FieldTable, type TableField, field, fieldTable } from '../../protocol/field-table';
import { flag, invalid } from '../../protocol/fields';
import { parseFlag } from '../../protocol/schema';
import { isAtLeast } from '../../protocol/versions';
import { formatCompactDateTime } from '../../values/date-time';
import { timeZoneText } from '../../values/time-zone/time-zone-text';
import { Calendar, element } from '../../wbxml';
import { attachmentsField } from '../attachments';
import { nativeBodyTypeField } from '../body';
import { readRecurrence, writeRecurrence } from '../recurrence-elements';
import { texts } from '../texts';
import { formatUntil, localDateOf, readUntil } from './appointment-times';
import type { CalendarContext } from './calendar-context';
import { exceptionsField } from './exceptions';
import { MeetingBit, isOrganizer, meetingStatus, responseType } from './meeting-status';
import * as common from './occurrence-fields';
import { clientUidField, organizerFields, uidField } from './identity-fields';

/** Calendar class. [MS-ASCAL] "Elements". Model: {@link Appointment}. */
export const calendarFields: FieldTable<Appointment, CalendarContext> = fieldTable<Appointment, CalendarContext>([
  field({
    tag: Calendar.Timezone,
    keys: ['timeZone'],
    // Some devices leave the zone out of updates.
    missing: 'keep',
    write: ({ start }, { version, allDay, zone, now }) =>
      allDay && isAtLeast(version, '16.0') ? undefined : element(Calendar.Timezone, timeZoneText(zone, start, now)),
    read: (_, { allDay, zone, deviceRules }) => (allDay || deviceRules === undefined ? undefined : { timeZone: zone }),
  }),
  field({
    tag: Calendar.AllDayEvent,
    keys: ['allDay'],
    write: ({ allDay }) => element(Calendar.AllDayEvent, allDay ? 1 : 0),
    read: (read) => ({ allDay: parseFlag(read.text) ?? invalid(Calendar.AllDayEvent) }),
  }),
  ...common.busyStatus.map(asAnswered),
  ...organizerFields,
  field({
    tag: Calendar.DtStamp,
    keys: [],
    write: ({ lastModified, start }) => element(Calendar.DtStamp, formatCompactDateTime(lastModified ?? start)),
  }),
  common.endTime,
  ...common.location,
  common.reminder,
  common.sensitivity,
  common.subject,
  common.startTime,
  uidField,
  field({
    tag: Calendar.MeetingStatus,
    keys: ['cancelled'],
    missing: 'keep',
    write: (appointment, context) => element(Calendar.MeetingStatus, meetingStatus(appointment, context)),
    read: (read) => ({ cancelled: (Number(read.text) & MeetingBit.Cancelled) !== 0 ? true : null }),
  }),
  common.attendees,
  common.categories,
  field({
    tag: Calendar.Recurrence,
    keys: ['recurrence'],
    write: ({ recurrence, start }, context) =>
      recurrence === undefined
        ? undefined
        : element(
            Calendar.Recurrence,
            writeRecurrence(Calendar, recurrence, {
              version: context.version,
              start: localDateOf(start, context),
              formatUntil: (last) => formatUntil(last, start, context),
            }),
          ),
    read: (read, context) => ({
      recurrence:
        read.children.length === 0 ? null : readRecurrence(Calendar, read, (text) => readUntil(text, context)),
    }),
  }),
  exceptionsField,
  flag(Calendar.ResponseRequested, 'responseRequested', { since: '14.0' }),
  field({
    tag: Calendar.AppointmentReplyTime,
    since: '14.0',
    keys: [],
    write: ({ ownStatus = 'none', ownReplyTime }) =>
      ownStatus === 'none' || ownReplyTime === undefined
        ? undefined
        : element(Calendar.AppointmentReplyTime, formatCompactDateTime(ownReplyTime)),
  }),
  field({
    tag: Calendar.ResponseType,
    since: '14.0',
    keys: [],
    write: (appointment, context) => element(Calendar.ResponseType, responseType(appointment, context)),
  }),
  flag(Calendar.DisallowNewTimeProposal, 'disallowNewTimeProposal', { since: '14.0' }),
  onlineMeeting(Calendar.OnlineMeetingConfLink, /^sips?:/i),
  onlineMeeting(Calendar.OnlineMeetingExternalLink, /^(?!sips?:)/i),
  clientUidField,
  attachmentsField<Appointment>({ since: '16.0' }),
  ...common.body,
  nativeBodyTypeField<Appointment>(),
]);

/** Until the user says yes, a meeting to which somebody else invites takes the time tentatively. [MS-ASCAL] "BusyStatus". */
function asAnswered(busyStatus: TableField<Appointment, CalendarContext>): TableField<Appointment, CalendarContext> {
  return {
    ...busyStatus,
    write: (appointment, context) => {
      const isOpen = appointment.ownStatus !== 'accepted' && !isOrganizer(appointment, context);
      const isTentative = isOpen && appointment.busyStatus === 'busy';
      return busyStatus.write?.(isTentative ? { ...appointment, busyStatus: 'tentative' } : appointment, context);
    },
  };
}

/** A link that stands in one of two elements, by its kind; for the device only. */
function onlineMeeting(tag: (typeof Calendar)['OnlineMeetingConfLink'], kind: RegExp) {
  return field<Appointment, CalendarContext>({
    tag,
    since: '14.1',
    keys: [],
    write: ({ onlineMeetingUri = '' }) => (kind.test(onlineMeetingUri) ? texts(tag, onlineMeetingUri) : undefined),
  });
}
