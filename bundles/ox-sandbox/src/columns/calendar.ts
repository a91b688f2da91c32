import { bool, date, dateOrTime, derived, int, json, text } from './column';
import { ColumnTable } from './column-table';
import { commonColumns } from './common';
import { alarmSql, peopleColumns } from './people';

/** The day on which the first occurrence of a series starts, as a Date. */
const recurrenceStart = 'CASE WHEN t.recurrence_type > 0 THEN t.start_date - t.start_date % 86400000 END';

/** OX HTTP API, "Detailed task and appointment data", "Detailed appointment data". */
export const calendarColumns = new ColumnTable([
  ...commonColumns('calendar'),
  text(200, 'title'),
  dateOrTime(201, 'start_date'),
  dateOrTime(202, 'end_date'),
  text(203, 'note', 65_535),
  derived(204, 'alarm', 'int', alarmSql('appointment')),
  int(206, 'recurrence_id', { readOnly: true }),
  int(207, 'recurrence_position', { readOnly: true }),
  date(208, 'recurrence_date_position', { readOnly: true }),
  int(209, 'recurrence_type'),
  json(210, 'change_exceptions', { readOnly: true }),
  json(211, 'delete_exceptions', { readOnly: true }),
  int(212, 'days'),
  int(213, 'day_in_month'),
  int(214, 'month'),
  int(215, 'interval'),
  date(216, 'until'),
  ...peopleColumns('appointment'),
  int(222, 'occurrences'),
  text(224, 'organizer', 320),
  int(225, 'sequence'),
  json(226, 'confirmations'),
  int(227, 'organizerId'),
  text(228, 'principal', 320),
  int(229, 'principalId'),
  text(400, 'location'),
  bool(401, 'full_time'),
  int(402, 'shown_as'),
  text(408, 'timezone', 64),
  derived(410, 'recurrence_start', 'date', recurrenceStart),
]);

/** Fields that make an appointment a series. OX HTTP API, "Detailed task and appointment data". */
export const recurrenceFields = [
  'recurrence_type',
  'days',
  'day_in_month',
  'month',
  'interval',
  'until',
  'occurrences',
] as const;
