import { type Viewer, bool, date, dateOrTime, derived, int, number, text, time } from './column';
import { ColumnTable } from './column-table';
import { commonColumns } from './common';
import { alarmSql, peopleColumns } from './people';

/** The day of a time in the viewer's zone: what the columns before 7.6.1 carry. */
const dayOf =
  (column: string) =>
  ({ zone }: Viewer): string =>
    `CASE WHEN t.full_time THEN t.${column} ELSE day_of(t.${column}, '${zone}') END`;

/** OX HTTP API, "Detailed task and appointment data", "Detailed task data". */
export const taskColumns = new ColumnTable([
  ...commonColumns('tasks'),
  text(200, 'title'),
  derived(201, 'start_date', 'date', dayOf('start_time')),
  derived(202, 'end_date', 'date', dayOf('end_time')),
  text(203, 'note', 65_535),
  derived(204, 'alarm', 'time', alarmSql('task')),
  int(209, 'recurrence_type'),
  int(212, 'days'),
  int(213, 'day_in_month'),
  int(214, 'month'),
  int(215, 'interval'),
  date(216, 'until'),
  ...peopleColumns('task'),
  int(222, 'occurrences'),
  int(300, 'status'),
  int(301, 'percent_completed'),
  number(302, 'actual_costs'),
  text(303, 'actual_duration'),
  text(305, 'billing_information'),
  number(307, 'target_costs'),
  text(308, 'target_duration'),
  int(309, 'priority'),
  text(312, 'currency', 9),
  text(313, 'trip_meter'),
  text(314, 'companies'),
  time(315, 'date_completed'),
  dateOrTime(316, 'start_time'),
  dateOrTime(317, 'end_time'),
  bool(401, 'full_time'),
]);
