import { GroupwareError, isOxtenderError, type RateLimit, type RateLimits } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { setImmediate } from 'node:timers/promises';
import { defaultConfig } from '../../src';
import { LoginGuard } from '../../src/session/login-guard';
import { RecordingLog } from '../support/services';

/** Limits whose windows never end. */
class EndlessLimits implements RateLimits {
  create({ points }: { points: number }): RateLimit {
    const used = new Map<string, number>();
    const add = (key: string, change: number): number => {
      const now = (used.get(key) ?? 0) + change;
      used.set(key, now);
      return now;
    };
    return {
      consume: async (key) => Promise.resolve(add(key, 1) > points ? 1000 : 0),
      waitFor: async (key) => Promise.resolve(add(key, 0) >= points ? 1000 : 0),
      reward: async (key) => Promise.resolve(void add(key, -1)),
      reset: async (key) => Promise.resolve(void used.delete(key)),
    };
  }
}

function guardOfTens(): LoginGuard {
  const limits = new EndlessLimits();
  const config = { ...defaultConfig, 'ox.login.attempts': 10 };
  return new LoginGuard({ source: () => limits, config, clock: { now: () => 0 }, log: new RecordingLog() });
}

const at = (user: number): { login: string; address: string } => ({ login: `user${user}`, address: '192.0.2.1' });

/** OX answers a little later. */
const right = async (): Promise<string> => setImmediate('in');
const wrong = async (): Promise<never> => {
  await setImmediate();
  throw new GroupwareError('AUTHENTICATION', 'wrong');
};

async function outcomes(attempts: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(attempts)) {
    const code =
      result.status === 'fulfilled'
        ? 'in'
        : isOxtenderError(result.reason)
          ? result.reason.code
          : String(result.reason);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

describe('the guard against guessed passwords', () => {
  it('lets all phones behind one address come back at once, as after a restart', async () => {
    const guard = guardOfTens();
    const users = Array.from({ length: 500 }, (_, user) => user);
    expect(await outcomes(users.map((user) => guard.attempt(at(user), right)))).to.deep.equal({ in: 500 });
    for (const user of users) expect(guard.admits(at(user))).to.equal(true);
  });

  it('refuses guesses at many users of one address beyond a hundred, however many come at once', async () => {
    const guard = guardOfTens();
    const users = Array.from({ length: 150 }, (_, user) => user);
    const counts = await outcomes(users.map((user) => guard.attempt(at(user), wrong)));
    expect(counts).to.deep.equal({ AUTHENTICATION: 100, UNAVAILABLE: 50 });
    expect(guard.admits(at(999))).to.equal(false);
  });

  it('refuses guesses at one user of one address beyond ten, however many come at once', async () => {
    const guard = guardOfTens();
    const counts = await outcomes(Array.from({ length: 30 }, () => guard.attempt(at(1), wrong)));
    expect(counts).to.deep.equal({ AUTHENTICATION: 10, UNAVAILABLE: 20 });
  });
});
