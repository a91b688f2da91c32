import { expect } from 'chai';
import * as fc from 'fast-check';
import { isSyncKey, nextSyncKey } from '../../src/sync/sync-key';

describe('sync keys', () => {
  it('grow as texts whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4_000_000_000_000), { minLength: 2, maxLength: 30 }), (times) => {
        const keys: string[] = [];
        for (const now of times) keys.push(nextSyncKey(now, keys.at(-1)));
        expect(keys.toSorted()).to.deep.equal(keys);
        expect(new Set(keys).size).to.equal(keys.length);
        expect(keys.every((key) => isSyncKey(key) && key.length < 64)).to.equal(true);
      }),
    );
  });

  it('of two collections made at the same time differ', () => {
    expect(nextSyncKey(1, undefined)).not.to.equal(nextSyncKey(1, undefined));
  });

  it('are told from what a device may invent', () => {
    for (const text of ['0', '', '1', 'x'.repeat(64), "'; DROP TABLE", '00000000000-00']) {
      expect(isSyncKey(text)).to.equal(false);
    }
  });
});
