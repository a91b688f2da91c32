import { defineCodePage } from '../tag';

/** Code page 4, Calendar. [MS-ASWBXML] "Code Page 4: Calendar". */
export const Calendar = defineCodePage(4, 'Calendar', {
  Timezone: 0x05,
  AllDayEvent: 0x06,
  Attendees: 0x07,
  Attendee: 0x08,
  Email: 0x09,
  Name: 0x0a,
  Body: 0x0b, // until 2.5
  BodyTruncated: 0x0c, // until 2.5
  BusyStatus: 0x0d,
  Categories: 0x0e,
  Category: 0x0f,
  CompressedRTF: 0x10, // until 2.5
  DtStamp: 0x11,
  EndTime: 0x12,
  Exception: 0x13,
  Exceptions: 0x14,
  Deleted: 0x15,
  ExceptionStartTime: 0x16, // until 14.1
  Location: 0x17, // until 14.1
  MeetingStatus: 0x18,
  OrganizerEmail: 0x19,
  OrganizerName: 0x1a,
  Recurrence: 0x1b,
  Type: 0x1c,
  Until: 0x1d,
  Occurrences: 0x1e,
  Interval: 0x1f,
  DayOfWeek: 0x20,
  DayOfMonth: 0x21,
  WeekOfMonth: 0x22,
  MonthOfYear: 0x23,
  Reminder: 0x24,
  Sensitivity: 0x25,
  Subject: 0x26,
  StartTime: 0x27,
  UID: 0x28,
  AttendeeStatus: 0x29,
  AttendeeType: 0x2a,
  Attachment: 0x2b, // until 2.5
  Attachments: 0x2c, // until 2.5
  AttName: 0x2d, // until 2.5
  AttSize: 0x2e, // until 2.5
  AttOid: 0x2f, // until 2.5
  AttMethod: 0x30, // until 2.5
  AttRemoved: 0x31, // until 2.5
  DisplayName: 0x32, // until 2.5
  DisallowNewTimeProposal: 0x33,
  ResponseRequested: 0x34,
  AppointmentReplyTime: 0x35,
  ResponseType: 0x36,
  CalendarType: 0x37,
  IsLeapMonth: 0x38,
  FirstDayOfWeek: 0x39,
  OnlineMeetingConfLink: 0x3a,
  OnlineMeetingExternalLink: 0x3b,
  ClientUid: 0x3c,
});
