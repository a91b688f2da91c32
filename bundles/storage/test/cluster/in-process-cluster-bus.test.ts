import { describeClusterBus } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { InProcessClusterBus } from '../../src/cluster/in-process-cluster-bus';
import { ManualClock } from '../support/manual-clock';
import { RecordingLogger } from '../support/recording-logger';
import { systemClock } from '../support/system-clock';

describeClusterBus(
  'inside one process',
  () =>
    Promise.resolve({
      bus: new InProcessClusterBus({ clock: systemClock, logger: new RecordingLogger() }),
      another: () => Promise.reject(new Error('there is no other process')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  { hosts: false },
);

describe('InProcessClusterBus', () => {
  it('counts from the first increment of a window to its end', async () => {
    const clock = new ManualClock();
    const bus = new InProcessClusterBus({ clock, logger: new RecordingLogger() });
    const sums = [await bus.count('a', 1, 1000)];
    await clock.advance(999);
    sums.push(await bus.count('a', 1, 1000));
    await clock.advance(1);
    sums.push(await bus.count('a', 1, 1000));
    expect(sums).to.deep.equal([1, 2, 1]);
  });

  it('gives fences that grow over a restart', async () => {
    const clock = new ManualClock();
    const fence = async (): Promise<number> => {
      const bus = new InProcessClusterBus({ clock, logger: new RecordingLogger() });
      return (await bus.tryLock('l'))?.fence ?? 0;
    };
    const before = await fence();
    await clock.advance(1);
    expect(await fence()).to.be.greaterThan(before);
  });

  it('logs a listener that throws', async () => {
    const logger = new RecordingLogger();
    const bus = new InProcessClusterBus({ clock: systemClock, logger });
    const error = new Error('wanted failure');
    bus.subscribe('a', () => {
      throw error;
    });
    bus.publish('a', 1);
    await new Promise(setImmediate);
    expect(logger.lines).to.deep.equal([
      { level: 'error', message: 'a listener of the cluster bus failed', fields: { topic: 'a', error } },
    ]);
  });
});
