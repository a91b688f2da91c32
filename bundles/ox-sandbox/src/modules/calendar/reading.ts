import { day } from '../../columns/body';
import { Json } from '../../envelope/envelope';
import { oxError } from '../../envelope/ox-error';
import { Filter } from '../../store/filter';
import type { Folder } from '../../store/folders';
import { fromZoned, toZoned } from '../../store/zone';
import type { Call } from '../call';
import { idOf } from '../ids';
import { like, startsLike } from '../like';
import type { Module, Reply } from '../module';
import {
  type ObjectRules,
  findObject,
  idNumber,
  isShared,
  openFolder,
  reference,
  visibleObjects,
} from '../object-access';
import { idText } from '../ids';
import { columnsOf, orderOf, readingActions } from '../object-reading';
import { busyTimes } from './busy';
import { namedOccurrence, wantsOccurrence } from './exceptions';
import { inRange, rangeOf } from './ranges';
import { expandedRows, occurrenceObject, occurrenceRow } from './rows';

/** Looking at appointments. OX HTTP API, "Module calendar". */
export function readingCalendar(rules: ObjectRules): Module {
  const basic = readingActions(rules);
  return {
    all: (call) => {
      const range = rangeOf(call);
      if (!range) throw oxError('SVL-0002', call.text('start') === undefined ? 'start' : 'end');
      const { appointments } = call.context;
      const within = inRange(range, call.viewer.zone);
      const filter = folderFilter(call, rules).with(within);
      const columns = columnsOf(call, appointments);
      const { rows, newest } = call.flag('recurrence_master')
        ? appointments.rows(columns, call.viewer, filter, orderOf(call, appointments))
        : expandedRows(call, columns, filter, range);
      return { data: Json.array(rows), timestamp: newest };
    },

    list: (call) => {
      const { appointments } = call.context;
      const columns = columnsOf(call, appointments);
      let timestamp = 0;
      const data = call.objects().flatMap((element) => {
        const { folder, id } = reference(element);
        const filter = visibleObjects(call, openFolder(call, folder, rules), rules).and('t.id = ?', idNumber(id));
        const { rows, newest } = appointments.rows(columns, call.viewer, filter);
        timestamp = Math.max(timestamp, newest);
        const [stored] = wantsOccurrence(element) ? appointments.storedRows(filter) : [];
        if (!stored) return rows;
        return rows.map((row) => occurrenceRow(call, columns, row, stored, namedOccurrence(stored, element)));
      });
      return { data: Json.array(data), timestamp };
    },

    get: (call) => {
      const position = call.int('recurrence_position') ?? 0;
      if (position <= 0) return basic['get']?.(call) ?? {};
      const { stored } = findObject(call, call.need('folder'), call.need('id'), rules);
      const filter = visibleObjects(call, openFolder(call, call.need('folder'), rules), rules).and(
        't.id = ?',
        stored.id,
      );
      const object = call.context.appointments.object(call.viewer, filter) ?? '{}';
      const occurrence = namedOccurrence(stored, { recurrence_position: position });
      return { data: new Json(occurrenceObject(call, object, stored, occurrence)), timestamp: stored.last_modified };
    },

    updates: (call) => updates(call, rules),

    has: (call) => {
      const start = call.needInt('start');
      const end = call.needInt('end');
      const { zone } = call.viewer;
      const busy = busyTimes(
        call,
        { user: call.user.id },
        { start: fromZoned(start, zone), end: fromZoned(end, zone) },
      );
      const days = Math.max(0, Math.ceil((end - start) / day));
      const data = Array.from({ length: days }, (_, index) => {
        const from = start + index * day;
        return busy.some((time) => {
          const shift = (milliseconds: number): number => (time.fullTime ? milliseconds : toZoned(milliseconds, zone));
          return shift(time.start) < from + day && shift(time.end) > from;
        });
      });
      return { data };
    },

    search: (call) => {
      const { pattern, startletter } = call.object();
      if (typeof pattern !== 'string') throw oxError('SVL-0002', 'pattern');
      const { appointments } = call.context;
      const wanted = startletter === true ? startsLike(pattern) : like(pattern);
      const filter = folderFilter(call, rules).and(
        `t.title LIKE ? ESCAPE '\\' OR t.note LIKE ? ESCAPE '\\'`,
        wanted,
        wanted,
      );
      const { rows, newest } = appointments.rows(
        columnsOf(call, appointments),
        call.viewer,
        filter,
        orderOf(call, appointments),
      );
      return { data: Json.array(rows), timestamp: newest };
    },

    resolveuid: (call) => {
      const uid = call.need('uid');
      const [id] = call.context.appointments.ids(
        readableCalendars(call).and('t.uid = ?', uid).and('t.recurrence_id IS NULL OR t.recurrence_id = t.id'),
      );
      if (id === undefined) throw oxError(rules.codes.notFound, uid, '');
      return { data: { id: idOf(call, id) } };
    },

    getChangeExceptions: (call) => {
      const { stored, ...open } = findObject(call, call.need('folder'), call.need('id'), rules);
      const { appointments } = call.context;
      const filter = visibleObjects(call, open, rules)
        .and('t.recurrence_id = ?', stored.id)
        .and('t.id <> ?', stored.id);
      const { rows, newest } = appointments.rows(
        columnsOf(call, appointments),
        call.viewer,
        filter,
        orderOf(call, appointments),
      );
      return { data: Json.array(rows), timestamp: newest };
    },

    newappointments: (call) => {
      const range = rangeOf(call);
      if (!range) throw oxError('SVL-0002', 'start');
      const { appointments } = call.context;
      const within = inRange(range, call.viewer.zone);
      const unanswered = `EXISTS (SELECT 1 FROM appointment_user u WHERE u.id = t.id AND u.user = ? AND u.confirm = 0)`;
      const filter = readableCalendars(call).with(within).and(unanswered, call.user.id);
      const { rows } = appointments.rows(
        columnsOf(call, appointments),
        call.viewer,
        filter,
        orderOf(call, appointments),
      );
      return { data: Json.array(rows) };
    },
  };
}

