import type { Instant, Message, Sensitivity } from '@oxtender/bundle-api';
import { field } from '../../protocol/field-table';
import { isAtLeast } from '../../protocol/versions';
import { deviceUid } from '../../uids/device-uid';
import { formatCompactDateTime, formatDateTime } from '../../values/date-time';
import { encodeGlobalObjectId } from '../../values/global-object-id';
import { formatMailbox } from '../../values/mailbox-text';
import { startOfPlainDate } from '../../values/plain-date';
import { fromLocal } from '../../values/time-zone/zone-offset';
import { timeZoneText } from '../../values/time-zone/time-zone-text';
import { AirSyncBase, Calendar, Email, Email2, type Element, MeetingResponse, type Tag, element } from '../../wbxml';
import { localDateOf } from '../calendar/appointment-times';
import { isOwn } from '../calendar/attendees';
import type { ItemContext } from '../item-context';
import { type RecurrenceTags, writeRecurrence } from '../recurrence-elements';
import { texts } from '../texts';
import { type CalendarPart, parseCalendarPart } from './calendar-part';

/** [MS-ASEMAIL] "InstanceType". */
const InstanceType = { Single: 0, Series: 1, Exception: 3 } as const;
/** [MS-ASEMAIL] "MeetingMessageType". */
const MeetingMessageType = { Silent: 0, Initial: 1, Update: 2 } as const;
/** [MS-ASEMAIL] "BusyStatus". */
const BusyStatus = { Free: 0, Busy: 2 } as const;
/** [RFC 5545] "CLASS"; [MS-ASEMAIL] "Sensitivity". */
const sensitivities: Readonly<Record<string, number>> = { PRIVATE: 2, CONFIDENTIAL: 3 } satisfies Partial<
  Record<Uppercase<Sensitivity>, number>
>;

const recurrenceTags: RecurrenceTags = {
  ...Email,
  CalendarType: Email2.CalendarType,
  FirstDayOfWeek: Email2.FirstDayOfWeek,
};

/** The appointment that a mail is about; undefined for a plain mail. */
export function calendarPartOf(message: Message, { user }: ItemContext): CalendarPart | undefined {
  return message.calendar === undefined ? undefined : parseCalendarPart(message.calendar, user.timeZone);
}

/** [MS-ASEMAIL] "MeetingRequest": in invitations, cancellations and proposals of another time. */
export const meetingRequestField = field<Message, ItemContext>({
  tag: Email.MeetingRequest,
  keys: [],
  write(message, context) {
    const part = calendarPartOf(message, context);
    const proposal = part?.method === 'COUNTER' && isAtLeast(context.version, '16.1');
    if (part === undefined || (part.method !== 'REQUEST' && part.method !== 'CANCEL' && !proposal)) return undefined;
    return element(Email.MeetingRequest, meetingRequest(part, message, context));
  },
});

function meetingRequest(part: CalendarPart, message: Message, context: ItemContext): (Element | undefined)[] {
  const { version, user, now } = context;
  const { start, end, allDay, organizer, location, recurrenceId, reminder } = part;
  const uid = deviceUid(part.uid);
  const zone = allDay ? user.timeZone : (part.zone ?? user.timeZone);
  const modern = isAtLeast(version, '16.0');
  const moment = (tag: Tag, instant: Instant): Element =>
    element(tag, formatDateTime(allDay && !modern ? fromLocal(zone, instant) : instant));
  const proposal = part.method === 'COUNTER';
  return [
    element(Email.AllDayEvent, allDay ? 1 : 0),
    moment(Email.StartTime, start),
    element(Email.DtStamp, formatDateTime(part.stamp ?? message.sentAt ?? message.receivedAt ?? start)),
    moment(Email.EndTime, end),
    element(Email.InstanceType, instanceType(part)),
    ...(modern
      ? [location === undefined ? undefined : element(AirSyncBase.Location, element(AirSyncBase.DisplayName, location))]
      : [texts(Email.Location, location)]),
    texts(Email.Organizer, organizer === undefined ? undefined : formatMailbox(organizer)),
    recurrenceId === undefined ? undefined : moment(Email.RecurrenceId, recurrenceId),
    reminder === undefined ? undefined : element(Email.Reminder, reminder),
    element(Email.ResponseRequested, isAnswerWanted(part, context) ? 1 : 0),
    recurrences(part, zone, context),
    element(Email.Sensitivity, sensitivities[part.confidentiality] ?? 0),
    element(Email.BusyStatus, part.transparent ? BusyStatus.Free : BusyStatus.Busy),
    element(Email.TimeZone, timeZoneText(zone, start, now)),
    modern ? texts(Calendar.UID, uid) : element(Email.GlobalObjId, encodeGlobalObjectId(uid, dateOf(recurrenceId))),
    isAtLeast(version, '14.0') ? element(Email.DisallowNewTimeProposal, part.disallowCounter ? 1 : 0) : undefined,
    isAtLeast(version, '14.1') ? element(Email2.MeetingMessageType, meetingMessageType(part)) : undefined,
    proposal ? element(MeetingResponse.ProposedStartTime, formatCompactDateTime(start)) : undefined,
    proposal ? element(MeetingResponse.ProposedEndTime, formatCompactDateTime(end)) : undefined,
  ];
}

function recurrences(part: CalendarPart, zone: string, { version }: ItemContext): Element | undefined {
  const { recurrence, recurrenceId, start, allDay } = part;
  if (recurrence === undefined || recurrenceId !== undefined) return undefined;
  const frame = {
    version,
    start: localDateOf(start, { version, allDay, zone }),
    formatUntil: (last: string) => formatCompactDateTime(startOfPlainDate(last) ?? start),
  };
  return element(Email.Recurrences, element(Email.Recurrence, writeRecurrence(recurrenceTags, recurrence, frame)));
}

function instanceType({ recurrence, recurrenceId }: CalendarPart): number {
  if (recurrenceId !== undefined) return InstanceType.Exception;
  return recurrence === undefined ? InstanceType.Single : InstanceType.Series;
}

function meetingMessageType({ method, sequence }: CalendarPart): number {
  if (method !== 'REQUEST') return MeetingMessageType.Silent;
  return sequence > 0 ? MeetingMessageType.Update : MeetingMessageType.Initial;
}

function isAnswerWanted({ method, attendees }: CalendarPart, context: ItemContext): boolean {
  const own = attendees.find(({ address }) => isOwn(address, context));
  return method === 'REQUEST' && own?.responseRequested !== false;
}

function dateOf(instant: Instant | undefined): { year: number; month: number; day: number } | undefined {
  if (instant === undefined) return undefined;
  const date = new Date(instant);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
