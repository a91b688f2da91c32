import { ModuleNumber } from '../../columns/common';
import { oxError } from '../../envelope/ox-error';
import type { Stored } from '../../store/objects';
import { changeAppointment, changeOccurrence } from '../calendar/changing';
import { answerForExternal } from '../calendar/confirm';
import { createAppointment, openForCreation } from '../calendar/creating';
import { exceptionOf, isMaster } from '../calendar/exceptions';
import { calendarRules } from '../calendar/rules';
import { type Call, type JsonObject, asObject, asText } from '../call';
import type { Module, Reply } from '../module';
import { checkWrite, findObject, folderNumber } from '../object-access';
import { readEvent } from './body';
import { eventOf } from './event';
import { extrasOf, extrasText } from './extras';
import { deleteEvents } from './deleting';
import { folderOf, occurrenceDate } from './reading';
import { splitSeries } from './split';

const partStats = ['NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE'];

/** Creating, changing and deleting events. OX HTTP API, "Module chronos". */
export const writingChronos: Module = {
  new: (call) => {
    const folder = call.need('folder');
    const event = eventBody(call);
    if (event['startDate'] === undefined) throw oxError('CAL-4220', 'startDate');
    const { body, extras } = readEvent(call, event);
    const target = openForCreation(call, folder, calendarRules);
    const reply = createAppointment(call, target, {
      body: withConflicts(call, body),
      more: { chronos: extrasText(extras) },
    });
    return finish(call, reply, 'created');
  },

  update: (call) => {
    const found = findObject(call, call.need('folder'), call.need('id'), calendarRules);
    checkWrite(call, found, calendarRules);
    const recurrenceId = call.text('recurrenceId');
    const event = eventBody(call);
    const { body, extras } = readEvent(call, event, found.stored);
    const whole = { body: withConflicts(call, body), more: { chronos: extrasText(extras) } };
    if (recurrenceId === undefined || !isMaster(found.stored))
      return finish(call, changeAppointment(call, found, whole), 'updated');
    const date = occurrenceDate(found.stored, recurrenceId);
    if (call.text('recurrenceRange') === 'THISANDFUTURE') return splitSeries(call, found, date, event);
    const occurrence = {
      body: withConflicts(call, { ...body, recurrence_date_position: date }),
      more: { chronos: extrasText({ ...extras, rrule: undefined }) },
    };
    return finish(call, changeOccurrence(call, found, occurrence), 'created', found.stored.id);
  },

  delete: deleteEvents,

  updateAttendee: (call) => {
    const found = findObject(call, call.need('folder'), call.need('id'), calendarRules);
    if (found.stored.last_modified > call.timestamp) throw oxError('CAL-4120');
    const { attendee, alarms } = call.object();
    const answer = asObject(attendee ?? {});
    const recurrenceId = call.text('recurrenceId');
    const isOccurrence = recurrenceId !== undefined && isMaster(found.stored);
    const id = isOccurrence
      ? exceptionOf(call, found.stored, { recurrence_date_position: occurrenceDate(found.stored, recurrenceId) })
      : found.stored.id;
    const { appointments } = call.context;
    const confirm = partStats.indexOf(asText(answer['partStat']) ?? '');
    const mail = asText(answer['email']);
    if (answer['entity'] === undefined && mail !== undefined) {
      answerForExternal(call, id, { mail, status: Math.max(confirm, 0), message: asText(answer['comment']) ?? '' });
      return result(call, id, isOccurrence ? 'created' : 'updated');
    }
    const user = Number(answer['entity'] ?? call.user.id);
    const known = appointments.participations(id).find((participation) => participation.user === user);
    if (!known) throw oxError('APP-0103', user);
    const message = 'comment' in answer ? (asText(answer['comment']) ?? null) : known.message;
    appointments.participate(id, { ...known, confirm: confirm < 0 ? known.confirm : confirm, message });
    appointments.update(id, {}, call.user.id);
    if (Array.isArray(alarms)) setAlarms(call, id, alarms);
    return result(call, id, isOccurrence ? 'created' : 'updated');
  },

  move: (call) => {
    const found = findObject(call, call.need('folder'), call.need('id'), calendarRules);
    checkWrite(call, found, calendarRules);
    const folder_id = String(folderNumber(call.need('targetFolder')));
    const wish = { body: { folder_id, ignore_conflicts: true } };
    return finish(call, changeAppointment(call, found, wish), 'updated');
  },
};

/** `{event, comment}`, or the bare event; with an upload its files follow. */
function eventBody(call: Call): JsonObject {
  const body = call.object();
  return 'event' in body ? asObject(body['event']) : body;
}

/** Conflicts are looked for only when the client asks. */
function withConflicts(call: Call, body: JsonObject): JsonObject {
  return { ...body, ignore_conflicts: !call.flag('checkConflicts') };
}

/** The answer of the old calendar as a result of chronos, after the uploaded files are attached. */
function finish(call: Call, reply: Reply, kind: 'created' | 'updated', series?: number): Reply {
  const { data } = reply as { data: { id?: string | number; conflicts?: readonly JsonObject[] } };
  if (data.conflicts)
    return { data: { created: [], updated: [], deleted: [], conflicts: data.conflicts.map(conflict(call)) } };
  const id = Number(data.id);
  attachFiles(call, id);
  return result(call, id, kind, series);
}

function conflict(call: Call): (fields: JsonObject) => JsonObject {
  return (fields) => {
    const row = call.context.appointments.stored(Number(fields['id'])) as Stored;
    const { startDate, endDate } = eventOf(call, row, folderOf(call, row)) as { startDate: unknown; endDate: unknown };
    const event = {
      id: String(row.id),
      startDate,
      endDate,
      ...(fields['title'] === undefined ? {} : { summary: fields['title'] }),
    };
    return { hard_conflict: fields['hard_conflict'] === true, conflicting_attendees: [], event };
  };
}

/** @param series - id of the series that an exception was made of: it changed too */
export function result(call: Call, id: number, kind: 'created' | 'updated', series?: number): Reply {
  const { appointments } = call.context;
  const event = (number: number): JsonObject => {
    const row = appointments.stored(number) as Stored;
    return eventOf(call, row, folderOf(call, row));
  };
  const data: Record<'created' | 'updated' | 'deleted', JsonObject[]> = { created: [], updated: [], deleted: [] };
  data[kind].push(event(id));
  if (series !== undefined) data.updated.push(event(series));
  return {
    data,
    timestamp: Math.max(
      ...Object.values(data)
        .flat()
        .map(({ timestamp }) => Number(timestamp)),
    ),
  };
}

/** Uploaded files become attachments. */
function attachFiles(call: Call, id: number): void {
  if (call.body.kind !== 'form') return;
  for (const { field, filename, type, data } of call.body.form.files)
    if (!field.startsWith('json'))
      call.context.attachments.add({ module: ModuleNumber.calendar, attached: id, filename, type, data }, call.user.id);
  call.context.appointments.update(id, {}, call.user.id);
}

/** The acting user's alarms. */
export function setAlarms(call: Call, id: number, alarms: readonly unknown[]): void {
  const { appointments } = call.context;
  const stored = appointments.stored(id) as Stored;
  const { body, extras } = readEvent(call, { alarms }, stored);
  const known = appointments.participations(id).find(({ user }) => user === call.user.id);
  if (!known) throw oxError('APP-0103', call.user.id);
  const minutes = Number(body['alarm']);
  appointments.participate(id, { ...known, alarm: minutes < 0 ? null : minutes });
  appointments.update(id, { chronos: extrasText({ ...extrasOf(stored), ...extras }) }, call.user.id);
}
