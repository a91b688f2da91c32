import { oxError } from '../../envelope/ox-error';
import { ModuleNumber } from '../../columns/common';
import { Filter } from '../../store/filter';
import type { Stored } from '../../store/objects';
import { Series } from '../../calendar/series';
import { busyTimes } from '../calendar/busy';
import { exceptionOn, hiddenDates, isMaster } from '../calendar/exceptions';
import { type Range, inRange, occurrencesIn } from '../calendar/ranges';
import { calendarRules } from '../calendar/rules';
import { type Call, type JsonObject, asObject, asText } from '../call';
import type { Module, Reply } from '../module';
import { type OpenFolder, findObject, folderNumber, idNumber, openFolder, visibleObjects } from '../object-access';
import { eventOf } from './event';
import { readRecurrenceId, readUtc, writeRecurrenceId } from './times';

/** Looking at events. OX HTTP API, "Module chronos". */
export const readingChronos: Module = {
  all: (call) => {
    const range = neededRange(call);
    if (call.body.kind === 'bytes' || (call.body.kind === 'json' && call.body.value !== undefined))
      return perFolder(call, range);
    const folder = call.text('folder');
    const folders = folder === undefined ? ownCalendars(call) : [folder];
    const events = folders.flatMap((id) => eventsIn(call, openFolder(call, id, calendarRules), range));
    return { data: ordered(call, events), timestamp: newest(events) };
  },

  list: (call) => {
    const events = call.objects().map((element) => {
      const folder = asText(element['folder'] ?? element['folderId']);
      if (folder === undefined) throw oxError('SVL-0002', 'folder');
      return eventAt(call, folder, asText(element['id']) ?? '', asText(element['recurrenceId']));
    });
    return { data: events.map((event) => chosen(call, event)), timestamp: newest(events) };
  },

  get: (call) => {
    const event = eventAt(call, call.need('folder'), call.need('id'), call.text('recurrenceId'));
    return { data: chosen(call, event), timestamp: newest([event]) };
  },

  updates: (call) => {
    const open = openFolder(call, call.need('folder'), calendarRules);
    const since = call.needInt('timestamp');
    const range = optionalRange(call);
    let filter = visibleObjects(call, open, calendarRules).and('f.last_modified > ?', since);
    if (range) filter = filter.with(inRange(range, call.viewer.zone));
    const { appointments } = call.context;
    const rows = appointments.storedRows(filter, 'ORDER BY f.last_modified');
    const changed =
      range && call.flag('expand')
        ? expand(call, rows, open, range)
        : rows.map((row) => eventOf(call, row, open.folder.id));
    const graves = appointments.deletedSince(open.folder.id, since);
    const deleted = graves.ids.map((id) => ({
      id: String(id),
      folder: `cal://0/${open.folder.id}`,
      timestamp: graves.newest,
    }));
    return {
      data: { newAndModified: changed.map((event) => chosen(call, event)), deleted },
      timestamp: Math.max(since, graves.newest, ...rows.map((row) => row.last_modified)),
    };
  },

  needsAction: (call) => {
    const range = neededRange(call);
    const unanswered = 'EXISTS (SELECT 1 FROM appointment_user u WHERE u.id = t.id AND u.user = ? AND u.confirm = 0)';
    const filter = Filter.of(unanswered, call.user.id)
      .and('f.user = ?', call.user.id)
      .with(inRange(range, call.viewer.zone));
    const events = call.context.appointments.storedRows(filter).map((row) => eventOf(call, row, folderOf(call, row)));
    return { data: ordered(call, events), timestamp: newest(events) };
  },

  resolve: (call) => {
    const uid = call.text('uid') ?? call.need('id');
    const filter = Filter.of('t.uid = ?', uid)
      .and('f.user IN (0, ?)', call.user.id)
      .and('t.recurrence_id IS NULL OR t.recurrence_id = t.id');
    const [row] = call.context.appointments.storedRows(filter);
    if (!row) throw oxError('CAL-4040', uid, '');
    const event = eventOf(call, row, folderOf(call, row));
    return { data: chosen(call, event), timestamp: newest([event]) };
  },

  freeBusy: (call) => {
    const range = { start: readUtc(call.need('from')), end: readUtc(call.need('until')) };
    const attendees = call.object()['attendees'];
    if (!Array.isArray(attendees)) throw oxError('SVL-0002', 'attendees');
    return { data: (attendees as unknown[]).map((attendee) => freeBusyOf(call, asObject(attendee), range)) };
  },

  getAttachment: (call) => {
    const { stored } = findObject(call, call.need('folder'), call.need('id'), calendarRules);
    const { attachments } = call.context;
    const file = attachments.get(ModuleNumber.calendar, stored.id, call.needInt('managedId'));
    if (!file) throw oxError('ATT-0001', call.need('managedId'));
    return { content: attachments.data(file.id), contentType: file.file_mimetype, filename: file.filename };
  },
};

