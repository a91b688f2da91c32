import type { BusyPeriod } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { mergedFreeBusy, timeRange } from '../../src/commands/resolve-recipients/availability';

const slot = 30 * 60_000;
const start = Date.UTC(2026, 10, 23, 8);
const codes = { tentative: '1', busy: '2', away: '3' } as const;

const period = fc
  .record({
    from: fc.integer({ min: -3 * slot, max: 12 * slot }),
    length: fc.integer({ min: 1, max: 5 * slot }),
    status: fc.constantFrom('tentative', 'busy', 'away'),
  })
  .map(({ from, length, status }): BusyPeriod => ({
    start: start + from,
    end: start + from + length,
    status: status,
  }));

describe('MergedFreeBusy', () => {
  it('has for each half hour the highest of what overlaps it', () => {
    fc.assert(
      fc.property(fc.array(period, { maxLength: 6 }), fc.integer({ min: slot, max: 10 * slot }), (periods, span) => {
        const digits = mergedFreeBusy([periods], { start, end: start + span });
        expect(digits).to.have.length(Math.ceil(span / slot));
        for (const [index, digit] of Array.from(digits).entries()) {
          const [from, to] = [start + index * slot, start + (index + 1) * slot];
          const overlapping = periods
            .filter((one) => one.start < to && one.end > from)
            .map(({ status }) => codes[status]);
          expect(digit).to.equal(overlapping.sort().at(-1) ?? '0');
        }
      }),
    );
  });

  it('merges the members of a group, of whom one without data spoils it', () => {
    const range = { start, end: start + 2 * slot };
    const anna: BusyPeriod[] = [{ start, end: start + 1, status: 'tentative' }];
    const bob: BusyPeriod[] = [{ start, end: start + slot + 1, status: 'away' }];
    expect(mergedFreeBusy([anna, bob], range)).to.equal('33');
    expect(mergedFreeBusy([anna, undefined], range)).to.equal('44');
  });

  it('is for half an hour at least, for 42 days at most, for a week when nothing is said', () => {
    const day = 86_400_000;
    expect(timeRange({ start, end: start + slot - 1 })).to.equal(undefined);
    expect(timeRange({ start, end: start + slot })).to.deep.equal({ start, end: start + slot });
    expect(timeRange({ start, end: start + 42 * day + 1 })).to.equal(undefined);
    expect(timeRange({ start })).to.deep.equal({ start, end: start + 7 * day });
  });
});
