import { expect } from 'chai';
import fc from 'fast-check';
import { formatCompactDateTime, formatDateTime, parseDateTime } from '../../src/values/date-time';

describe('dates and times', () => {
  const second = fc.integer({ min: Date.UTC(1601, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });

  it('are read in either form', () => {
    fc.assert(
      fc.property(second, (at) => {
        expect(parseDateTime(formatDateTime(at * 1000))).to.equal(at * 1000);
        expect(parseDateTime(formatCompactDateTime(at * 1000))).to.equal(at * 1000);
      }),
    );
  });

  const cases: readonly (readonly [string, number | undefined])[] = [
    ['2000-12-25T08:35:00.000Z', Date.UTC(2000, 11, 25, 8, 35)],
    ['20001225T083500Z', Date.UTC(2000, 11, 25, 8, 35)],
    ['2000-12-25T08:35:00.5Z', Date.UTC(2000, 11, 25, 8, 35, 0, 500)],
    ['2000-12-25T08:35:00', Date.UTC(2000, 11, 25, 8, 35)],
    ['2000-12-25T08:35:00+01:00', Date.UTC(2000, 11, 25, 7, 35)],
    ['20001225', Date.UTC(2000, 11, 25)],
    ['2000-02-30T00:00:00Z', undefined],
    ['2000-13-01T00:00:00Z', undefined],
    ['2000-12-25T25:00:00Z', undefined],
    ['', undefined],
    ['yesterday', undefined],
  ];
  for (const [text, expected] of cases) {
    it(`'${text}' is ${expected === undefined ? 'none' : new Date(expected).toISOString()}`, () => {
      expect(parseDateTime(text)).to.equal(expected);
    });
  }
});
