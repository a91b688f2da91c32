import { expect } from 'chai';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { type ByWeekday, Frequency, RRule, Weekday } from 'rrule';
import type { Recurrence } from '@oxtender/bundle-api';
import { recurrenceOfRule } from '../../src/classes/email/recurrence-rule';
import { type RecurrencePattern, RecurrenceType, patternOf, recurrenceOf } from '../../src/values/recurrence';
import { omit } from '../../src/values/omit';
import { plainDateOf } from '../../src/values/plain-date';
import { recurrence } from '../classes/arbitraries';

const names = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** The weekdays of a bit set, from Sunday. */
function weekdays(bits: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6].filter((index) => (bits & (1 << index)) !== 0);
}

/** The occurrences of a pattern, by the words of [MS-ASCAL] and the library rrule. */
function occurrencesOfPattern(pattern: RecurrencePattern, start: Date): number[] {
  const frequencies = {
    [RecurrenceType.Daily]: Frequency.DAILY,
    [RecurrenceType.Weekly]: Frequency.WEEKLY,
    [RecurrenceType.Monthly]: Frequency.MONTHLY,
    [RecurrenceType.MonthlyNth]: Frequency.MONTHLY,
    [RecurrenceType.Yearly]: Frequency.YEARLY,
    [RecurrenceType.YearlyNth]: Frequency.YEARLY,
  };
  const { dayOfWeek, dayOfMonth, weekOfMonth, monthOfYear, firstDayOfWeek } = pattern;
  // Weekdays of rrule count from Monday.
  const days: ByWeekday[] = weekdays(dayOfWeek ?? 0).map((index) => new Weekday((index + 6) % 7));
  const rule = new RRule({
    dtstart: start,
    freq: frequencies[pattern.type],
    interval: pattern.interval,
    ...(dayOfWeek === undefined ? {} : { byweekday: days }),
    ...(dayOfMonth === undefined ? {} : { bymonthday: dayOfMonth }),
    ...(monthOfYear === undefined ? {} : { bymonth: monthOfYear }),
    ...(weekOfMonth === undefined ? {} : { bysetpos: weekOfMonth === 5 ? -1 : weekOfMonth }),
    ...(firstDayOfWeek === undefined ? {} : { wkst: (firstDayOfWeek + 6) % 7 }),
    ...(pattern.occurrences === undefined ? {} : { count: pattern.occurrences }),
    ...(pattern.until === undefined ? {} : { until: new Date(`${pattern.until}T23:59:59Z`) }),
  });
  return rule.all((_, index) => index < 30).map((date) => date.getTime());
}

/** The RRULE of a record, by the words of the model. */
function ruleOf(record: Recurrence): string {
  const { frequency, interval, daysOfWeek, dayOfMonth, weekOfMonth, month, firstDayOfWeek } = record;
  const days = weekdays(daysOfWeek ?? 0).map((index) => names[index]);
  const parts = {
    FREQ: frequency.toUpperCase(),
    INTERVAL: interval,
    BYDAY: days.length === 0 ? undefined : days.join(','),
    BYMONTHDAY: dayOfMonth,
    BYSETPOS: weekOfMonth === 5 ? -1 : weekOfMonth,
    BYMONTH: month,
    WKST: firstDayOfWeek === undefined ? undefined : names[firstDayOfWeek],
    COUNT: record.occurrences,
    UNTIL: record.until === undefined ? undefined : `${record.until.replaceAll('-', '')}T235959Z`,
  };
  return Object.entries(parts)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(';');
}

/** The occurrences of a record, by the library ical.js. */
function occurrencesOfRecord(record: Recurrence, start: Date): number[] {
  const iterator = ICAL.Recur.fromString(ruleOf(record)).iterator(ICAL.Time.fromJSDate(start, true));
  const found: number[] = [];
  for (
    let next = iterator.next() as ICAL.Time | null;
    next !== null && found.length < 30;
    next = iterator.next() as ICAL.Time | null
  ) {
    found.push(next.toUnixTime() * 1000);
  }
  return found;
}

/** The first occurrence at or after a day: where a series begins. */
function firstOccurrence(pattern: RecurrencePattern, after: Date): Date | undefined {
  const [first] = occurrencesOfPattern(omit(pattern, 'occurrences', 'until'), after);
  return first === undefined ? undefined : new Date(first);
}

describe('recurrences', () => {
  const anyDay = fc.integer({ min: 10_000, max: 22_000 }).map((days) => new Date(days * 86_400_000));

  it('come back as they went', () => {
    fc.assert(
      fc.property(recurrence, anyDay, (record, date) => {
        expect(recurrenceOf(patternOf(record, plainDateOf(date.getTime())))).to.deep.equal(record);
      }),
    );
  });

  it('have the occurrences on the device that they have in the groupware', function () {
    this.timeout(60_000);
    const small = recurrence.map((record) => ({ ...record, interval: Math.min(record.interval, 12) }));
    fc.assert(
      fc.property(small, anyDay, (record, date) => {
        const pattern = patternOf(record, plainDateOf(date.getTime()));
        const start = firstOccurrence(pattern, date);
        fc.pre(start !== undefined);
        expect(occurrencesOfPattern(pattern, start)).to.deep.equal(occurrencesOfRecord(record, start));
      }),
      { numRuns: 100 },
    );
  });

  it('of an RRULE are those of its record', () => {
    fc.assert(
      fc.property(recurrence, (record) => {
        const read = recurrenceOfRule(ICAL.Recur.fromString(ruleOf(record)), 'Etc/UTC');
        expect(read).to.deep.equal(record);
      }),
    );
  });

  it('of a number of weekdays every day are weekly', () => {
    expect(recurrenceOf({ type: 0, interval: 1, dayOfWeek: 62 })).to.deep.equal({
      frequency: 'weekly',
      interval: 1,
      daysOfWeek: 62,
    });
  });

  it('end by their number when they have an end as well', () => {
    expect(recurrenceOf({ type: 0, interval: 0, occurrences: 3, until: '2026-01-01' })).to.deep.equal({
      frequency: 'daily',
      interval: 1,
      occurrences: 3,
    });
  });

  const refused: readonly RecurrencePattern[] = [
    { type: 0, interval: 1, dayOfMonth: 3 },
    { type: 1, interval: 1, dayOfWeek: 2, dayOfMonth: 3 },
    { type: 2, interval: 1, dayOfMonth: 3, dayOfWeek: 2 },
    { type: 2, interval: 1, dayOfMonth: 32 },
    { type: 3, interval: 1, weekOfMonth: 1 },
    { type: 3, interval: 1, weekOfMonth: 6, dayOfWeek: 2 },
    { type: 5, interval: 1, dayOfMonth: 3, monthOfYear: 13 },
    { type: 6, interval: 1, weekOfMonth: 1, dayOfWeek: 128, monthOfYear: 1 },
    { type: 1, interval: 1, dayOfWeek: 2, firstDayOfWeek: 7 },
    { type: 0, interval: 1000 },
  ];
  for (const pattern of refused) {
    it(`refuses ${JSON.stringify(pattern)}`, () => {
      expect(() => recurrenceOf(pattern))
        .to.throw()
        .with.property('code', 'INVALID_RECURRENCE');
    });
  }
});
