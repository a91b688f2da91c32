import { Json } from '../../envelope/envelope';
import { oxError } from '../../envelope/ox-error';
import type { Filter } from '../../store/filter';
import type { Call } from '../call';
import { idOf, idText } from '../ids';
import { like, startsLike } from '../like';
import { listed } from '../listed';
import type { Module, Reply } from '../module';
import { type ObjectRules, findObject, idNumber, openFolder, visibleObjects } from '../object-access';
import { columnsOf, orderOf, readingActions } from '../object-reading';
import { busyDays } from './busy';
import { namedOccurrence, wantsOccurrence } from './exceptions';
import { inRange, neededRange, rangeOf } from './ranges';
import { expandedRows, occurrenceObject, occurrenceRow } from './rows';
import { readableAppointments, requestedAppointments, requestedCalendars } from './visible';

/** Looking at appointments. OX HTTP API, "Module calendar". */
export function readingCalendar(rules: ObjectRules): Module {
  return {
    ...readingActions(rules),
    all: (call) => all(call, rules),
    list: (call) => list(call, rules),
    get: (call) => get(call, rules),
    updates: (call) => updates(call, rules),
    has: busyDays,
    search: (call) => search(call, rules),
    resolveuid: (call) => resolveUid(call, rules),
    getChangeExceptions: (call) => changeExceptions(call, rules),
    newappointments: unanswered,
  };
}

function all(call: Call, rules: ObjectRules): Reply {
  const range = neededRange(call);
  const filter = requestedAppointments(call, rules).with(inRange(range, call.viewer.zone));
  if (call.flag('recurrence_master')) return rowsOf(call, filter);
  const { appointments } = call.context;
  const { rows, newest } = expandedRows(call, columnsOf(call, appointments), filter, range);
  return { data: Json.array(rows), timestamp: newest };
}

function list(call: Call, rules: ObjectRules): Reply {
  const { appointments } = call.context;
  const columns = columnsOf(call, appointments);
  return listed(call, rules, ({ folder, id }, element) => {
    const filter = visibleObjects(call, openFolder(call, folder, rules), rules).and('t.id = ?', idNumber(id));
    const { rows, newest } = appointments.rows(columns, call.viewer, filter);
    const [stored] = wantsOccurrence(element) ? appointments.storedRows(filter) : [];
    if (!stored) return { rows, newest };
    const occurrence = namedOccurrence(stored, element);
    return { rows: rows.map((row) => occurrenceRow(call, columns, { row, stored, occurrence })), newest };
  });
}

function get(call: Call, rules: ObjectRules): Reply {
  const { stored, ...open } = findObject(call, call.need('folder'), call.need('id'), rules);
  const filter = visibleObjects(call, open, rules).and('t.id = ?', stored.id);
  const object = call.context.appointments.object(call.viewer, filter) ?? '{}';
  const position = call.int('recurrence_position') ?? 0;
  const occurrence = position > 0 ? namedOccurrence(stored, { recurrence_position: position }) : undefined;
  const text = occurrence ? occurrenceObject(call, object, stored, occurrence) : object;
  return { data: new Json(text), timestamp: stored.last_modified };
}

function updates(call: Call, rules: ObjectRules): Reply {
  const { appointments } = call.context;
  const since = call.needInt('timestamp');
  // 6.x wants to be told what to leave out.
  const ignore = call.viewer.numericIds ? call.need('ignore') : (call.text('ignore') ?? '');
  const columns = columnsOf(call, appointments);
  const range = rangeOf(call);
  let changed = requestedAppointments(call, rules).and('f.last_modified > ?', since);
  if (range) changed = changed.with(inRange(range, call.viewer.zone));
  const expand = range !== undefined && !call.flag('recurrence_master');
  const found = ignore.includes('changed')
    ? { rows: [], newest: 0 }
    : expand
      ? expandedRows(call, columns, changed, range)
      : appointments.rows(columns, call.viewer, changed, 'ORDER BY f.last_modified');
  const folders = ignore.includes('deleted') ? [] : requestedCalendars(call);
  const graves = folders.map((folder) => appointments.deletedSince(folder, since));
  const ids = [...new Set(graves.flatMap((grave) => grave.ids))];
  return {
    data: Json.array([...found.rows, ...ids.map((id) => idText(id, call))]),
    timestamp: Math.max(since, found.newest, ...graves.map(({ newest }) => newest)),
  };
}

function search(call: Call, rules: ObjectRules): Reply {
  const { pattern, startletter } = call.object();
  if (typeof pattern !== 'string') throw oxError('SVL-0002', 'pattern');
  const wanted = startletter === true ? startsLike(pattern) : like(pattern);
  const matches = `t.title LIKE ? ESCAPE '\\' OR t.note LIKE ? ESCAPE '\\'`;
  return rowsOf(call, requestedAppointments(call, rules).and(matches, wanted, wanted));
}

/** Exceptions have the uid of their series: it is the series that is meant. */
function resolveUid(call: Call, rules: ObjectRules): Reply {
  const uid = call.need('uid');
  const filter = readableAppointments(call)
    .and('t.uid = ?', uid)
    .and('t.recurrence_id IS NULL OR t.recurrence_id = t.id');
  const [id] = call.context.appointments.ids(filter);
  if (id === undefined) throw oxError(rules.codes.notFound, uid, '');
  return { data: { id: idOf(call, id) } };
}

function changeExceptions(call: Call, rules: ObjectRules): Reply {
  const { stored, ...open } = findObject(call, call.need('folder'), call.need('id'), rules);
  return rowsOf(
    call,
    visibleObjects(call, open, rules).and('t.recurrence_id = ?', stored.id).and('t.id <> ?', stored.id),
  );
}

/** Appointments of a range to which the user has not yet said anything. */
function unanswered(call: Call): Reply {
  const open = `EXISTS (SELECT 1 FROM appointment_user u WHERE u.id = t.id AND u.user = ? AND u.confirm = 0)`;
  return rowsOf(
    call,
    readableAppointments(call)
      .with(inRange(neededRange(call), call.viewer.zone))
      .and(open, call.user.id),
  );
}

function rowsOf(call: Call, filter: Filter): Reply {
  const { appointments } = call.context;
  const { rows, newest } = appointments.rows(
    columnsOf(call, appointments),
    call.viewer,
    filter,
    orderOf(call, appointments),
  );
  return { data: Json.array(rows), timestamp: newest };
}
