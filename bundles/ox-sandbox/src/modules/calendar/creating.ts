import { randomUUID } from 'node:crypto';
import type { Values } from '../../columns/body';
import { oxError } from '../../envelope/ox-error';
import { Filter } from '../../store/filter';
import type { Folder } from '../../store/folders';
import { type Call, type JsonObject, asText } from '../call';
import { idOf } from '../ids';
import type { Reply } from '../module';
import { type Found, type ObjectRules, openFolder } from '../object-access';
import { type People, ownerOf, participationsOf, placesOf, readPeople } from '../people';
import { announce } from './announce';
import { conflictsOf } from './conflicts';
import { isMaster } from './exceptions';
import { peopleValues, setAlarm, storedPeople, withOwner } from './participants';
import { invite, wantsMails } from '../scheduling/announcements';
import { peopleCodes, standardFolder } from './rules';
import { appointmentValues, checkAppointment, settleSeries } from './values';

/** What a client wants, with columns that the body of the old calendar can not name. */
export interface Wish {
  readonly body: JsonObject;
  readonly more?: Values;
}

/** The folder that a body names. */
export function folderId(body: JsonObject): string | undefined {
  return asText(body['folder_id']);
}

/** @throws OxError noCreate */
export function openForCreation(call: Call, id: string, rules: ObjectRules): Folder {
  const { folder, rights } = openFolder(call, id, rules);
  if (rights.folder < 2) throw oxError(rules.codes.noCreate, id);
  return folder;
}

/** Creates an appointment, or answers what it conflicts with. */
export function createAppointment(call: Call, folder: Folder, { body, more = {} }: Wish): Reply {
  const values = { ...appointmentValues(call, body, {}), ...more };
  const people = withOwner(call, readPeople(call, body['participants'], peopleCodes), folder);
  return store(call, { folder, values, people, body });
}

/** Creates another appointment like this one. */
export function copyAppointment(call: Call, { stored }: Found, folder: Folder, body: JsonObject): Reply {
  const values = Object.fromEntries(Object.entries(stored).filter(([name]) => !own.has(name)));
  const people = withOwner(call, readPeople(call, storedPeople(stored), peopleCodes), folder);
  return store(call, { folder, values, people, body });
}

/** Columns that a copy does not take over. */
const own = new Set([
  ...['id', 'uid', 'folder', 'recurrence_id', 'created_by', 'modified_by', 'creation_date', 'last_modified'],
  ...['change_exceptions', 'delete_exceptions'],
]);

interface Draft {
  readonly folder: Folder;
  readonly values: Values;
  readonly people: People;
  readonly body: JsonObject;
}

function store(call: Call, { folder, values, people, body }: Draft): Reply {
  const { appointments, users, db } = call.context;
  checkAppointment(values, people, folder);
  const organizer = users.get(ownerOf(folder) ?? call.user.id) ?? call.user;
  complete(call, values, organizer);
  if (appointments.count(Filter.of('t.uid = ?', values['uid'])) > 0) throw oxError('APP-0100', String(values['uid']));
  Object.assign(values, settleSeries(values));
  const conflicts = conflictsOf(call, values, people, { ignore: body['ignore_conflicts'] === true });
  if (conflicts.length > 0) return { data: { conflicts } };
  const id = appointments.insert({ ...values, ...peopleValues(people) }, folder.id, call.user.id);
  if (isMaster(values)) db.run('UPDATE appointment SET recurrence_id = id WHERE id = ?', id);
  const answers = participationsOf(people, [], { accepted: [call.user.id, organizer.id], body });
  appointments.place(id, placesOf(call, folder, people, { standard: standardFolder, before: [] }), answers);
  setAlarm(call, id, body, folder);
  announce(call, id);
  if (wantsMails(call, body)) invite(call, id);
  return { data: { id: idOf(call, id) }, timestamp: appointments.stored(id)?.last_modified ?? 0 };
}

/** What the client did not say. */
function complete(call: Call, values: Values, organizer: { id: number; mail: string }): void {
  values['uid'] ??= randomUUID();
  values['timezone'] ??= call.user.timezone;
  values['shown_as'] ??= 1;
  values['full_time'] ??= 0;
  values['organizer'] ??= organizer.mail;
  if (values['organizer'] === organizer.mail) values['organizerId'] ??= organizer.id;
  values['sequence'] ??= 0;
}
