import { expect } from 'chai';
import fc from 'fast-check';
import { day } from '../../src/values/date-time';
import { readLocalAndUtc, writeLocalAndUtc } from '../../src/values/local-date';
import { toLocal } from '../../src/values/time-zone/zone-offset';

const zone = fc.constantFrom('Pacific/Pago_Pago', 'America/New_York', 'Etc/UTC', 'Europe/Berlin', 'Pacific/Kiritimati');

describe('dates written as local time and as UTC', () => {
  it('come back as they went', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 25_000 }).map((days) => ({ instant: days * day, isDate: true })),
      fc.integer({ min: 1, max: 2e9 }).map((second) => ({ instant: second * 1000, isDate: false })),
    );
    fc.assert(
      fc.property(value, zone, (written, place) => {
        fc.pre(written.isDate || toLocal(place, written.instant) % day !== 0);
        expect(readLocalAndUtc(writeLocalAndUtc(written, place), place)).to.deep.equal(written);
      }),
    );
  });
});
