import { oxError } from '../../envelope/ox-error';
import { calendarRules } from '../calendar/rules';
import { type Call, type JsonObject, without } from '../call';
import type { Module } from '../module';
import { findObject } from '../object-access';
import { remindersUntil } from '../reminders';
import { ModuleNumber } from '../../columns/common';
import type { Stored } from '../../store/objects';
import { eventOf } from './event';
import { extrasOf, extrasText } from './extras';
import { readUtc, writeRecurrenceId } from './times';
import { result, setAlarms } from './writing';

/** OX HTTP API, "Module chronos/alarm". */
export const chronosAlarms: Module = {
  updateAlarms: (call) => {
    const { stored } = findObject(call, call.need('folder'), call.need('id'), calendarRules);
    const alarms = call.json();
    if (!Array.isArray(alarms)) throw oxError('SVL-0009', 'an array of alarms is expected');
    setAlarms(call, stored.id, alarms);
    return result(call, stored.id, 'updated');
  },

  pending: (call) => ({
    data: remindersUntil(call, readUtc(call.need('rangeEnd')))
      .filter(({ module }) => module === ModuleNumber.calendar)
      .map(({ target_id: id, folder, alarm }) => ({
        ...{ action: 'DISPLAY', account: 0, folder: `cal://0/${folder}`, eventId: String(id), alarmId: '1' },
        time: writeRecurrenceId(alarm, false),
      })),
  }),

  ack: (call) => {
    const { stored } = findObject(call, call.need('folder'), call.need('id'), calendarRules);
    return acknowledge(call, stored, {});
  },

  snooze: (call) => {
    const { stored } = findObject(call, call.need('folder'), call.need('id'), calendarRules);
    const time = call.server.now() + call.needInt('snoozeTime');
    return acknowledge(call, stored, { snooze: time });
  },
};

/** Notes when the user saw the alarm; a snoozed one comes again at an absolute time. */
function acknowledge(call: Call, stored: Stored, { snooze }: { snooze?: number }): ReturnType<typeof result> {
  const alarmId = call.needInt('alarmId');
  const { alarms = [] } = eventOf(call, stored, stored.folder) as { alarms?: Readonly<Record<string, unknown>>[] };
  if (!alarms.some(({ id }) => id === alarmId)) throw oxError('REM-0009', alarmId);
  const changed = alarms.map((alarm) =>
    alarm['id'] === alarmId ? { ...alarm, acknowledged: call.server.now() } : alarm,
  );
  const again =
    snooze === undefined ? [] : [{ action: 'DISPLAY', trigger: { dateTime: writeRecurrenceId(snooze, false) } }];
  const extras = extrasOf(stored);
  const own = [...changed, ...again].map((alarm: JsonObject) => without(alarm, 'id'));
  const alarmsByUser = { ...extras.alarms, [call.user.id]: own };
  call.context.appointments.update(
    stored.id,
    { chronos: extrasText({ ...extras, alarms: alarmsByUser }) },
    call.user.id,
  );
  return result(call, stored.id, 'updated');
}
