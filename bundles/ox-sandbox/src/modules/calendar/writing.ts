import { randomUUID } from 'node:crypto';
import type { Values } from '../../columns/body';
import { oxError } from '../../envelope/ox-error';
import type { Folder } from '../../store/folders';
import { Filter } from '../../store/filter';
import type { Stored } from '../../store/objects';
import { type Call, type JsonObject, without } from '../call';
import { idOf } from '../ids';
import type { Module, Reply } from '../module';
import { type Found, type ObjectRules, checkWrite, covers, findObject, openFolder } from '../object-access';
import { type People, confirmationsOf, ownerOf, participationsOf, placesOf, readPeople } from '../people';
import { answerInvitation } from './confirm';
import { conflictsOf } from './conflicts';
import { deleteAppointments } from './deleting';
import { exceptionIds, extrasWithoutRule, exceptionOf, isException, isMaster, wantsOccurrence } from './exceptions';
import { calendarRules, peopleCodes, standardFolder } from './rules';
import { appointmentValues, checkAppointment, settleSeries } from './values';
import { announce } from './announce';

/** Creating, changing and deleting appointments. OX HTTP API, "Module calendar". */
export function writingCalendar(rules: ObjectRules): Module {
  return {
    new: (call) => {
      const body = call.object();
      const folder = folderId(body);
      if (folder === undefined) throw oxError('SVL-0002', 'folder_id');
      return createAppointment(call, folder, body, {}, rules);
    },

    update: (call) => {
      const body = call.object();
      const found = findObject(call, call.need('folder'), call.need('id'), rules);
      checkWrite(call, found, rules);
      if (isMaster(found.stored) && wantsOccurrence(body)) return changeOccurrence(call, found, body, {});
      return changeAppointment(call, found, body, {}, rules);
    },

    delete: (call) => deleteAppointments(call, rules),

    confirm: (call) => answerInvitation(call, rules),

    copy: (call) => {
      const found = findObject(call, call.need('folder'), call.need('id'), rules);
      const body = call.object();
      const folder = folderId(body) ?? String(found.folder.id);
      const values = { ...found.stored, uid: null };
      const people = readPeople(call, JSON.parse(String(found.stored['participants'] ?? '[]')), peopleCodes);
      return store(call, openForCreation(call, folder, rules), values, people, {
        ignore_conflicts: call.flag('ignore_conflicts'),
      });
    },
  };
}

function folderId(body: JsonObject): string | undefined {
  const folder = body['folder_id'];
  return typeof folder === 'string' || typeof folder === 'number' ? String(folder) : undefined;
}

function openForCreation(call: Call, id: string, rules: ObjectRules): Folder {
  const { folder, rights } = openFolder(call, id, rules);
  if (rights.folder < 2) throw oxError(rules.codes.noCreate, id);
  return folder;
}

/** @param more - columns that the body can not name */
export function createAppointment(
  call: Call,
  folderId: string,
  body: JsonObject,
  more: Values,
  rules = calendarRules,
): Reply {
  const folder = openForCreation(call, folderId, rules);
  const values = { ...appointmentValues(call, body, {}), ...more };
  return store(call, folder, values, readPeople(call, body['participants'], peopleCodes), body);
}

/** Columns that the server alone fills. */
const own = [
  'id',
  'folder',
  'recurrence_id',
  'created_by',
  'modified_by',
  'creation_date',
  'last_modified',
  'change_exceptions',
  'delete_exceptions',
];

function store(call: Call, folder: Folder, given: Readonly<Values>, named: People, body: JsonObject): Reply {
  const values: Values = Object.fromEntries(Object.entries(given).filter(([name]) => !own.includes(name)));
  const { appointments, users, db } = call.context;
  const people = withOwner(call, named, folder);
  checkAppointment(values, people, folder);
  values['uid'] ??= randomUUID();
  if (appointments.count(Filter.of('t.uid = ?', values['uid'])) > 0) throw oxError('APP-0100', String(values['uid']));
  values['timezone'] ??= call.user.timezone;
  values['shown_as'] ??= 1;
  values['full_time'] ??= 0;
  Object.assign(values, settleSeries(values));
  const conflicts = conflictsOf(call, values, people, { ignore: body['ignore_conflicts'] === true });
  if (conflicts.length > 0) return { data: { conflicts } };
  const organizer = users.get(ownerOf(folder) ?? call.user.id) ?? call.user;
  values['organizer'] ??= organizer.mail;
  if (values['organizer'] === organizer.mail) values['organizerId'] ??= organizer.id;
  values['sequence'] = 0;
  Object.assign(values, peopleValues(people, []));
  const id = appointments.insert(values, folder.id, call.user.id);
  if (isMaster(values)) db.run('UPDATE appointment SET recurrence_id = id WHERE id = ?', id);
  const accepted = [call.user.id, organizer.id];
  appointments.place(
    id,
    placesOf(call, folder, people, standardFolder, []),
    participationsOf(people, [], { accepted, body }),
  );
  setAlarm(call, id, body, folder);
  announce(call, id);
  return { data: { id: idOf(call, id) }, timestamp: appointments.stored(id)?.last_modified ?? 0 };
}

