import { ParticipantType } from '../people';
import { Filter } from '../../store/filter';
import type { Stored } from '../../store/objects';
import type { Call } from '../call';
import { idOf } from '../ids';
import { day } from '../../columns/body';
import type { Module, Reply } from '../module';
import { oxError } from '../../envelope/ox-error';
import { fromZoned, toZoned } from '../../store/zone';
import { type Range, inRange, neededRange, occurrencesIn } from './ranges';

/** A time at which somebody or something is taken. */
export interface BusyTime {
  readonly row: Stored;
  readonly start: number;
  readonly end: number;
  readonly fullTime: boolean;
}

/** Appointments of a user that he has not declined, or of a resource. */
export function busyTimes(call: Call, whose: { user: number } | { resource: number }, range: Range): BusyTime[] {
  const takesPart =
    'user' in whose
      ? Filter.of(
          'EXISTS (SELECT 1 FROM appointment_user u WHERE u.id = t.id AND u.user = ? AND u.confirm <> 2)',
          whose.user,
        )
      : Filter.of(
          `EXISTS (SELECT 1 FROM json_each(t.participants) p WHERE p.value ->> 'type' = ${ParticipantType.resource} AND p.value ->> 'id' = ?)`,
          whose.resource,
        );
  const filter = takesPart
    .and('f.folder = (SELECT p.folder FROM appointment_folder p WHERE p.id = t.id LIMIT 1)')
    .with(inRange(range, call.viewer.zone));
  return call.context.appointments.storedRows(filter).flatMap((row) =>
    occurrencesIn(row, range, call.viewer.zone).map(({ start, end }) => ({
      row,
      start,
      end,
      fullTime: row['full_time'] === 1,
    })),
  );
}

/** `has`: for each day of the range whether the user has something to do. */
export function busyDays(call: Call): Reply {
  const { zone } = call.viewer;
  const [start, end] = [call.needInt('start'), call.needInt('end')];
  const busy = busyTimes(call, { user: call.user.id }, { start: fromZoned(start, zone), end: fromZoned(end, zone) });
  const local = busy.map((time) => {
    const shift = (milliseconds: number): number => (time.fullTime ? milliseconds : toZoned(milliseconds, zone));
    return { start: shift(time.start), end: shift(time.end) };
  });
  const days = Array.from({ length: Math.max(0, Math.ceil((end - start) / day)) }, (_, index) => start + index * day);
  return { data: days.map((from) => local.some((time) => time.start < from + day && time.end > from)) };
}

/** OX HTTP API, "Get free/busy information": titles only of what the user may read. */
export const freeBusyActions: Module = {
  freebusy: (call) => {
    const type = call.needInt('type');
    const id = call.needInt('id');
    const range = neededRange(call);
    if (type !== ParticipantType.user && type !== ParticipantType.resource) throw oxError('APP-0019', type);
    const times = busyTimes(call, type === ParticipantType.user ? { user: id } : { resource: id }, range);
    return { data: times.map((time) => busyObject(call, time)) };
  },
};

/** What anybody may know of an appointment, and more where the user may read it. */
export function busyObject(call: Call, { row, start, end, fullTime }: BusyTime): Record<string, unknown> {
  const { appointments, folders } = call.context;
  const shift = (time: number): number => (fullTime ? time : toZoned(time, call.viewer.zone));
  const folder = appointments.folders(row.id).find((candidate) => folders.rights(candidate, call.user.id).read >= 2);
  const readable = folder !== undefined && (row['private_flag'] !== 1 || row['created_by'] === call.user.id);
  return {
    id: idOf(call, row.id),
    start_date: shift(start),
    end_date: shift(end),
    full_time: fullTime,
    shown_as: row['shown_as'] ?? 1,
    recurrence_type: row['recurrence_type'] ?? 0,
    private_flag: row['private_flag'] === 1,
    ...(readable ? { folder_id: idOf(call, folder), title: row['title'] } : {}),
  };
}
