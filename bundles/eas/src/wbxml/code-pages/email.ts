import { defineCodePage } from '../tag';

/** Code page 2, Email. [MS-ASWBXML] "Code Page 2: Email". */
export const Email = defineCodePage(2, 'Email', {
  Attachment: 0x05, // until 2.5
  Attachments: 0x06, // until 2.5
  AttName: 0x07, // until 2.5
  AttSize: 0x08, // until 2.5
  Att0Id: 0x09, // until 2.5
  AttMethod: 0x0a, // until 2.5
  AttRemoved: 0x0b, // until 2.5
  Body: 0x0c, // until 2.5
  BodySize: 0x0d, // until 2.5
  BodyTruncated: 0x0e, // until 2.5
  DateReceived: 0x0f,
  DisplayName: 0x10, // until 2.5
  DisplayTo: 0x11,
  Importance: 0x12,
  MessageClass: 0x13,
  Subject: 0x14,
  Read: 0x15,
  To: 0x16,
  Cc: 0x17,
  From: 0x18,
  ReplyTo: 0x19,
  AllDayEvent: 0x1a,
  Categories: 0x1b,
  Category: 0x1c,
  DtStamp: 0x1d,
  EndTime: 0x1e,
  InstanceType: 0x1f,
  BusyStatus: 0x20,
  Location: 0x21, // until 14.1
  MeetingRequest: 0x22,
  Organizer: 0x23,
  RecurrenceId: 0x24,
  Reminder: 0x25,
  ResponseRequested: 0x26,
  Recurrences: 0x27,
  Recurrence: 0x28,
  Type: 0x29,
  Until: 0x2a,
  Occurrences: 0x2b,
  Interval: 0x2c,
  DayOfWeek: 0x2d,
  DayOfMonth: 0x2e,
  WeekOfMonth: 0x2f,
  MonthOfYear: 0x30,
  StartTime: 0x31,
  Sensitivity: 0x32,
  TimeZone: 0x33,
  GlobalObjId: 0x34, // until 14.1
  ThreadTopic: 0x35,
  MIMEData: 0x36, // until 2.5
  MIMETruncated: 0x37, // until 2.5
  MIMESize: 0x38, // until 2.5
  InternetCPID: 0x39,
  Flag: 0x3a,
  Status: 0x3b,
  ContentClass: 0x3c,
  FlagType: 0x3d,
  CompleteTime: 0x3e,
  DisallowNewTimeProposal: 0x3f,
});
