import ICAL from 'ical.js';
import { type Values, day, floorDay } from '../columns/body';
import { fromZoned, toZoned } from '../store/zone';
import { type Pattern, RecurrenceType, patternOf } from './pattern';

/** One time at which a series takes place. */
export interface Occurrence {
  /** From 1; counts deleted and changed ones too. */
  readonly position: number;
  /** The day, as a Date: how OX names an occurrence. */
  readonly date: number;
  /** UTC milliseconds, or a Date for a full-time object. */
  readonly start: number;
  readonly end: number;
}

/** What a series needs to be computed. */
export interface SeriesOptions {
  readonly pattern: Pattern;
  readonly start: number;
  readonly end: number;
  readonly fullTime: boolean;
  readonly zone: string;
}

/** Looks for occurrences end here: what comes later than the year 2100 is of no interest to anybody. */
const horizon = Date.UTC(2100, 0, 1);

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** The occurrences of a pattern. Times repeat by the clock of the zone, so they move with daylight saving. */
export class Series {
  readonly #localStart: number;
  readonly #length: number;

  constructor(private readonly options: SeriesOptions) {
    this.#localStart = this.#toLocal(options.start);
    this.#length = this.#toLocal(options.end) - this.#localStart;
  }

  /** The series that an appointment row is, if it is one. */
  static of(row: Readonly<Values>): Series | undefined {
    const pattern = patternOf(row);
    if (!pattern) return undefined;
    return new Series({
      pattern,
      start: Number(row['start_date']),
      end: Number(row['end_date']),
      fullTime: row['full_time'] === 1,
      zone: String(row['timezone'] ?? 'UTC'),
    });
  }

  /**
   * In order, also those that an exception stands for.
   *
   * @param before - occurrences that start then or later are left out; default the year 2100
   * @param from - occurrences that end before are counted, but left out
   */
  *occurrences(before = horizon, from = -Infinity): Generator<Occurrence> {
    const { pattern } = this.options;
    const last =
      pattern.until === null
        ? Math.min(horizon, before + 2 * day)
        : Math.min(pattern.until + day - 1, before + 2 * day);
    const iterator = ICAL.Recur.fromString(ruleOf(pattern)).iterator(timeOf(this.#localStart));
    let position = 0;
    for (let next = iterator.next() as ICAL.Time | null; next; next = iterator.next() as ICAL.Time | null) {
      const local = Date.UTC(next.year, next.month - 1, next.day, next.hour, next.minute, next.second);
      if (local > last) return;
      if (isStray(next, pattern) || local < this.#localStart) continue;
      position++;
      if (local + this.#length + 2 * day >= from) {
        const occurrence = this.#occurrence(position, local);
        if (occurrence.start >= before) return;
        if (occurrence.end >= from) yield occurrence;
      }
      if (position === pattern.occurrences) return;
    }
  }

  /** The first occurrence: where the series really starts. */
  first(): Occurrence | undefined {
    for (const occurrence of this.occurrences()) return occurrence;
    return undefined;
  }

  at(position: number): Occurrence | undefined {
    if (position < 1) return undefined;
    for (const occurrence of this.occurrences()) if (occurrence.position === position) return occurrence;
    return undefined;
  }

  /** The occurrence of a day, given as a Date. */
  on(date: number): Occurrence | undefined {
    for (const occurrence of this.occurrences(date + 3 * day, date - 2 * day))
      if (occurrence.date === date) return occurrence;
    return undefined;
  }

  /** When the last occurrence ends; null for a series without end. */
  lastEnd(): number | null {
    const { until, occurrences } = this.options.pattern;
    if (until === null && occurrences === null) return null;
    let end = this.options.end;
    for (const occurrence of this.occurrences()) end = occurrence.end;
    return end;
  }

  #occurrence(position: number, local: number): Occurrence {
    return {
      position,
      date: floorDay(local),
      start: this.#fromLocal(local),
      end: this.#fromLocal(local + this.#length),
    };
  }

  #toLocal(milliseconds: number): number {
    return this.options.fullTime ? milliseconds : toZoned(milliseconds, this.options.zone);
  }

  #fromLocal(milliseconds: number): number {
    return this.options.fullTime ? milliseconds : fromZoned(milliseconds, this.options.zone);
  }
}

/** The same with its end. */
export function fullRuleOf(pattern: Pattern, { fullTime, zone }: { fullTime: boolean; zone: string }): string {
  if (pattern.occurrences !== null) return `${ruleOf(pattern)};COUNT=${pattern.occurrences}`;
  if (pattern.until === null) return ruleOf(pattern);
  const last = fullTime ? pattern.until : fromZoned(pattern.until + day - 1000, zone);
  const text = new Date(last).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${ruleOf(pattern)};UNTIL=${fullTime ? text.slice(0, 8) : text}`;
}

/** The pattern in iCalendar's terms, without its end. RFC 5545, "Recurrence Rule". */
export function ruleOf(pattern: Pattern): string {
  if (pattern.rule !== undefined) return pattern.rule.replace(/;?(?:COUNT|UNTIL)=[^;]*/g, '').replace(/^;/, '');
  const interval = `INTERVAL=${pattern.interval}`;
  switch (pattern.type) {
    case RecurrenceType.daily:
      return `FREQ=DAILY;${interval}`;
    case RecurrenceType.weekly:
      return `FREQ=WEEKLY;${interval};BYDAY=${dayNames(pattern.days ?? 127).join(',')}`;
    case RecurrenceType.monthly:
      return `FREQ=MONTHLY;${interval};${withinMonth(pattern)}`;
    default:
      return `FREQ=YEARLY;${interval};BYMONTH=${(pattern.month ?? 0) + 1};${withinMonth(pattern)}`;
  }
}

function withinMonth({ days, dayInMonth }: Pattern): string {
  if (days === null) return `BYMONTHDAY=${dayInMonth ?? 1}`;
  const nth = dayInMonth === 5 ? -1 : (dayInMonth ?? 1);
  const names = dayNames(days);
  return names.length === 1 ? `BYDAY=${nth}${names[0] ?? ''}` : `BYDAY=${names.join(',')};BYSETPOS=${nth}`;
}

export function dayNames(mask: number): string[] {
  return weekdays.filter((_, index) => (mask & (1 << index)) !== 0);
}

/**
 * The library moves 29 February of common years to March, and takes a start that is one of the weekdays for the n-th of
 * them: the rule means neither.
 */
function isStray(time: ICAL.Time, { type, days, dayInMonth, rule }: Pattern): boolean {
  if (rule !== undefined || type < RecurrenceType.monthly) return false;
  if (days === null) return time.day !== dayInMonth;
  const weekdayOf = (day: number): number => (time.dayOfWeek() - 1 + day - time.day + 35) % 7;
  const fits = (day: number): boolean => (days & (1 << weekdayOf(day))) !== 0;
  const length = ICAL.Time.daysInMonth(time.month, time.year);
  const fitting = Array.from({ length }, (_, index) => index + 1).filter(fits);
  return time.day !== (dayInMonth === 5 ? fitting.at(-1) : fitting[(dayInMonth ?? 1) - 1]);
}

function timeOf(local: number): ICAL.Time {
  const date = new Date(local);
  const fields = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    isDate: false,
  };
  return new ICAL.Time(fields, ICAL.Timezone.localTimezone);
}
