import type { PlainDate, Recurrence } from '@oxtender/bundle-api';
import { parseInteger } from '../protocol/schema';
import { invalid } from '../protocol/fields';
import { type ProtocolVersion, isAtLeast } from '../protocol/versions';
import {
  type RecurrencePattern,
  RecurrenceType,
  checkCalendarType,
  patternOf,
  recurrenceOf,
} from '../values/recurrence';
import { ItemError } from '../values/item-error';
import { type Element, type Tag, element } from '../wbxml';

/** The elements of a recurrence on the pages of one class. */
export interface RecurrenceTags {
  readonly Type: Tag;
  readonly Until: Tag;
  readonly Occurrences: Tag;
  readonly Interval: Tag;
  readonly DayOfWeek: Tag;
  readonly DayOfMonth: Tag;
  readonly WeekOfMonth: Tag;
  readonly MonthOfYear: Tag;
  readonly CalendarType: Tag;
  readonly FirstDayOfWeek: Tag;
}

/** What surrounds a recurrence. */
export interface RecurrenceFrame {
  readonly version: ProtocolVersion;
  /** Local date of the first occurrence. */
  readonly start: PlainDate;
  /** The text of Until for the last day. */
  readonly formatUntil: (last: PlainDate) => string;
}

/** The elements below Recurrence. [MS-ASCAL] "Recurrence"; the same in [MS-ASEMAIL] and [MS-ASTASK]. */
export function writeRecurrence(
  tags: RecurrenceTags,
  recurrence: Recurrence,
  { version, start, formatUntil }: RecurrenceFrame,
): Element[] {
  const pattern = patternOf(recurrence, start);
  const monthly = pattern.type > RecurrenceType.Weekly;
  const weekly = pattern.type === RecurrenceType.Weekly;
  const parts: readonly (readonly [Tag, number | string | undefined])[] = [
    [tags.Type, pattern.type],
    [tags.Until, pattern.until && formatUntil(pattern.until)],
    [tags.Occurrences, pattern.occurrences],
    [tags.Interval, pattern.interval],
    [tags.DayOfWeek, pattern.dayOfWeek],
    [tags.DayOfMonth, pattern.dayOfMonth],
    [tags.WeekOfMonth, pattern.weekOfMonth],
    [tags.MonthOfYear, pattern.monthOfYear],
    [tags.CalendarType, monthly && isAtLeast(version, '14.0') ? 0 : undefined],
    [tags.FirstDayOfWeek, weekly && isAtLeast(version, '14.1') ? pattern.firstDayOfWeek : undefined],
  ];
  return parts.flatMap(([tag, value]) => (value === undefined ? [] : [element(tag, value)]));
}

/**
 * Reads the elements below Recurrence.
 *
 * @param readUntil - the last day that the text of Until means; undefined when it is none
 * @throws ItemError INVALID_RECURRENCE, INVALID_VALUE, MISSING_ELEMENT, UNSUPPORTED_CALENDAR
 */
export function readRecurrence(
  tags: RecurrenceTags,
  read: Element,
  readUntil: (text: string) => PlainDate | undefined,
): Recurrence {
  const number = (tag: Tag): number | undefined => {
    const text = read.child(tag)?.text;
    return text === undefined || text === '' ? undefined : (parseInteger(text) ?? invalid(tag));
  };
  if (read.children.filter(({ tag }) => tag === tags.CalendarType).length > 1) {
    throw new ItemError('INVALID_RECURRENCE', 'two elements CalendarType');
  }
  checkCalendarType(number(tags.CalendarType) ?? 0);
  const until = read.child(tags.Until)?.text ?? '';
  const last = until === '' ? undefined : (readUntil(until) ?? invalid(tags.Until));
  return recurrenceOf(
    defined<RecurrencePattern>({
      type: recurrenceType(number(tags.Type), tags.Type),
      interval: number(tags.Interval) ?? 1,
      dayOfWeek: number(tags.DayOfWeek),
      dayOfMonth: number(tags.DayOfMonth),
      weekOfMonth: number(tags.WeekOfMonth),
      monthOfYear: number(tags.MonthOfYear),
      occurrences: number(tags.Occurrences),
      firstDayOfWeek: number(tags.FirstDayOfWeek),
      until: last,
    }),
  );
}

function recurrenceType(value: number | undefined, tag: Tag): RecurrenceType {
  if (value === undefined) throw new ItemError('MISSING_ELEMENT', 'a recurrence without Type');
  return Object.values(RecurrenceType).find((type) => type === value) ?? invalid(tag);
}

/** Without the keys that hold undefined. */
function defined<T>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
