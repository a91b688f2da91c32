import type { FollowUp, Instant, Message } from '@oxtender/bundle-api';
import { field } from '../../protocol/field-table';
import { parseFlag } from '../../protocol/schema';
import { formatDateTime, parseDateTime } from '../../values/date-time';
import { ItemError } from '../../values/item-error';
import { writeLocalAndUtc } from '../../values/local-date';
import { floorToDay } from '../../values/plain-date';
import { Email, type Element, type Tag, Tasks, element } from '../../wbxml';
import type { ItemContext } from '../item-context';
import { texts } from '../texts';

/** [MS-ASEMAIL] "Status". */
const FlagStatus = { Cleared: '0', Complete: '1', Active: '2' } as const;

const defaultFlagType = 'for Follow Up';

/** [MS-ASEMAIL] "Flag": empty when there is none. */
export const followUpField = field<Pick<Message, 'followUp'>, ItemContext>({
  tag: Email.Flag,
  since: '12.0',
  keys: ['followUp'],
  missing: 'keep',
  write: ({ followUp }, { user }) =>
    element(Email.Flag, followUp === undefined ? [] : writeFlag(followUp, user.timeZone)),
  read: (read) => ({ followUp: readFlag(read) }),
});

function writeFlag(flag: FollowUp, zone: string): (Element | undefined)[] {
  const { status, flagType, start, due, completedAt, reminder, subject } = flag;
  const complete = status === 'complete';
  return [
    texts(Tasks.Subject, subject),
    element(Email.Status, complete ? FlagStatus.Complete : FlagStatus.Active),
    element(Email.FlagType, flagType ?? defaultFlagType),
    ...(complete ? [moment(Tasks.DateCompleted, completedAt ?? 0), moment(Email.CompleteTime, completedAt ?? 0)] : []),
    // All four, or none.
    ...(start === undefined && due === undefined ? [] : dates(start ?? due ?? 0, due ?? start ?? 0, zone)),
    element(Tasks.ReminderSet, reminder === undefined ? 0 : 1),
    reminder === undefined ? undefined : moment(Tasks.ReminderTime, reminder),
  ];
}

function dates(start: Instant, due: Instant, zone: string): Element[] {
  const written = (instant: Instant, local: Tag, utc: Tag): Element[] => {
    const forms = writeLocalAndUtc({ instant: floorToDay(instant), isDate: true }, zone);
    return [moment(local, forms.local ?? instant), moment(utc, forms.utc ?? instant)];
  };
  return [...written(start, Tasks.StartDate, Tasks.UtcStartDate), ...written(due, Tasks.DueDate, Tasks.UtcDueDate)];
}

/**
 * Reads a flag; null when it is cleared.
 *
 * @throws ItemError when it breaks a rule of [MS-ASEMAIL] "Flag"
 */
function readFlag(read: Element): FollowUp | null {
  const text = (tag: Tag): string => read.child(tag)?.text ?? '';
  const date = (tag: Tag): Instant | undefined => parseDateTime(text(tag));
  const status = text(Email.Status);
  if (read.children.length === 0 || status === FlagStatus.Cleared) return null;
  if (status !== FlagStatus.Complete && status !== FlagStatus.Active) throw broken('Status is none of 0, 1, 2');
  const complete = status === FlagStatus.Complete;
  const completedAt = date(Email.CompleteTime) ?? date(Tasks.DateCompleted);
  if (complete && completedAt === undefined) throw broken('complete without the time of it');
  if (!complete && text(Email.FlagType) === '') throw broken('active without FlagType');
  return {
    status: complete ? 'complete' : 'active',
    ...optional('flagType', text(Email.FlagType) || undefined),
    ...readDates(date),
    ...optional('reminder', readReminder(text, date)),
    ...(complete ? optional('completedAt', completedAt) : {}),
    ...optional('subject', text(Tasks.Subject) || undefined),
  };
}

function readDates(date: (tag: Tag) => Instant | undefined): { start?: Instant; due?: Instant } {
  const all = [Tasks.StartDate, Tasks.UtcStartDate, Tasks.DueDate, Tasks.UtcDueDate].map(date);
  const given = all.filter((instant) => instant !== undefined).length;
  const [start, , due] = all;
  if (given === 0) return {};
  if (given !== all.length || start === undefined || due === undefined) throw broken('some of its dates are missing');
  if (due < start) throw broken('DueDate is before StartDate');
  return { start: floorToDay(start), due: floorToDay(due) };
}

function readReminder(text: (tag: Tag) => string, date: (tag: Tag) => Instant | undefined): Instant | undefined {
  if (text(Tasks.ReminderSet) === '' || parseFlag(text(Tasks.ReminderSet)) !== true) return undefined;
  return date(Tasks.ReminderTime) ?? fail('ReminderSet without ReminderTime');
}

function moment(tag: Tag, instant: Instant): Element {
  return element(tag, formatDateTime(instant));
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

function fail(message: string): never {
  throw broken(message);
}

function broken(message: string): ItemError {
  return new ItemError('INVALID_VALUE', `flag: ${message}`);
}
