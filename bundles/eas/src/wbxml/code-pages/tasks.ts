import { defineCodePage } from '../tag';

/** Code page 9, Tasks. [MS-ASWBXML] "Code Page 9: Tasks". */
export const Tasks = defineCodePage(9, 'Tasks', {
  Body: 0x05, // until 2.5
  BodySize: 0x06, // until 2.5
  BodyTruncated: 0x07, // until 2.5
  Categories: 0x08,
  Category: 0x09,
  Complete: 0x0a,
  DateCompleted: 0x0b,
  DueDate: 0x0c,
  UtcDueDate: 0x0d,
  Importance: 0x0e,
  Recurrence: 0x0f,
  Type: 0x10,
  Start: 0x11,
  Until: 0x12,
  Occurrences: 0x13,
  Interval: 0x14,
  DayOfMonth: 0x15,
  DayOfWeek: 0x16,
  WeekOfMonth: 0x17,
  MonthOfYear: 0x18,
  Regenerate: 0x19,
  DeadOccur: 0x1a,
  ReminderSet: 0x1b,
  ReminderTime: 0x1c,
  Sensitivity: 0x1d,
  StartDate: 0x1e,
  UtcStartDate: 0x1f,
  Subject: 0x20,
  CompressedRTF: 0x21, // until 2.5
  OrdinalDate: 0x22,
  SubOrdinalDate: 0x23,
  CalendarType: 0x24,
  IsLeapMonth: 0x25,
  FirstDayOfWeek: 0x26,
});