/** The owner of a private folder takes part in what lies there. */
function withOwner(call: Call, people: People, folder: Folder): People {
  const owner = call.context.users.get(ownerOf(folder) ?? call.user.id);
  if (!owner || people.users.includes(owner.id)) return people;
  const participant = { id: owner.id, type: 1, display_name: owner.displayName, mail: owner.mail };
  return { ...people, participants: [participant, ...people.participants], users: [owner.id, ...people.users] };
}

function peopleValues(people: People, before: readonly JsonObject[]): Values {
  const confirmations = confirmationsOf(people, before);
  return {
    participants: people.participants.length === 0 ? null : JSON.stringify(people.participants),
    confirmations: confirmations.length === 0 ? null : JSON.stringify(confirmations),
  };
}

/** Fields whose change the invited must be asked about again. */
const essential = [
  'start_date',
  'end_date',
  'recurrence_type',
  'interval',
  'days',
  'day_in_month',
  'month',
  'until',
  'occurrences',
  'location',
  'full_time',
];

/** Fields that define which occurrences a series has. */
const pattern = ['start_date', 'end_date', 'recurrence_type', 'interval', 'days', 'day_in_month', 'month', 'full_time'];

/** @param more - columns that the body can not name */
export function changeAppointment(
  call: Call,
  found: Found,
  body: JsonObject,
  more: Values,
  rules = calendarRules,
): Reply {
  const { appointments } = call.context;
  const { stored, folder } = found;
  const target = moveTarget(call, found, body, rules);
  if (isException(stored) && Number(body['recurrence_type'] ?? 0) > 0) throw oxError('APP-0099');
  const values = { ...appointmentValues(call, body, stored), ...more };
  delete values['uid'];
  if (!('chronos' in more) && 'recurrence_type' in body) values['chronos'] = extrasWithoutRule(stored);
  const people = changedPeople(call, stored, folder, body);
  const merged = { ...stored, ...values };
  checkAppointment(merged, people, target?.folder ?? folder);
  Object.assign(values, differing(settleSeries(merged), stored));
  const conflicts = conflictsOf(call, { ...merged, ...values }, people, {
    ignore: body['ignore_conflicts'] === true,
    self: stored.id,
  });
  if (conflicts.length > 0 && essential.some((name) => name in values)) return { data: { conflicts } };
  const differs = (name: string): boolean => name in values && (values[name] ?? null) !== (stored[name] ?? null);
  if (essential.some(differs)) values['sequence'] = Number(stored['sequence'] ?? 0) + 1;
  if (isMaster(stored) && pattern.some(differs)) dropExceptions(call, stored, values);
  if (!isException(stored)) values['recurrence_id'] = isMaster(merged) ? stored.id : null;
  if ('participants' in body) replacePeople(call, found, people, values, body);
  setAlarm(call, stored.id, body, folder);
  setOwnAnswer(call, stored.id, body);
  let timestamp = appointments.update(stored.id, values, call.user.id);
  if (target) timestamp = appointments.relocate(stored.id, folder.id, target.folder, call.user.id);
  announce(call, stored.id);
  return { data: { id: idOf(call, stored.id) }, timestamp };
}

function differing(values: Values, stored: Readonly<Values>): Values {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => (stored[name] ?? null) !== value));
}

/** @throws OxError APP-0076 when the owner of the folder would be left out */
function changedPeople(call: Call, stored: Stored, folder: Folder, body: JsonObject): People {
  const known = JSON.parse(String(stored['participants'] ?? '[]')) as JsonObject[];
  if (!('participants' in body)) return readPeople(call, known, peopleCodes);
  const people = readPeople(call, body['participants'], peopleCodes);
  const main = call.context.folders.get(stored.folder) ?? folder;
  const owner = ownerOf(main);
  if (owner !== undefined && !people.users.includes(owner)) {
    if (people.participants.length > 0) throw oxError('APP-0076');
    return withOwner(call, people, main);
  }
  return people;
}

