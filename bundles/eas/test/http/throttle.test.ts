import type { Clock } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { Throttle } from '../../src/http/throttle';
import { config } from '../commands/scripted-call';

const bad = { command: 'Sync', body: Buffer.from('03016a00', 'hex') };

/** [MS-ASHTTP] "Retry-After". */
describe('throttling', () => {
  let now: number;
  const clock = { now: () => now } as Clock;
  const throttle = (requests: number, failures: number) =>
    new Throttle(
      {
        ...config,
        'com.openexchange.usm.eas.throttle.requests_per_minute': requests,
        'com.openexchange.usm.eas.throttle.repeated_failures': failures,
      },
      clock,
    );
  const fail = (one: Throttle, times: number, request = bad) => {
    for (let time = 0; time < times; time += 1) {
      one.checkRepeat('A', request);
      one.failed('A', request);
    }
  };

  beforeEach(() => (now = 1000));

  it('lets each device send so many requests in a minute, and says when it may come back', () => {
    const one = throttle(2, 0);
    one.admit('A');
    now += 20_000;
    one.admit('A');
    expect(() => one.admit('A'))
      .to.throw()
      .that.includes({ code: 'THROTTLED', retryAfter: 40_000 });
    one.admit('B');
    now += 40_000;
    one.admit('A');
  });

  it('refuses a request that failed too often, and carries out another one', () => {
    const one = throttle(0, 3);
    fail(one, 3);
    now += 15_000;
    expect(() => one.checkRepeat('A', bad))
      .to.throw()
      .that.includes({ code: 'THROTTLED', retryAfter: 45_000 });
    one.checkRepeat('A', { ...bad, body: Buffer.from('03016a0001', 'hex') });
    one.checkRepeat('B', bad);
    now += 45_000;
    one.checkRepeat('A', bad);
  });

  it('forgets failures when something succeeds, or another request fails', () => {
    const one = throttle(0, 3);
    fail(one, 2);
    one.succeeded('A');
    fail(one, 2);
    fail(one, 1, { command: 'Ping', body: Buffer.of() });
    fail(one, 3);
    expect(() => one.checkRepeat('A', bad)).to.throw();
  });

  it('counts nothing unless it is told to', () => {
    const one = throttle(0, 0);
    fail(one, 1000);
    for (let time = 0; time < 1000; time += 1) one.admit('A');
  });
});