function updates(call: Call, rules: ObjectRules): Reply {
  const { appointments } = call.context;
  const since = call.needInt('timestamp');
  const ignore = call.text('ignore') ?? '';
  if (call.server.options.imitate === '6.x' && call.text('ignore') === undefined) throw oxError('SVL-0002', 'ignore');
  const columns = columnsOf(call, appointments);
  const range = rangeOf(call);
  let changed = folderFilter(call, rules).and('f.last_modified > ?', since);
  if (range) {
    const within = inRange(range, call.viewer.zone);
    changed = changed.with(within);
  }
  const none = { rows: [], newest: 0 };
  const expand = range !== undefined && !call.flag('recurrence_master');
  const found = ignore.includes('changed')
    ? none
    : expand
      ? expandedRows(call, columns, changed, range)
      : appointments.rows(columns, call.viewer, changed, 'ORDER BY f.last_modified');
  const graves = ignore.includes('deleted')
    ? []
    : calendarIds(call).map((folder) => appointments.deletedSince(folder, since));
  const ids = [...new Set(graves.flatMap((grave) => grave.ids))];
  return {
    data: Json.array([...found.rows, ...ids.map((id) => idText(id, call))]),
    timestamp: Math.max(since, found.newest, ...graves.map(({ newest }) => newest)),
  };
}

/** The folder of the request, or all calendars that the user reads. */
function folderFilter(call: Call, rules: ObjectRules): Filter {
  const folder = call.text('folder');
  if (folder === undefined || folder === '0') return readableCalendars(call);
  const open = openFolder(call, folder, rules);
  if (!call.flag('showPrivate')) return visibleObjects(call, open, rules);
  return Filter.of('f.folder = ?', open.folder.id);
}

/** What the user sees in all calendars; an object that lies in several is seen in the first. */
function readableCalendars(call: Call): Filter {
  const { folders } = call.context;
  const { id: user } = call.user;
  const conditions = readable(call).map((folder) => {
    const own = folders.rights(folder.id, user).read < 2 ? ` AND t.created_by = ${user}` : '';
    const hidden = isShared(folder, user) ? ` AND (t.private_flag IS NOT 1 OR t.created_by = ${user})` : '';
    return `(f.folder = ${folder.id}${own}${hidden})`;
  });
  const ids = readable(call)
    .map(({ id }) => id)
    .join(',');
  const once = `f.folder = (SELECT p.folder FROM appointment_folder p WHERE p.id = t.id AND p.folder IN (${ids})
    ORDER BY p.user <> ${user} LIMIT 1)`;
  return Filter.of(conditions.length === 0 ? '0' : conditions.join(' OR ')).and(once);
}

function readable(call: Call): Folder[] {
  const { folders } = call.context;
  return [...folders.all()].filter(
    ({ id, module }) => module === 'calendar' && folders.rights(id, call.user.id).read > 0,
  );
}

/** Calendars whose deletions a request is told of. */
function calendarIds(call: Call): number[] {
  const folder = call.text('folder');
  return folder === undefined || folder === '0'
    ? readable(call).map(({ id }) => id)
    : [Number(folder.replace(/^cal:\/\/0\//, ''))];
}