function replacePeople(call: Call, { stored, folder }: Found, people: People, values: Values, body: JsonObject): void {
  const { appointments, folders } = call.context;
  const before = JSON.parse(String(stored['confirmations'] ?? '[]')) as JsonObject[];
  Object.assign(values, peopleValues(people, before));
  const main = folders.get(stored.folder) ?? folder;
  const places = placesOf(call, main, people, standardFolder, appointments.places(stored.id));
  appointments.place(
    stored.id,
    places,
    participationsOf(people, appointments.participations(stored.id), { accepted: [], body }),
  );
}

/** A changed pattern makes the exceptions of the old one meaningless. */
function dropExceptions(call: Call, master: Stored, values: Values): void {
  for (const id of exceptionIds(call, master.id)) call.context.appointments.delete(id);
  values['change_exceptions'] = null;
  values['delete_exceptions'] = null;
}

/** @throws OxError APP-0066, APP-0093, APP-0057 */
function moveTarget(call: Call, found: Found, body: JsonObject, rules: ObjectRules): { folder: Folder } | undefined {
  const id = folderId(body);
  if (id === undefined || id.replace(/^cal:\/\/0\//, '') === String(found.folder.id)) return undefined;
  if (isException(found.stored)) throw oxError('APP-0066');
  if (isMaster(found.stored)) throw oxError('APP-0093');
  const folder = openForCreation(call, id, rules);
  if (!covers(found.rights.delete, found, call.user.id)) throw oxError(rules.codes.noDelete, found.folder.id);
  if (found.stored['private_flag'] === 1 && ownerOf(folder) === undefined) throw oxError('APP-0057');
  return { folder };
}

/** Makes an occurrence an object of its own, or changes the one that it is already. */
export function changeOccurrence(call: Call, found: Found, body: JsonObject, more: Values): Reply {
  const id = exceptionOf(call, found.stored, body);
  const rest = without(body, 'recurrence_position', 'recurrence_date_position');
  const { appointments } = call.context;
  const stored = appointments.stored(id) as Stored;
  const values = { ...appointmentValues(call, rest, stored), ...more };
  if (Number(values['recurrence_type'] ?? 0) > 0) throw oxError('APP-0099');
  delete values['uid'];
  const people = changedPeople(call, stored, found.folder, rest);
  const merged = { ...stored, ...values };
  checkAppointment(merged, people, found.folder);
  const conflicts = conflictsOf(call, merged, people, {
    ignore: body['ignore_conflicts'] === true,
    self: found.stored.id,
  });
  if (conflicts.length > 0) return { data: { conflicts } };
  values['sequence'] = Number(found.stored['sequence'] ?? 0) + 1;
  if ('participants' in rest) replacePeople(call, { ...found, stored }, people, values, rest);
  setAlarm(call, id, rest, found.folder);
  const timestamp = appointments.update(id, values, call.user.id);
  announce(call, id);
  return { data: { id: idOf(call, id) }, timestamp };
}

/** The reminder is the acting user's, in another's folder the owner's. Minutes before the start; -1 is none. */
function setAlarm(call: Call, id: number, body: JsonObject, folder: Folder): void {
  if (!('alarm' in body)) return;
  const { appointments } = call.context;
  const user = ownerOf(folder) ?? call.user.id;
  const known = appointments.participations(id).find((participation) => participation.user === user);
  const minutes = body['alarm'];
  const alarm = typeof minutes === 'number' && minutes >= 0 ? Math.trunc(minutes) : null;
  if (known) appointments.participate(id, { ...known, alarm });
}

/** `users` in a body carries the acting user's own answer. */
function setOwnAnswer(call: Call, id: number, body: JsonObject): void {
  const given = Array.isArray(body['users']) ? (body['users'] as JsonObject[]) : [];
  const entry = given.find(({ id: user }) => Number(user) === call.user.id);
  const { appointments } = call.context;
  const known = appointments.participations(id).find(({ user }) => user === call.user.id);
  if (!entry || !known || entry['confirm'] === undefined) return;
  const message = typeof entry['confirmmessage'] === 'string' ? entry['confirmmessage'] : known.message;
  appointments.participate(id, { ...known, confirm: Number(entry['confirm']), message });
}
