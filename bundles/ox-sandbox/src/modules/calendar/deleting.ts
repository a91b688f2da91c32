import { ownerOf } from '../people';
import type { Call, JsonObject } from '../call';
import type { Reply } from '../module';
import type { Stored } from '../../store/objects';
import { oxError } from '../../envelope/ox-error';
import { type Found, type ObjectRules, covers, findObject, reference } from '../object-access';
import { announce } from './announce';
import { cancel, wantsMails } from '../scheduling/announcements';
import {
  exceptionIds,
  exceptionOn,
  isException,
  isMaster,
  namedOccurrence,
  noteException,
  wantsOccurrence,
} from './exceptions';

/** Deletes objects and single occurrences; what was changed meanwhile stays and is listed. */
export function deleteAppointments(call: Call, rules: ObjectRules): Reply {
  const kept: unknown[] = [];
  let timestamp = 0;
  for (const element of call.objects()) {
    const { folder, id } = reference(element);
    const found = findObject(call, folder, id, rules);
    if (found.stored.last_modified > call.timestamp) kept.push({ id, folder });
    else timestamp = deleteOne(call, found, element, rules);
  }
  return { data: kept, timestamp };
}

/** @returns the stamp */
export function deleteOne(call: Call, found: Found, element: JsonObject, rules: ObjectRules): number {
  const { stored } = found;
  announce(call, stored.id);
  if (isInvitation(call, found)) return leave(call, found);
  if (!covers(found.rights.delete, found, call.user.id)) throw oxError(rules.codes.noDelete, found.folder.id);
  if (isMaster(stored) && wantsOccurrence(element)) return deleteOccurrence(call, stored, element);
  return removeAppointment(call, stored);
}

/** Deletes an object: a series with all exceptions, an exception as an occurrence of its series. @returns the stamp */
export function removeAppointment(call: Call, stored: Stored): number {
  const { appointments } = call.context;
  if (wantsMails(call)) cancel(call, stored);
  if (isMaster(stored)) for (const id of exceptionIds(call, stored.id)) appointments.delete(id);
  const stamp = appointments.delete(stored.id);
  const master = isException(stored) ? appointments.stored(Number(stored['recurrence_id'])) : undefined;
  if (!master) return stamp;
  return noteException(call, master, Number(stored['recurrence_date_position']), 'delete');
}

/** @returns the stamp */
export function deleteOccurrence(call: Call, master: Stored, element: JsonObject): number {
  const { date, start, end } = namedOccurrence(master, element);
  const exception = exceptionOn(call, master.id, date);
  if (wantsMails(call)) {
    if (exception) cancel(call, exception);
    else cancel(call, master, { start, end });
  }
  if (exception) call.context.appointments.delete(exception.id);
  return noteException(call, master, date, 'delete');
}

/** True for an object in the folder of somebody who is invited only. */
function isInvitation(call: Call, { stored, folder }: Found): boolean {
  return ownerOf(folder) !== undefined && stored.folder !== folder.id;
}

/** Who deletes an invitation leaves the appointment; the others keep it. */
function leave(call: Call, { stored, folder }: Found): number {
  const { appointments } = call.context;
  const owner = ownerOf(folder);
  const ids = [stored.id, ...(isMaster(stored) ? exceptionIds(call, stored.id) : [])];
  let stamp = 0;
  for (const id of ids) {
    const participants = JSON.parse(String(appointments.stored(id)?.['participants'] ?? '[]')) as JsonObject[];
    const staying = participants.filter((participant) => participant['type'] !== 1 || participant['id'] !== owner);
    appointments.place(
      id,
      appointments.places(id).filter((place) => place.folder !== folder.id),
      appointments.participations(id).filter(({ user }) => user !== owner),
    );
    stamp = appointments.update(id, { participants: JSON.stringify(staying) }, call.user.id);
  }
  return stamp;
}
