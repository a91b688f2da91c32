import { expect } from 'chai';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { Pattern } from '../../src/calendar/pattern';
import { Series } from '../../src/calendar/series';

const day = 86_400_000;
const hour = 3_600_000;
const none = { days: null, dayInMonth: null, month: null, until: null, occurrences: null };

const pattern: fc.Arbitrary<Pattern> = fc
  .oneof(
    fc.record({ type: fc.constant(1), interval: fc.integer({ min: 1, max: 10 }) }),
    fc.record({
      type: fc.constant(2),
      interval: fc.integer({ min: 1, max: 4 }),
      days: fc.integer({ min: 1, max: 127 }),
    }),
    fc.record({
      type: fc.constant(3),
      interval: fc.integer({ min: 1, max: 4 }),
      dayInMonth: fc.integer({ min: 1, max: 31 }),
    }),
    fc.record({
      type: fc.constant(3),
      interval: fc.integer({ min: 1, max: 4 }),
      dayInMonth: fc.integer({ min: 1, max: 5 }),
      days: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 62, 65, 127),
    }),
    fc.record({
      type: fc.constant(4),
      interval: fc.constant(1),
      dayInMonth: fc.integer({ min: 1, max: 31 }),
      month: fc.nat(11),
    }),
    fc.record({
      type: fc.constant(4),
      interval: fc.constant(1),
      dayInMonth: fc.integer({ min: 1, max: 5 }),
      days: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 62, 65, 127),
      month: fc.nat(11),
    }),
  )
  .map((fields) => ({ ...none, ...fields }));

/** Days on which a pattern takes place, found by asking each day: slow, and by no library. */
function naive({ type, interval, days, dayInMonth, month }: Pattern, first: DateTime, last: DateTime): string[] {
  const found: string[] = [];
  const monday = first.minus({ days: first.weekday - 1 });
  const wanted = (date: DateTime): boolean => days === null || (days & (1 << (date.weekday % 7))) !== 0;
  const fitsMonth = (date: DateTime): boolean => {
    if (days === null) return date.day === dayInMonth;
    if (!wanted(date)) return false;
    const all = Array.from({ length: date.daysInMonth ?? 0 }, (_, index) => date.set({ day: index + 1 })).filter(
      wanted,
    );
    return (dayInMonth === 5 ? all.at(-1) : all[dayInMonth! - 1])?.day === date.day;
  };
  for (let date = first; date <= last; date = date.plus({ days: 1 })) {
    const fits =
      type === 1
        ? Math.round(date.diff(first, 'days').days) % interval === 0
        : type === 2
          ? Math.floor(date.diff(monday, 'days').days / 7) % interval === 0 && wanted(date)
          : type === 3
            ? ((date.year - first.year) * 12 + date.month - first.month) % interval === 0 && fitsMonth(date)
            : date.month - 1 === month && fitsMonth(date);
    if (fits) found.push(date.toISODate()!);
  }
  return found;
}

describe('Series', () => {
  const start = fc
    .integer({ min: Date.UTC(2024, 0, 1) / day, max: Date.UTC(2027, 0, 1) / day })
    .map((days) => days * day);

  it('takes place on the days of its pattern', () => {
    fc.assert(
      fc.property(pattern, start, (repeats, first) => {
        const series = new Series({ pattern: repeats, start: first, end: first + day, fullTime: true, zone: 'UTC' });
        const end = DateTime.fromMillis(first, { zone: 'utc' }).plus({ years: 2 });
        const found = [...series.occurrences(end.toMillis() + 1)].map(({ date }) =>
          DateTime.fromMillis(date, { zone: 'utc' }).toISODate(),
        );
        expect(found).to.deep.equal(naive(repeats, DateTime.fromMillis(first, { zone: 'utc' }), end));
      }),
      { numRuns: 80 },
    );
  });

  it('keeps its time of day and length by the clock on the wall', () => {
    const zone = 'America/New_York';
    fc.assert(
      fc.property(start, fc.integer({ min: 4 * 60, max: 22 * 60 }), (first, minutes) => {
        const begin = DateTime.fromMillis(first, { zone: 'utc' })
          .setZone(zone, { keepLocalTime: true })
          .plus({ minutes });
        const pattern = { ...none, type: 1, interval: 13 };
        const series = new Series({
          pattern,
          start: begin.toMillis(),
          end: begin.toMillis() + hour,
          fullTime: false,
          zone,
        });
        for (const occurrence of series.occurrences(first + 400 * day)) {
          const local = DateTime.fromMillis(occurrence.start, { zone });
          expect([local.hour, local.minute]).to.deep.equal([begin.hour, begin.minute]);
          expect(occurrence.end - occurrence.start).to.equal(hour);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('finds by position and by day what it lists, and ends where it is told', () => {
    fc.assert(
      fc.property(pattern, start, fc.integer({ min: 1, max: 12 }), (repeats, first, occurrences) => {
        const series = new Series({
          pattern: { ...repeats, occurrences },
          start: first,
          end: first + day,
          fullTime: true,
          zone: 'UTC',
        });
        const all = [...series.occurrences()];
        expect(all.map(({ position }) => position)).to.deep.equal(all.map((_, index) => index + 1));
        expect(all.length).to.be.at.most(occurrences);
        for (const occurrence of all) {
          expect(series.at(occurrence.position)).to.deep.equal(occurrence);
          expect(series.on(occurrence.date)).to.deep.equal(occurrence);
        }
        expect(series.at(occurrences + 1)).to.equal(undefined);
        if (all.length > 0) expect(series.lastEnd()).to.equal(all.at(-1)!.end);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out 29 February in common years', () => {
    const first = Date.UTC(2024, 1, 29);
    const leap = { ...none, type: 4, interval: 1, dayInMonth: 29, month: 1 };
    const series = new Series({ pattern: leap, start: first, end: first + day, fullTime: true, zone: 'UTC' });
    expect(
      [...series.occurrences(Date.UTC(2033, 0, 1))].map(({ date }) => new Date(date).getUTCFullYear()),
    ).to.deep.equal([2024, 2028, 2032]);
  });
});
