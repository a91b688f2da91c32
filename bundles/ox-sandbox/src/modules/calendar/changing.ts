import type { Values } from '../../columns/body';
import { recurrenceFields } from '../../columns/calendar';
import { oxError } from '../../envelope/ox-error';
import type { Folder } from '../../store/folders';
import type { Stored } from '../../store/objects';
import { type Call, type JsonObject, without } from '../call';
import { idOf } from '../ids';
import type { Reply } from '../module';
import { type Found, type ObjectRules, covers } from '../object-access';
import { type People, ownerOf } from '../people';
import { announce } from './announce';
import { conflictsOf } from './conflicts';
import { type Wish, folderId, openForCreation } from './creating';
import { exceptionIds, exceptionOf, extrasWithoutRule, isException, isMaster } from './exceptions';
import { changedPeople, replacePeople, setAlarm, setOwnAnswer } from './participants';
import { invite, invitedTo, wantsMails } from '../scheduling/announcements';
import { calendarRules } from './rules';
import { appointmentValues, checkAppointment, settleSeries } from './values';

/** Fields that define which occurrences a series has. */
const patternFields = [
  'start_date',
  'end_date',
  'full_time',
  ...recurrenceFields.filter((name) => name !== 'until' && name !== 'occurrences'),
];

/** Fields whose change the invited must be asked about again. */
const essentialFields = [...patternFields, 'until', 'occurrences', 'location'];

/** Changes a single appointment, a whole series, or an exception by its own id. */
export function changeAppointment(call: Call, found: Found, wish: Wish, rules = calendarRules): Reply {
  const { stored, folder } = found;
  const { body, more = {} } = wish;
  const target = moveTarget(call, found, body, rules);
  if (isException(stored) && Number(body['recurrence_type'] ?? 0) > 0) throw oxError('APP-0099');
  const values: Values = { ...without(appointmentValues(call, body, stored), 'uid'), ...more } as Values;
  if (!('chronos' in more) && 'recurrence_type' in body) values['chronos'] = extrasWithoutRule(stored);
  const people = changedPeople(call, stored, folder, body);
  const merged = { ...stored, ...values };
  checkAppointment(merged, people, target ?? folder);
  Object.assign(values, differing(settleSeries(merged), stored));
  const moved = differing(values, stored);
  const conflicts = conflictsOf(call, { ...merged, ...values }, people, {
    ignore: body['ignore_conflicts'] === true,
    self: stored.id,
  });
  if (conflicts.length > 0 && essentialFields.some((name) => name in moved)) return { data: { conflicts } };
  if ('sequence' in values) checkSequence(values, stored);
  else if (essentialFields.some((name) => name in moved)) values['sequence'] = Number(stored['sequence'] ?? 0) + 1;
  if (isMaster(stored) && patternFields.some((name) => name in moved))
    Object.assign(values, dropExceptions(call, stored));
  if (!isException(stored)) values['recurrence_id'] = isMaster(merged) ? stored.id : null;
  const timestamp = write(call, found, { values, people, body });
  return {
    data: { id: idOf(call, stored.id) },
    timestamp: target ? call.context.appointments.relocate(stored.id, folder.id, target, call.user.id) : timestamp,
  };
}

/** Makes an occurrence an object of its own, or changes the one that it is already. */
export function changeOccurrence(call: Call, found: Found, { body, more = {} }: Wish): Reply {
  const id = exceptionOf(call, found.stored, body);
  const stored = call.context.appointments.stored(id) as Stored;
  const fields = without(body, 'recurrence_position', 'recurrence_date_position', 'uid');
  const values: Values = { ...appointmentValues(call, fields, stored), ...more };
  if (Number(values['recurrence_type'] ?? 0) > 0) throw oxError('APP-0099');
  const people = changedPeople(call, stored, found.folder, fields);
  const merged = { ...stored, ...values };
  checkAppointment(merged, people, found.folder);
  const conflicts = conflictsOf(call, merged, people, {
    ignore: body['ignore_conflicts'] === true,
    self: found.stored.id,
  });
  if (conflicts.length > 0) return { data: { conflicts } };
  values['sequence'] ??= Number(found.stored['sequence'] ?? 0) + 1;
  const timestamp = write(call, { ...found, stored }, { values, people, body: fields });
  return { data: { id: idOf(call, id) }, timestamp };
}

interface Change {
  readonly values: Values;
  readonly people: People;
  readonly body: JsonObject;
}

/** @returns the new last_modified */
function write(call: Call, { stored, folder }: Found, { values, people, body }: Change): number {
  const before = wantsMails(call, body) ? { row: stored, invited: invitedTo(call, stored) } : undefined;
  const placed = 'participants' in body ? replacePeople(call, stored, folder, people) : {};
  setAlarm(call, stored.id, body, folder);
  setOwnAnswer(call, stored.id, body);
  const timestamp = call.context.appointments.update(stored.id, { ...values, ...placed }, call.user.id);
  announce(call, stored.id);
  if (before) invite(call, stored.id, before);
  return timestamp;
}

/** A message about an older state than the one that is known must not undo it. @throws OxError APP-0105 */
function checkSequence(values: Values, stored: Stored): void {
  if (Number(values['sequence'] ?? 0) < Number(stored['sequence'] ?? 0)) throw oxError('APP-0105');
}

function differing(values: Values, stored: Readonly<Values>): Values {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => (stored[name] ?? null) !== value));
}

/** A changed pattern makes the exceptions of the old one meaningless. @returns the columns to change */
function dropExceptions(call: Call, master: Stored): Values {
  for (const id of exceptionIds(call, master.id)) call.context.appointments.delete(id);
  return { change_exceptions: null, delete_exceptions: null };
}

/** The folder that the appointment is moved to, if it is. @throws OxError APP-0066, APP-0093, APP-0057 */
function moveTarget(call: Call, found: Found, body: JsonObject, rules: ObjectRules): Folder | undefined {
  const id = folderId(body);
  if (id === undefined || id.replace(/^cal:\/\/0\//, '') === String(found.folder.id)) return undefined;
  if (isException(found.stored)) throw oxError('APP-0066');
  if (isMaster(found.stored)) throw oxError('APP-0093');
  const folder = openForCreation(call, id, rules);
  if (!covers(found.rights.delete, found, call.user.id)) throw oxError(rules.codes.noDelete, found.folder.id);
  if (found.stored['private_flag'] === 1 && ownerOf(folder) === undefined) throw oxError('APP-0057');
  return folder;
}
