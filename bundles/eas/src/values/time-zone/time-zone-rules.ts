import type { Instant, TimeZoneId } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { day, minute } from '../date-time';
import { exactZoneOffset } from './zone-offset';

/** When clocks are changed every year: on a weekday counted in a month. */
export interface ClockChange {
  /** 1 to 12. */
  readonly month: number;
  /** 0 Sunday to 6 Saturday. */
  readonly dayOfWeek: number;
  /** 1 to 5, 5 = last. */
  readonly week: number;
  /** Milliseconds since midnight on the clock that is about to be changed. */
  readonly timeOfDay: number;
}

/** A zone as EAS carries it: one yearly rule. [MS-ASDTYPE] "TimeZone". */
export interface TimeZoneRules {
  readonly name: string;
  /** Minutes by which standard time is ahead of UTC. */
  readonly standardOffset: number;
  /** Absent: the clocks are never changed. */
  readonly daylight?: {
    readonly offset: number;
    readonly begins: ClockChange;
    readonly ends: ClockChange;
  };
}

/** Minutes by which local time is ahead of UTC under these rules. */
export function offsetAt({ standardOffset, daylight }: TimeZoneRules, instant: Instant): number {
  if (daylight === undefined) return standardOffset;
  const year = new Date(instant + standardOffset * minute).getUTCFullYear();
  const begins = localTimeOf(daylight.begins, year) - standardOffset * minute;
  const ends = localTimeOf(daylight.ends, year) - daylight.offset * minute;
  const inDaylight = begins < ends ? instant >= begins && instant < ends : instant >= begins || instant < ends;
  return inDaylight ? daylight.offset : standardOffset;
}

/** The day and time of a change in one year, as if it were UTC. */
export function localTimeOf(change: ClockChange, year: number): number {
  const first = Date.UTC(year, change.month - 1, 1);
  const days = ((change.dayOfWeek - new Date(first).getUTCDay() + 7) % 7) + (change.week - 1) * 7;
  const inMonth = days >= daysInMonth(year, change.month) ? days - 7 : days;
  return first + inMonth * day + change.timeOfDay;
}

const knownRules = new LRUCache<string, TimeZoneRules>({ max: 5000 });

/**
 * The rules under which a zone lives in a year. Exact in that year, unless the clocks were changed more often than
 * twice (Morocco and Egypt, where Ramadan interrupts summer time): then the shortest stretches are left out.
 */
export function rulesOfZone(zone: TimeZoneId, year: number): TimeZoneRules {
  const key = `${year} ${zone}`;
  let rules = knownRules.get(key);
  if (rules === undefined) {
    rules = { name: zone, ...rulesOfStretches(simplify(stretchesOf(zone, year)), zone, year) };
    knownRules.set(key, rules);
  }
  return rules;
}

/** Time with one offset. */
interface Stretch {
  /** Minutes ahead of UTC. */
  readonly offset: number;
  readonly from: Instant;
  readonly to: Instant;
}

/** No offset has lasted less, since 1970. */
const shortestStretch = 21 * day;

// Years are looked at more than once, for what the rules of their neighbours are.
const knownStretches = new LRUCache<string, readonly Stretch[]>({ max: 5000 });

/** A local year cut at the changes of the offset. */
function stretchesOf(zone: TimeZoneId, year: number): readonly Stretch[] {
  const key = `${year} ${zone}`;
  let stretches = knownStretches.get(key);
  if (stretches === undefined) {
    stretches = readStretches(zone, year);
    knownStretches.set(key, stretches);
  }
  return stretches;
}

function readStretches(zone: TimeZoneId, year: number): Stretch[] {
  const from = Date.UTC(year, 0, 1) - exactZoneOffset(zone, Date.UTC(year, 0, 1));
  const to = Date.UTC(year + 1, 0, 1) - exactZoneOffset(zone, Date.UTC(year + 1, 0, 1));
  const stretches: Stretch[] = [];
  let start = from;
  let offset = exactZoneOffset(zone, from);
  for (let at = from; at < to; at += shortestStretch) {
    const next = Math.min(at + shortestStretch, to - 1);
    const nextOffset = exactZoneOffset(zone, next);
    if (nextOffset === offset) continue;
    const change = changeBetween(zone, at, next);
    stretches.push({ offset: Math.round(offset / minute), from: start, to: change });
    start = change;
    offset = nextOffset;
  }
  return [...stretches, { offset: Math.round(offset / minute), from: start, to }];
}