/** `{folders: []}` in the body: each for itself, with its own timestamp. */
function perFolder(call: Call, range: Range): Reply {
  const { folders } = call.object();
  const ids = Array.isArray(folders) ? (folders as unknown[]).map(String) : [];
  return {
    data: ids.map((folder) => {
      const events = eventsIn(call, openFolder(call, folder, calendarRules), range);
      return { folder, events: ordered(call, events), timestamp: newest(events) };
    }),
  };
}

function eventsIn(call: Call, open: OpenFolder, range: Range): JsonObject[] {
  const filter = visibleObjects(call, open, calendarRules).with(inRange(range, call.viewer.zone));
  const rows = call.context.appointments.storedRows(filter, 'ORDER BY t.start_date, t.id');
  return call.flag('expand') ? expand(call, rows, open, range) : rows.map((row) => eventOf(call, row, open.folder.id));
}

function expand(call: Call, rows: readonly Stored[], { folder }: OpenFolder, range: Range): JsonObject[] {
  return rows.flatMap((row) =>
    occurrencesIn(row, range, call.viewer.zone).map((at) =>
      eventOf(call, row, folder.id, at.position === 0 ? undefined : at),
    ),
  );
}

/** The event, or one occurrence of it. @throws OxError CAL-4040, CAL-4041 */
export function eventAt(call: Call, folder: string, id: string, recurrenceId: string | undefined): JsonObject {
  const { stored } = findObject(call, folder, String(idNumber(id)), calendarRules);
  const number = folderNumber(folder);
  if (recurrenceId === undefined || !isMaster(stored)) return eventOf(call, stored, number);
  const occurrence = Series.of(stored)?.on(occurrenceDate(stored, recurrenceId));
  const exception = occurrence && exceptionOn(call, stored.id, occurrence.date);
  if (exception) return eventOf(call, exception, number);
  if (!occurrence || hiddenDates(stored).has(occurrence.date)) throw oxError('CAL-4041', recurrenceId, id);
  return eventOf(call, stored, number, occurrence);
}

/** The day of an occurrence by its original start. @throws OxError CAL-4041 */
export function occurrenceDate(master: Stored, recurrenceId: string): number {
  const start = readRecurrenceId(recurrenceId);
  const fullTime = master['full_time'] === 1;
  for (const occurrence of Series.of(master)?.occurrences(start + 1, start) ?? [])
    if (occurrence.start === start || writeRecurrenceId(occurrence.date, true) === recurrenceId) return occurrence.date;
  throw oxError('CAL-4041', fullTime ? recurrenceId : writeRecurrenceId(start, false), master.id);
}

function freeBusyOf(call: Call, attendee: JsonObject, range: Range): JsonObject {
  const entity = Number(attendee['entity'] ?? 0);
  const resource = attendee['cuType'] === 'RESOURCE' || attendee['cuType'] === 'ROOM';
  const times = entity > 0 ? busyTimes(call, resource ? { resource: entity } : { user: entity }, range) : [];
  const freeBusyTime = times.map(({ start, end, row }) => ({
    startTime: start,
    endTime: end,
    fbType: fbTypes[Number(row['shown_as'] ?? 1)],
  }));
  return { attendee, freeBusyTime };
}

const fbTypes: Readonly<Record<number, string>> = { 1: 'BUSY', 2: 'BUSY-TENTATIVE', 3: 'BUSY-UNAVAILABLE', 4: 'FREE' };

/** Calendars whose events `all` gives without a folder. */
function ownCalendars({ context, user }: Call): string[] {
  return [...context.folders.all()]
    .filter(({ module, id }) => module === 'calendar' && context.folders.rights(id, user.id).read > 0)
    .map(({ id }) => String(id));
}

/** Where the user sees an object: his own folder, or the public one. */
export function folderOf({ context, user }: Call, row: Stored): number {
  const places = context.appointments.places(row.id);
  return (places.find((place) => place.user === user.id) ?? places[0])?.folder ?? row.folder;
}

function neededRange(call: Call): Range {
  return { start: readUtc(call.need('rangeStart')), end: readUtc(call.need('rangeEnd')) };
}

function optionalRange(call: Call): Range | undefined {
  return call.text('rangeStart') === undefined || call.text('rangeEnd') === undefined ? undefined : neededRange(call);
}

/** Only the fields asked for. */
function chosen(call: Call, event: JsonObject): JsonObject {
  const fields = call.text('fields')?.split(',');
  return fields ? Object.fromEntries(Object.entries(event).filter(([name]) => fields.includes(name))) : event;
}

function ordered(call: Call, events: readonly JsonObject[]): JsonObject[] {
  const sort = call.text('sort');
  const key = (event: JsonObject): string => {
    const value = sort === undefined ? '' : event[sort];
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  };
  const down = /^desc/i.test(call.text('order') ?? '') ? -1 : 1;
  const sorted =
    sort === undefined ? [...events] : [...events].sort((one, other) => down * (key(one) < key(other) ? -1 : 1));
  return sorted.map((event) => chosen(call, event));
}

function newest(events: readonly JsonObject[]): number {
  return Math.max(0, ...events.map((event) => Number(event['timestamp'] ?? 0)));
}
