import { expect } from 'chai';
import fc from 'fast-check';
import { Permits } from '../src/permits';
import { ManualClock } from './support/manual-clock';
import { rejection } from './support/rejection';

describe('Permits', () => {
  it('are never more than there are, and go round in the order of asking', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (total, steps) => {
          const permits = new Permits(total);
          const entered: number[] = [];
          let asked = 0;
          let left = 0;
          for (const ask of steps) {
            if (ask) {
              const number = asked++;
              void permits.acquire().then(() => entered.push(number));
            } else if (left < entered.length) {
              left++;
              permits.release();
            }
            await Promise.resolve().then(() => undefined);
          }
          await new Promise(setImmediate);
          expect(entered).to.deep.equal(Array.from({ length: Math.min(asked, left + total) }, (_, index) => index));
          expect(permits.idle).to.equal(entered.length === left);
        },
      ),
    );
  });

  it('pass by those who gave up', async () => {
    const clock = new ManualClock();
    const permits = new Permits();
    await permits.acquire();
    const late = new Error('too late');
    const time = { clock, milliseconds: 100, error: () => late };
    const impatient = new AbortController();
    const reason = new Error('enough');
    const outcomes = [
      rejection(permits.acquire({ time })),
      rejection(permits.acquire({ signal: impatient.signal, time })),
    ];
    const last = permits.acquire();
    impatient.abort(reason);
    await clock.advance(100);
    expect(await Promise.all(outcomes)).to.deep.equal([late, reason]);
    permits.release();
    await last;
    expect(clock.waiting).to.equal(0);
    permits.release();
    expect(permits.idle).to.equal(true);
  });
});
