import { randomUUID } from 'node:crypto';
import type { Values } from '../../columns/body';
import { taskColumns } from '../../columns/tasks';
import { oxError } from '../../envelope/ox-error';
import { patternOf, recurrenceChange, taskPatternCodes } from '../../calendar/pattern';
import { Series } from '../../calendar/series';
import { type Folder, FolderType } from '../../store/folders';
import { fromZoned } from '../../store/zone';
import { type Call, type JsonObject, asText } from '../call';
import { type Found, type OpenFolder, covers, openFolder } from '../object-access';
import { type People, ownerOf, participationsOf, placesOf, readPeople, reminderOnly } from '../people';
import { Status, peopleCodes, standardFolder, taskRules } from './rules';
import { checkPrivate, taskValues } from './values';

/** A task to be stored. */
interface Draft {
  readonly folder: Folder;
  readonly values: Values;
  readonly people: People;
  readonly body: JsonObject;
}

/** @returns the id of the new task */
export function createTask(call: Call, folder: Folder, body: JsonObject): number {
  const values = taskValues(call, body, {});
  const people = readPeople(call, body['participants'], peopleCodes);
  checkPrivate(values, people, folder);
  return insert(call, { folder, values, people, body });
}

function insert(call: Call, { folder, values, people, body }: Draft): number {
  const { tasks } = call.context;
  const owner = ownerOf(folder);
  const uid = values['uid'] ?? randomUUID();
  const id = tasks.insert({ ...values, ...peopleValue(people), uid }, folder.id, call.user.id);
  const accepted = [call.user.id, ...(owner === undefined ? [] : [owner])];
  tasks.place(id, places(call, folder, people, id), participationsOf(people, [], { accepted, body }));
  setAlarm(call, id, body, folder);
  return id;
}

/** The owner has a task in his folder although he takes part only when he is named. */
function places(call: Call, folder: Folder, people: People, id: number): ReturnType<typeof placesOf> {
  const owner = ownerOf(folder);
  const seeing = owner === undefined ? people.users : [...new Set([owner, ...people.users])];
  const before = call.context.tasks.places(id);
  return placesOf(call, folder, { ...people, users: seeing }, { standard: standardFolder, before });
}

function peopleValue({ participants }: People): Values {
  return { participants: participants.length === 0 ? null : JSON.stringify(participants) };
}

/** @returns the new last_modified */
export function changeTask(call: Call, found: Found, body: JsonObject): number {
  const { tasks } = call.context;
  const { stored, folder } = found;
  const target = targetOf(call, found, body);
  const values = taskValues(call, body, stored);
  const known = JSON.parse(String(stored['participants'] ?? '[]')) as JsonObject[];
  const people = readPeople(call, 'participants' in body ? body['participants'] : known, peopleCodes);
  checkPrivate({ ...stored, ...values }, people, target?.folder ?? folder);
  if (values['status'] === Status.done && stored['status'] !== Status.done && patternOf({ ...stored, ...values })) {
    startNext(call, folder, { ...stored, ...values }, people);
    Object.assign(values, recurrenceChange({ recurrence_type: 0 }, stored, taskPatternCodes));
  }
  if ('participants' in body) {
    Object.assign(values, peopleValue(people));
    const answers = participationsOf(people, tasks.participations(stored.id), { accepted: [], body });
    tasks.place(stored.id, places(call, folder, people, stored.id), answers);
  }
  setAlarm(call, stored.id, body, folder);
  const stamp = tasks.update(stored.id, values, call.user.id);
  return target ? tasks.relocate(stored.id, folder.id, target.folder, call.user.id) : stamp;
}

/** Completing a recurring task brings its next occurrence as a new task. OX HTTP API, "Recurring tasks". */
function startNext(call: Call, folder: Folder, row: Values, people: People): void {
  const pattern = patternOf(row);
  if (!pattern || row['start_time'] == null || row['end_time'] == null) return;
  const series = new Series({
    pattern,
    start: Number(row['start_time']),
    end: Number(row['end_time']),
    fullTime: row['full_time'] === 1,
    zone: call.user.timezone,
  });
  const next = series.at(2);
  if (!next) return;
  const copied = taskColumns.stored.filter(({ readOnly }) => !readOnly).map(({ name }) => [name, row[name] ?? null]);
  const values: Values = {
    ...(Object.fromEntries(copied) as Values),
    ...{ start_time: next.start, end_time: next.end, status: Status.notStarted, percent_completed: 0 },
    ...{ date_completed: null, uid: null },
    occurrences: pattern.occurrences === null ? null : pattern.occurrences - 1,
  };
  insert(call, { folder, values, people, body: {} });
}

/** The folder that the task is moved to, if it is. @throws OxError TSK-0014, TSK-0025, TSK-0042 */
function targetOf(call: Call, found: Found, body: JsonObject): OpenFolder | undefined {
  const id = asText(body['folder_id']);
  if (id === undefined || id === String(found.folder.id)) return undefined;
  const target = openFolder(call, id, taskRules);
  if (target.rights.folder < 2) throw oxError('TSK-0025', id);
  if (!covers(found.rights.delete, found, call.user.id)) throw oxError('TSK-0014');
  if (found.stored['private_flag'] === 1 && target.folder.type !== FolderType.private) throw oxError('TSK-0042');
  return target;
}

/** The reminder is the acting user's, in another's folder the owner's. */
function setAlarm(call: Call, id: number, body: JsonObject, folder: Folder): void {
  if (!('alarm' in body)) return;
  const { tasks } = call.context;
  const user = ownerOf(folder) ?? call.user.id;
  const known = tasks.participations(id).find((participation) => participation.user === user);
  const alarm = typeof body['alarm'] === 'number' ? fromZoned(body['alarm'], call.viewer.zone) : null;
  tasks.participate(id, { ...(known ?? { user, confirm: reminderOnly, message: null }), alarm });
}
