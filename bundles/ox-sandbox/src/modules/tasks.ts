import { randomUUID } from 'node:crypto';
import { type Values, floorDay, readBody } from '../columns/body';
import { taskColumns } from '../columns/tasks';
import { Json } from '../envelope/envelope';
import { oxError } from '../envelope/ox-error';
import { patternOf, recurrenceChange, taskPatternCodes } from '../calendar/pattern';
import { Series } from '../calendar/series';
import { type Folder, FolderType } from '../store/folders';
import { fromZoned } from '../store/zone';
import { type Call, type JsonObject, asText, without } from './call';
import { idOf } from './ids';
import { like, startsLike } from './like';
import type { Module } from './module';
import {
  type Found,
  type ObjectRules,
  type OpenFolder,
  checkWrite,
  covers,
  findObject,
  openFolder,
  reference,
  visibleObjects,
} from './object-access';
import { columnsOf, orderOf, readingActions } from './object-reading';
import { type People, ownerOf, participationsOf, placesOf, readPeople, reminderOnly } from './people';

export const taskRules: ObjectRules = {
  module: 'tasks',
  objects: ({ tasks }) => tasks,
  hidesDeletions: true,
  codes: {
    notFound: 'TSK-0019',
    conflict: 'TSK-0007',
    wrongFolder: 'TSK-0006',
    notVisible: 'TSK-0059',
    noRead: 'TSK-0023',
    noCreate: 'TSK-0025',
    noWrite: 'TSK-0033',
    noDelete: 'TSK-0014',
    tooLong: 'TSK-0041',
  },
};

/** Number of the standard task folder. */
const standardFolder = 1;

const peopleCodes = { unknown: 'TSK-0018', noAddress: 'TSK-0044' } as const;

const Status = { notStarted: 1, done: 3 } as const;

/** OX HTTP API, "Module tasks". */
export const tasks: Module = {
  ...readingActions(taskRules),

  new: (call) => {
    const body = call.object();
    const folder = body['folder_id'];
    if (typeof folder !== 'string' && typeof folder !== 'number') throw oxError('TSK-0027');
    const open = openFolder(call, String(folder), taskRules);
    if (open.rights.folder < 2) throw oxError('TSK-0025', open.folder.id);
    const values = taskValues(call, body, {});
    const people = readPeople(call, body['participants'], peopleCodes);
    checkPrivate(values, people, open.folder);
    const id = insert(call, values, people, open.folder, body);
    return { data: { id: idOf(call, id) }, timestamp: call.context.tasks.stored(id)?.last_modified ?? 0 };
  },

  update: (call) => {
    const found = findObject(call, call.need('folder'), call.need('id'), taskRules);
    checkWrite(call, found, taskRules);
    return { data: {}, timestamp: change(call, found, call.object()) };
  },

  delete: (call) => {
    const kept: string[] = [];
    let timestamp = 0;
    for (const element of call.objects()) {
      const { folder, id } = reference(element);
      const found = findObject(call, folder, id, taskRules);
      if (!covers(found.rights.delete, found, call.user.id)) throw oxError('TSK-0014');
      if (found.stored.last_modified > call.timestamp) kept.push(id);
      else timestamp = call.context.tasks.delete(found.stored.id);
    }
    return { data: kept, timestamp };
  },

  confirm: (call) => {
    const found = findObject(call, call.need('folder'), call.need('id'), taskRules);
    const { confirmation, confirmmessage } = call.object();
    const { tasks: objects } = call.context;
    const own = objects.participations(found.stored.id).find(({ user }) => user === call.user.id);
    if (!own) throw oxError('TSK-0018', call.user.id);
    const message = typeof confirmmessage === 'string' && confirmmessage !== '' ? confirmmessage : null;
    objects.participate(found.stored.id, { ...own, confirm: Number(confirmation), message });
    return { data: {}, timestamp: objects.update(found.stored.id, {}, call.user.id) };
  },

  search: (call) => {
    const body = call.object();
    const folder = asText(body['folder']) ?? String(call.context.folders.standard(call.user.id, standardFolder)?.id);
    let filter = visibleObjects(call, openFolder(call, folder, taskRules), taskRules);
    const { pattern, start, end } = body;
    if (typeof pattern === 'string' && pattern !== '') {
      const wanted = body['startletter'] === true ? startsLike(pattern) : like(pattern);
      filter = filter.and(`t.title LIKE ? ESCAPE '\\' OR t.note LIKE ? ESCAPE '\\'`, wanted, wanted);
    }
    if (typeof start === 'number') filter = filter.and('t.end_time IS NULL OR t.end_time >= ?', start);
    if (typeof end === 'number') filter = filter.and('t.start_time IS NULL OR t.start_time < ?', end);
    const { tasks: objects } = call.context;
    const { rows, newest } = objects.rows(columnsOf(call, objects), call.viewer, filter, orderOf(call, objects));
    return { data: Json.array(rows), timestamp: newest };
  },
};

