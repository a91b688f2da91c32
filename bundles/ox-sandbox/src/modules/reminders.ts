import { ModuleNumber } from '../columns/common';
import { oxError } from '../envelope/ox-error';
import { Filter } from '../store/filter';
import { fromZoned, toZoned } from '../store/zone';
import { type Call, asText } from './call';
import { occurrencesIn } from './calendar/ranges';
import type { Module } from './module';

export interface Reminder {
  readonly id: number;
  readonly target_id: number;
  readonly folder: number;
  readonly alarm: number;
  readonly module: number;
  readonly server_time: number;
  readonly user_id: number;
  readonly last_modified: number;
  readonly recurrence_position: number;
}

const day = 86_400_000;

/** OX HTTP API, "Module reminder": what the user is to be reminded of until some time. */
export const reminders: Module = {
  range: (call) => {
    const end = call.time('end') ?? call.server.now();
    const found = remindersUntil(call, end);
    const data = found.map((reminder) => ({ ...reminder, alarm: toZoned(reminder.alarm, call.viewer.zone) }));
    return { data, timestamp: Math.max(0, ...found.map(({ last_modified: stamp }) => stamp)) };
  },

  delete: (call) => {
    for (const { id } of call.objects()) setAlarm(call, asText(id) ?? '', null);
    return { data: [] };
  },

  remindAgain: (call) => {
    const id = call.need('id');
    const alarm = Number(call.object()['alarm']);
    setAlarm(call, id, fromZoned(alarm, call.viewer.zone));
    return { data: { id: Number(id), alarm }, timestamp: call.context.db.stamp() };
  },
};

/** All reminders that are due until then; alarms are UTC. */
export function remindersUntil(call: Call, end: number): Reminder[] {
  return [...ofTasks(call), ...ofAppointments(call, end)].filter(({ alarm }) => alarm <= end);
}

/** Ids of reminders are those of their objects: even ones for appointments, odd ones for tasks. */
const reminderId = (target: number, isTask: boolean): number => target * 2 + (isTask ? 1 : 0);

function ofTasks({ context, user, server }: Call): Reminder[] {
  const rows = context.db.rows<{ id: number; folder: number; alarm: number; last_modified: number }>(
    `SELECT t.id, f.folder, u.alarm, t.last_modified FROM task_user u JOIN task t ON t.id = u.id
     JOIN task_folder f ON f.id = t.id AND f.user IN (0, u.user) WHERE u.user = ? AND u.alarm IS NOT NULL`,
    user.id,
  );
  return rows.map(({ id, folder, alarm, last_modified }) => ({
    ...{ id: reminderId(id, true), target_id: id, folder, alarm, module: ModuleNumber.tasks },
    ...{ server_time: server.now(), user_id: user.id, last_modified, recurrence_position: 0 },
  }));
}

function ofAppointments({ context, user, server, viewer }: Call, end: number): Reminder[] {
  const rows = context.db.rows<{ id: number; folder: number; alarm: number }>(
    `SELECT u.id, f.folder, u.alarm FROM appointment_user u
     JOIN appointment_folder f ON f.id = u.id AND f.user IN (0, u.user) WHERE u.user = ? AND u.alarm IS NOT NULL`,
    user.id,
  );
  return rows.flatMap(({ id, folder, alarm: minutes }) => {
    const [stored] = context.appointments.storedRows(Filter.of('t.id = ?', id).and('f.folder = ?', folder));
    const range = { start: server.now(), end: end + minutes * 60_000 + day };
    const next = stored ? occurrencesIn(stored, range, viewer.zone)[0] : undefined;
    if (!stored || !next) return [];
    return [
      {
        ...{ id: reminderId(id, false), target_id: id, folder, alarm: next.start - minutes * 60_000 },
        ...{ module: ModuleNumber.calendar, server_time: server.now(), user_id: user.id },
        ...{ last_modified: stored.last_modified, recurrence_position: next.position },
      },
    ];
  });
}

/** Null removes it. An appointment's reminder is set as minutes before its start. */
function setAlarm(call: Call, reminder: string, alarm: number | null): void {
  const number = Number(reminder);
  const isTask = number % 2 === 1;
  const { tasks, appointments } = call.context;
  const objects = isTask ? tasks : appointments;
  const id = Math.floor(number / 2);
  const known = objects.participations(id).find(({ user }) => user === call.user.id);
  if (!known) throw oxError('REM-0009', reminder);
  const start = Number(objects.stored(id)?.['start_date'] ?? 0);
  const value = alarm === null || isTask ? alarm : Math.max(0, Math.round((start - alarm) / 60_000));
  objects.participate(id, { ...known, alarm: value });
}
