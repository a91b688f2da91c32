import { expect } from 'chai';
import { day, minute } from '../../../src/values/date-time';
import { findTimeZone } from '../../../src/values/time-zone/find-time-zone';
import { decodeTimeZone, encodeTimeZone } from '../../../src/values/time-zone/time-zone-blob';
import { offsetAt, rulesOfZone } from '../../../src/values/time-zone/time-zone-rules';
import { exactZoneOffset } from '../../../src/values/time-zone/zone-offset';

const zones = Intl.supportedValuesOf('timeZone');

/** Noon of a day in every four weeks: no change of clocks falls on it. */
function samplesOf(year: number): number[] {
  return Array.from({ length: 13 }, (_, index) => Date.UTC(year, 0, 8, 12) + index * 28 * day);
}

/** True when one yearly rule can say it: no change, one, or there and back. */
function isSayable(offsets: readonly number[]): boolean {
  const stretches = offsets.filter((offset, index) => offset !== offsets[index - 1]);
  return stretches.length < 3 || (stretches.length === 3 && stretches[0] === stretches[2]);
}

describe('Timezone structures of all zones', function () {
  this.timeout(60_000);

  it('are exact from 1970 to 2037, and lead back to a zone that lives the same', () => {
    const wrong: string[] = [];
    let unsayable = 0;
    for (let year = 1970; year <= 2037; year += 1) {
      const samples = samplesOf(year);
      const now = Date.UTC(year, 6, 1);
      for (const zone of zones) {
        const offsets = samples.map((at) => Math.round(exactZoneOffset(zone, at) / minute));
        if (!isSayable(offsets)) {
          unsayable += 1;
          continue;
        }
        const rules = decodeTimeZone(encodeTimeZone({ ...rulesOfZone(zone, year), name: '-' }))!;
        const found = findTimeZone(rules, { start: now, now, preferred: ['Europe/Berlin'] })!;
        const back = rulesOfZone(found, year);
        const exact = samples.every((at, index) => offsetAt(rules, at) === offsets[index]);
        const same = samples.every((at, index) => offsetAt(back, at) === offsets[index]);
        if (!exact || !same) wrong.push(`${zone} ${year} ${exact ? `became ${found}` : 'is wrong'}`);
      }
    }
    expect(wrong).to.deep.equal([]);
    expect(unsayable).to.be.lessThan(100);
  });
});
