import { day } from '../columns/body';
import { fromZoned } from '../store/zone';
import { meetingSubjects, places } from './vocabulary';

/** An appointment's fields with what is done to it after it was created. */
export interface DemoAppointment {
  readonly exceptions?: readonly Readonly<Record<string, unknown>>[];
  /** Positions of occurrences that are deleted. */
  readonly deletions?: readonly number[];
  /** The other user takes part. */
  readonly invite?: boolean;
  readonly [field: string]: unknown;
}

const hour = 3_600_000;

/** Appointments around today: single, full-time, series of each kind, with exceptions and guests. */
export function demoAppointments(today: number): DemoAppointment[] {
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * day;
  return [...seriesOf(monday), ...singlesOf(monday), ...meetingsOf(monday)];
}

/** Start and end by the clock on a Berlin wall. */
function timed(date: number, from: number, to: number): Record<'start_date' | 'end_date', number> {
  const at = (hours: number): number => fromZoned(date + hours * hour, 'Europe/Berlin');
  return { start_date: at(from), end_date: at(to) };
}

function fullTime(first: number, days: number): Record<string, unknown> {
  return { full_time: true, start_date: first, end_date: first + days * day };
}

function seriesOf(monday: number): DemoAppointment[] {
  return [
    {
      ...{ title: 'Team meeting', location: 'Room Elbe', alarm: 15, invite: true, categories: 'Business' },
      ...{ ...timed(monday - 28 * day, 9, 10), note: 'Agenda:\n1. Round of news\n2. Open questions' },
      ...{ recurrence_type: 2, interval: 1, days: 2 },
      exceptions: [
        { recurrence_position: 3, title: 'Team meeting (moved)', ...timed(monday - 14 * day, 14, 15) },
        { recurrence_position: 6, location: 'Canteen' },
      ],
      deletions: [4],
    },
    {
      ...{ title: 'Stand-up', shown_as: 2, ...timed(monday - 7 * day, 8.5, 8.75) },
      ...{ recurrence_type: 1, interval: 1, occurrences: 60, deletions: [7, 8] },
    },
    { title: 'Rent', shown_as: 4, ...fullTime(monday, 1), recurrence_type: 3, interval: 1, day_in_month: 1 },
    {
      ...{ title: 'User group', location: 'Café Morgenröte', ...timed(monday + day, 19, 21) },
      ...{ recurrence_type: 3, interval: 1, days: 4, day_in_month: 2 },
    },
    {
      ...{ title: 'Mother’s birthday 🎂', ...fullTime(Date.UTC(2020, 4, 17), 1) },
      ...{ recurrence_type: 4, day_in_month: 17, month: 4, interval: 1 },
    },
    {
      ...{ title: 'Last workday review', ...timed(monday, 16, 17) },
      ...{ recurrence_type: 3, interval: 1, days: 62, day_in_month: 5, occurrences: 12 },
    },
  ];
}

function singlesOf(monday: number): DemoAppointment[] {
  return [
    { title: 'Holiday in Småland', shown_as: 3, ...fullTime(monday + 21 * day, 14), color_label: 3 },
    { title: 'Dentist', private_flag: true, location: 'Dr. Weiß', alarm: 60, ...timed(monday + 2 * day, 11, 11.75) },
    { title: 'Offsite', ...fullTime(monday + 9 * day, 2), invite: true },
  ];
}

function meetingsOf(monday: number): DemoAppointment[] {
  return Array.from({ length: 18 }, (_, index) => ({
    title: meetingSubjects[index % meetingSubjects.length],
    location: places[index % places.length],
    ...timed(monday + (index - 6) * 2 * day, 10 + (index % 5), 11 + (index % 5)),
    ...(index % 4 === 0 ? { alarm: 10 } : {}),
    invite: index % 6 === 1,
  }));
}
