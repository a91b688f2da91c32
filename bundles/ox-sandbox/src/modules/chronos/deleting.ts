import { errorFields } from '../../envelope/envelope';
import { oxError } from '../../envelope/ox-error';
import { Series } from '../../calendar/series';
import { deleteOne } from '../calendar/deleting';
import { isMaster } from '../calendar/exceptions';
import { calendarRules } from '../calendar/rules';
import { type Call, type JsonObject, asObject, asText } from '../call';
import type { Reply } from '../module';
import { findObject, folderNumber } from '../object-access';
import { eventOf } from './event';
import { eventAt, occurrenceDate } from './reading';
import { endSeriesBefore } from './split';

interface Deletion {
  readonly id: string;
  readonly folder: string;
  readonly recurrenceId: string | undefined;
  /** `THISANDFUTURE`: the occurrence and all after it. */
  readonly range: string | undefined;
}

interface Result {
  readonly updated: readonly JsonObject[];
  readonly deleted: readonly JsonObject[];
  readonly timestamp: number;
}

/** Deletes events and occurrences, each for itself: one that can not be deleted is answered with its error. */
export function deleteEvents(call: Call): Reply {
  const body = call.json();
  const elements = Array.isArray(body) ? (body as unknown[]) : [call.object()['events'] ?? []].flat();
  let newest = 0;
  const data = elements.map((element) => {
    const deletion = readDeletion(asObject(element));
    const { id, folder: folderId, recurrenceId } = deletion;
    const address = { folderId, id, ...(recurrenceId === undefined ? {} : { recurrenceId }) };
    try {
      const { updated, deleted, timestamp } = call.context.transaction(() => deleteEvent(call, deletion));
      newest = Math.max(newest, timestamp);
      return { ...address, created: [], updated, deleted };
    } catch (cause) {
      return { ...address, error: errorFields(call.server.toOxError(cause), call.server.style) };
    }
  });
  return { data, timestamp: newest };
}

function readDeletion({ id, folder, recurrenceId, recurrenceRange }: JsonObject): Deletion {
  return {
    id: asText(id) ?? '',
    folder: asText(folder) ?? '',
    recurrenceId: asText(recurrenceId),
    range: asText(recurrenceRange),
  };
}

/** @throws OxError CAL-4040, CAL-4041, CAL-4120 */
function deleteEvent(call: Call, { id, folder, recurrenceId, range }: Deletion): Result {
  const found = findObject(call, folder, id, calendarRules);
  const { stored } = found;
  if (stored.last_modified > call.timestamp) throw oxError('CAL-4120');
  const before = eventAt(call, folder, id, recurrenceId);
  if (recurrenceId === undefined || !isMaster(stored)) {
    const timestamp = deleteOne(call, found, {}, calendarRules);
    return { updated: [], deleted: [{ ...before, timestamp }], timestamp };
  }
  const date = occurrenceDate(stored, recurrenceId);
  const from = range === 'THISANDFUTURE' ? Series.of(stored)?.on(date) : undefined;
  if (from) endSeriesBefore(call, found, from);
  else deleteOne(call, found, { recurrence_date_position: date }, calendarRules);
  const master = call.context.appointments.stored(stored.id) ?? stored;
  const timestamp = master.last_modified;
  return { updated: [eventOf(call, master, folderNumber(folder))], deleted: [{ ...before, timestamp }], timestamp };
}
