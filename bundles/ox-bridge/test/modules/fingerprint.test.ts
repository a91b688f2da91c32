import { expect } from 'chai';
import fc from 'fast-check';
import { fingerprint } from '../../src/modules/mail/fingerprint';

const item = fc.record({ id: fc.string({ maxLength: 6 }), version: fc.stringMatching(/^\d{1,3}\.\d$/) });

describe('the fingerprint of a listing', () => {
  it('is the same for the same listing only', () => {
    const listing = fc.array(item, { maxLength: 8 });
    fc.assert(
      fc.property(listing, listing, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(fingerprint(one) === fingerprint(other)).to.equal(isSame);
        expect(fingerprint(one)).to.equal(fingerprint([...one]));
      }),
      { numRuns: 2000 },
    );
  });

  it('differs when anything moves from one text to the next', () => {
    const pairs = [
      ['1', '2.0'],
      ['12', '.0'],
      ['', '12.0'],
    ] as const;
    expect(new Set(pairs.map(([id, version]) => fingerprint([{ id, version }]))).size).to.equal(3);
  });

  it('differs for each single flag of each of many mails', () => {
    const mails = Array.from({ length: 500 }, (_, index) => ({ id: String(index), version: '32.0' }));
    const changed = mails.map((one, at) => fingerprint(mails.with(at, { ...one, version: '40.0' })));
    expect(new Set([...changed, fingerprint(mails)]).size).to.equal(501);
  });
});
