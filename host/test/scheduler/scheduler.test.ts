import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { Logging } from '../../src/log/logging';
import { Schedulers } from '../../src/scheduler/scheduler';
import { deferred } from '../support/launch';

const scene = (random = 0.5) => {
  const clock = new FakeClock();
  const logging = new Logging({ clock, destination: { write: () => undefined } });
  const schedulers = new Schedulers({ clock, random: () => random });
  return { clock, logging, schedulers, scheduler: schedulers.createScheduler('a', logging.logger('a')) };
};

describe('scheduler', () => {
  it('waits from the end of a run to the begin of the next, never two at once', async () => {
    const { clock, scheduler } = scene();
    let gate = deferred();
    let runs = 0;
    scheduler.schedule({
      name: 'job',
      every: 1000,
      run: () => {
        runs++;
        return gate.promise;
      },
    });
    await clock.tick(999);
    expect(runs).to.equal(0);
    await clock.tick(10_000);
    expect(runs).to.equal(1);
    gate.resolve();
    gate = deferred();
    await settle();
    await clock.tick(1000);
    expect(runs).to.equal(2);
  });

  it('spreads the interval by the jitter', async () => {
    const { clock, scheduler } = scene(1);
    let runs = 0;
    scheduler.schedule({
      name: 'job',
      every: 1000,
      jitter: 0.5,
      run: () => {
        runs++;
        return Promise.resolve();
      },
    });
    await clock.tick(1499);
    expect(runs).to.equal(0);
    await clock.tick(1);
    expect(runs).to.equal(1);
  });

  it('logs a failure and goes on', async () => {
    const { clock, scheduler, logging, schedulers } = scene();
    scheduler.schedule({ name: 'job', every: 1000, run: () => Promise.reject(new Error('no')) });
    await clock.tick(2500);
    expect(logging.entries().map(({ message }) => message)).to.deep.equal([
      'scheduled job failed',
      'scheduled job failed',
    ]);
    expect(schedulers.list()).to.deep.equal([
      { owner: 'a', name: 'job', every: 1000, running: false, runs: 2, failures: 2, lastEnd: clock.now() - 500 },
    ]);
  });

  it('aborts what runs when the job or its bundle ends, and leaves no timer', async () => {
    const { clock, scheduler, logging, schedulers } = scene();
    const signals: AbortSignal[] = [];
    const run = ({ signal }: { signal: AbortSignal }): Promise<void> => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    const one = scheduler.schedule({ name: 'one', every: 1000, run });
    scheduler.schedule({ name: 'two', every: 1000, run });
    await clock.tick(1000);
    one[Symbol.dispose]();
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, false]);
    scheduler[Symbol.dispose]();
    await settle();
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
    expect([clock.pending, schedulers.list(), logging.entries()]).to.deep.equal([0, [], []]);
  });
});