function insert(call: Call, values: Values, people: People, folder: Folder, body: JsonObject): number {
  const { tasks: objects } = call.context;
  const owner = ownerOf(folder);
  const all: People =
    owner === undefined || people.users.includes(owner) ? people : { ...people, users: [owner, ...people.users] };
  values['uid'] ??= randomUUID();
  values['participants'] = people.participants.length > 0 ? JSON.stringify(people.participants) : null;
  const id = objects.insert(values, folder.id, call.user.id);
  // The owner has the task in his folder and his reminder, but takes part only when he is named.
  const accepted = [call.user.id, ...(owner === undefined ? [] : [owner])];
  const named: People = { ...all, users: people.users };
  objects.place(id, placesOf(call, folder, all, standardFolder, []), participationsOf(named, [], { accepted, body }));
  setAlarm(call, id, body, folder);
  return id;
}

/** @returns the new last_modified */
function change(call: Call, found: Found, body: JsonObject): number {
  const { tasks: objects } = call.context;
  const { stored, folder } = found;
  const target = targetOf(call, found, body);
  const values = taskValues(call, body, stored);
  const known = JSON.parse(String(stored['participants'] ?? '[]')) as JsonObject[];
  const people = readPeople(call, 'participants' in body ? body['participants'] : known, peopleCodes);
  checkPrivate({ ...stored, ...values }, people, target?.folder ?? folder);
  const completes = values['status'] === Status.done && stored['status'] !== Status.done;
  if (completes) startNext(call, found, { ...stored, ...values }, people);
  if (completes && patternOf(stored))
    Object.assign(values, recurrenceChange({ recurrence_type: 0 }, stored, taskPatternCodes));
  if ('participants' in body) {
    values['participants'] = people.participants.length > 0 ? JSON.stringify(people.participants) : null;
    const owner = ownerOf(folder);
    const placed: People =
      owner === undefined || people.users.includes(owner) ? people : { ...people, users: [owner, ...people.users] };
    const before = objects.participations(stored.id);
    objects.place(
      stored.id,
      placesOf(call, folder, placed, standardFolder, objects.places(stored.id)),
      participationsOf(people, before, { accepted: [], body }),
    );
  }
  setAlarm(call, stored.id, body, folder);
  const stamp = objects.update(stored.id, values, call.user.id);
  return target ? objects.relocate(stored.id, folder.id, target.folder, call.user.id) : stamp;
}

/** Completing a recurring task brings its next occurrence as a new task. OX HTTP API, "Recurring tasks". */
function startNext(call: Call, { folder }: Found, row: Values, people: People): void {
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
  const copied = Object.fromEntries(
    taskColumns.stored.filter(({ readOnly }) => !readOnly).map(({ name }) => [name, row[name] ?? null]),
  );
  const values: Values = {
    ...copied,
    ...{ start_time: next.start, end_time: next.end, status: Status.notStarted, percent_completed: 0 },
    ...{ date_completed: null, uid: randomUUID() },
    occurrences: pattern.occurrences === null ? null : pattern.occurrences - 1,
  };
  insert(call, values, people, folder, {});
}

