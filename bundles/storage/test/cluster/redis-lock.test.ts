import { isOxtenderError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { RedisLock } from '../../src/cluster/redis-lock';
import { ManualClock } from '../support/manual-clock';

/** A lock for 900 ms whose renewals answer as told. */
function lockThatAnswers(...answers: (boolean | Error)[]) {
  const clock = new ManualClock();
  const calls: string[] = [];
  const lock = new RedisLock({
    clock,
    name: 'l',
    fence: 1,
    taken: clock.now(),
    ttl: 900,
    renew: () => {
      calls.push('renew');
      const answer = answers.shift() ?? true;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    release: () => {
      calls.push('release');
      return Promise.resolve();
    },
  });
  return { clock, lock, calls };
}

describe('RedisLock', () => {
  it('lives as long as it is renewed, and ends with its holder', async () => {
    const { clock, lock, calls } = lockThatAnswers();
    await clock.advance(3000);
    expect(lock.signal.aborted).to.equal(false);
    await lock[Symbol.asyncDispose]();
    await clock.advance(3000);
    expect([calls, clock.waiting]).to.deep.equal([[...Array<string>(10).fill('renew'), 'release'], 0]);
  });

  it('is lost at once when it is somebody else’s', async () => {
    const { clock, lock } = lockThatAnswers(false);
    await clock.advance(300);
    expect(isOxtenderError(lock.signal.reason, 'LOCK_LOST')).to.equal(true);
    expect(clock.waiting).to.equal(0);
  });

  it('bears renewals that fail until its time is out', async () => {
    const gone = new Error('gone');
    const { clock, lock } = lockThatAnswers(gone, true, gone, gone, gone);
    await clock.advance(600 + 899);
    expect(lock.signal.aborted).to.equal(false);
    await clock.advance(1);
    expect(lock.signal.aborted).to.equal(true);
  });

  it('does nothing when it is given back after it was lost', async () => {
    const { clock, lock, calls } = lockThatAnswers(false);
    await clock.advance(300);
    await lock[Symbol.asyncDispose]();
    expect(calls).to.deep.equal(['renew', 'release']);
  });
});
