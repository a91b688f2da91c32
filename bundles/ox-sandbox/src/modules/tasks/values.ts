import { type Values, floorDay, readBody } from '../../columns/body';
import { taskColumns } from '../../columns/tasks';
import { oxError } from '../../envelope/ox-error';
import { patternOf, recurrenceChange, taskPatternCodes } from '../../calendar/pattern';
import { type Folder, FolderType } from '../../store/folders';
import { type Call, type JsonObject, without } from '../call';
import type { People } from '../people';
import { Status } from './rules';

/** Reads what a body changes of a task, the recurrence complete. @throws OxError TSK-... */
export function taskValues(call: Call, body: JsonObject, stored: Readonly<Values>): Values {
  const fields = without(withTimes(body), 'participants');
  const fullTime = stored['full_time'] === 1;
  const values = readBody(taskColumns, fields, { zone: call.viewer.zone, fullTime, tooLong: 'TSK-0041' });
  const before = { ...stored, start_date: stored['start_time'] ?? null };
  Object.assign(values, recurrenceChange(values, before, taskPatternCodes));
  checkTask({ ...stored, ...values });
  return values;
}

/** Clients from before 7.6.1 send days only: such a task is full-time. */
function withTimes(body: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...body };
  let days = false;
  for (const [old, name] of [
    ['start_date', 'start_time'],
    ['end_date', 'end_time'],
  ] as const) {
    if (!(old in body) || name in body) continue;
    const value = body[old];
    result[name] = typeof value === 'number' ? floorDay(value) : value;
    days ||= typeof value === 'number';
  }
  const saysMore = ['start_time', 'end_time', 'full_time'].some((name) => name in body);
  return days && !saysMore ? { ...result, full_time: true } : result;
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

/** @throws OxError TSK-0008, TSK-0028 */
export function checkPrivate(row: Readonly<Values>, people: People, folder: Folder): void {
  if (row['private_flag'] !== 1) return;
  if (folder.type !== FolderType.private) throw oxError('TSK-0008');
  if (people.participants.length > 0) throw oxError('TSK-0028');
}