function targetOf(call: Call, found: Found, body: JsonObject): OpenFolder | undefined {
  const id = body['folder_id'];
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id) === String(found.folder.id)) return undefined;
  const target = openFolder(call, String(id), taskRules);
  if (target.rights.folder < 2) throw oxError('TSK-0025', String(id));
  if (!covers(found.rights.delete, found, call.user.id)) throw oxError('TSK-0014');
  if (found.stored['private_flag'] === 1 && target.folder.type !== FolderType.private) throw oxError('TSK-0042');
  return target;
}

function taskValues(call: Call, body: JsonObject, stored: Readonly<Values>): Values {
  const { zone } = call.viewer;
  const dated = withTimes(body);
  const fullTime = stored['full_time'] === 1;
  const values = readBody(taskColumns, without(dated, 'participants'), { zone, fullTime, tooLong: 'TSK-0041' });
  Object.assign(
    values,
    recurrenceChange(values, { ...stored, start_date: stored['start_time'] ?? null }, taskPatternCodes),
  );
  checkTask({ ...stored, ...values });
  return values;
}

/** Clients from before 7.6.1 send days only: such a task is full-time. */
function withTimes(body: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...body };
  const old = { start_date: 'start_time', end_date: 'end_time' } as const;
  let days = false;
  for (const [oldName, name] of Object.entries(old)) {
    if (!(oldName in body) || name in body) continue;
    const value = body[oldName];
    result[name] = typeof value === 'number' ? floorDay(value) : value;
    days ||= typeof value === 'number';
  }
  if (days && !('start_time' in body) && !('end_time' in body) && !('full_time' in body)) result['full_time'] = true;
  return result;
}

/** @throws OxError TSK-0030, 0031, 0037 to 0040, 0057 */
function checkTask(row: Readonly<Values>): void {
  const { status, percent_completed: percent, priority, start_time: start, end_time: end } = row;
  if (status != null && (Number(status) < 1 || Number(status) > 5)) throw oxError('TSK-0039', status);
  if (percent != null && (Number(percent) < 0 || Number(percent) > 100)) throw oxError('TSK-0030', percent);
  if (status === Status.notStarted && Number(percent ?? 0) !== 0) throw oxError('TSK-0031', String(percent));
  if (status === Status.done && percent != null && Number(percent) !== 100) throw oxError('TSK-0038', percent);
  if (priority != null && (Number(priority) < 1 || Number(priority) > 3)) throw oxError('TSK-0057', priority);
  if (start != null && end != null && Number(start) > Number(end)) throw oxError('TSK-0040');
  if (patternOf(row) && (start == null || end == null))
    throw oxError('TSK-0037', start == null ? 'start_date' : 'end_date');
}

function checkPrivate(row: Readonly<Values>, people: People, folder: Folder): void {
  if (row['private_flag'] !== 1) return;
  if (folder.type !== FolderType.private) throw oxError('TSK-0008');
  if (people.participants.length > 0) throw oxError('TSK-0028');
}

/** The reminder is the acting user's, in another's folder the owner's. */
function setAlarm(call: Call, id: number, body: JsonObject, folder: Folder): void {
  if (!('alarm' in body)) return;
  const { tasks: objects } = call.context;
  const user = ownerOf(folder) ?? call.user.id;
  const known = objects.participations(id).find((participation) => participation.user === user);
  const alarm = typeof body['alarm'] === 'number' ? fromZoned(body['alarm'], call.viewer.zone) : null;
  objects.participate(id, { ...(known ?? { user, confirm: reminderOnly, message: null }), alarm });
}