/** The first minute with the new offset. */
function changeBetween(zone: TimeZoneId, before: Instant, after: Instant): Instant {
  const old = exactZoneOffset(zone, before);
  let low = Math.floor(before / minute);
  let high = Math.ceil(after / minute);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (exactZoneOffset(zone, middle * minute) === old) low = middle;
    else high = middle;
  }
  return high * minute;
}

/** Leaves out the shortest stretches until one yearly rule can say the rest. */
function simplify(stretches: readonly Stretch[]): readonly Stretch[] {
  const length = (stretch: Stretch) => stretch.to - stretch.from;
  const shortest = stretches.reduce((least, stretch) => (length(stretch) < length(least) ? stretch : least));
  const sayable = stretches.length < 3 || (stretches.length === 3 && stretches[0]?.offset === stretches[2]?.offset);
  // An hour at the end of the year comes of clocks put back at New Year.
  if (sayable && (stretches.length === 1 || length(shortest) > day)) return stretches;
  const merged: Stretch[] = [];
  for (const stretch of stretches.filter((candidate) => candidate !== shortest)) {
    const last = merged.at(-1);
    if (last?.offset === stretch.offset) merged[merged.length - 1] = { ...last, to: stretch.to };
    else merged.push({ ...stretch, from: last?.to ?? stretches[0]?.from ?? stretch.from });
  }
  return simplify(merged);
}

function rulesOfStretches(
  [first, second, third]: readonly Stretch[],
  zone: TimeZoneId,
  year: number,
): Omit<TimeZoneRules, 'name'> {
  if (first === undefined || second === undefined) return { standardOffset: first?.offset ?? 0 };
  const there = clockChangeAt(zone, second.from, first.offset);
  // A lasting change: the way back is New Year, so that at least this year is right.
  const back = third === undefined ? newYear(year) : clockChangeAt(zone, third.from, second.offset);
  return second.offset > first.offset
    ? { standardOffset: first.offset, daylight: { offset: second.offset, begins: there, ends: back } }
    : { standardOffset: second.offset, daylight: { offset: first.offset, begins: back, ends: there } };
}

function newYear(year: number): ClockChange {
  return { month: 1, dayOfWeek: new Date(Date.UTC(year, 0, 1)).getUTCDay(), week: 1, timeOfDay: 0 };
}

function clockChangeAt(zone: TimeZoneId, instant: Instant, offsetBefore: number): ClockChange {
  const local = instant + offsetBefore * minute;
  const date = new Date(local);
  const change = {
    month: date.getUTCMonth() + 1,
    dayOfWeek: date.getUTCDay(),
    timeOfDay: local - Math.floor(local / day) * day,
  };
  return { ...change, week: weekOf(date) ?? weekInOtherYears(zone, date, change) ?? 5 };
}

/** Which of its weekdays in the month a date is; undefined when it is both the fourth and the last. */
function weekOf(date: Date): number | undefined {
  const dayOfMonth = date.getUTCDate();
  const week = Math.floor((dayOfMonth - 1) / 7) + 1;
  const isLast = dayOfMonth + 7 > daysInMonth(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return isLast && week === 4 ? undefined : week;
}

/** Looks at the years after and before for what the law says: the fourth weekday or the last. */
function weekInOtherYears(
  zone: TimeZoneId,
  date: Date,
  change: Pick<ClockChange, 'month' | 'dayOfWeek'>,
): number | undefined {
  for (const distance of [1, 2, 3, 4, 5, 6, -1, -2, -3]) {
    const year = date.getUTCFullYear() + distance;
    const stretches = stretchesOf(zone, year);
    for (const [index, stretch] of stretches.entries()) {
      const before = stretches[index - 1];
      if (before === undefined) continue;
      const other = new Date(stretch.from + before.offset * minute);
      if (other.getUTCMonth() + 1 !== change.month || other.getUTCDay() !== change.dayOfWeek) continue;
      const week = weekOf(other);
      if (week === 4 || week === 5) return week;
    }
  }
  return undefined;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
