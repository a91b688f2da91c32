import { expect } from 'chai';
import fc from 'fast-check';
import { exactZoneOffset, fromLocal, isTimeZone, toLocal, zoneOffset } from '../../../src/values/time-zone/zone-offset';
import { moment, zone } from '../../classes/arbitraries';

describe('local time', () => {
  it('leads back to its moment, or to the other one with the same clock', () => {
    fc.assert(
      fc.property(zone, moment, (place, instant) => {
        const local = toLocal(place, instant);
        expect(toLocal(place, fromLocal(place, local))).to.equal(local);
      }),
      { numRuns: 500 },
    );
  });

  it('is remembered as it is', () => {
    const change = Date.UTC(2026, 2, 29, 1);
    for (let at = change - 90_000_000; at < change + 90_000_000; at += 900_000) {
      expect(zoneOffset('Europe/Berlin', at)).to.equal(exactZoneOffset('Europe/Berlin', at));
      expect(zoneOffset('Europe/Berlin', at)).to.equal(at < change ? 3_600_000 : 7_200_000);
    }
  });

  it('in the hour that is left out is after it, and in the hour that comes twice the first', () => {
    expect(fromLocal('Europe/Berlin', Date.UTC(2026, 2, 29, 2, 30))).to.equal(Date.UTC(2026, 2, 29, 1, 30));
    expect(fromLocal('Europe/Berlin', Date.UTC(2026, 9, 25, 2, 30))).to.equal(Date.UTC(2026, 9, 25, 0, 30));
  });

  it('knows the zones of the world, and takes others for UTC', () => {
    expect([isTimeZone('Asia/Kolkata'), isTimeZone('Mars/Olympus'), isTimeZone('')]).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(zoneOffset('Mars/Olympus', 0)).to.equal(0);
  });
});
