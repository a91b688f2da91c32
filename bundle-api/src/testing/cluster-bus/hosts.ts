import assert from 'node:assert/strict';
import type { ClusterBus } from '../../services/cluster-bus';
import type { ClusterBusUnderTest } from '../cluster-bus';
import { delivered, nextMessages, uncancelled } from './messages';

export function describeHosts(made: () => ClusterBusUnderTest): void {
  let here: ClusterBus;
  let there: ClusterBus;

  beforeEach(async () => {
    here = made().bus;
    there = await made().another();
  });

  it('notices arrive in order, once', async () => {
    const heardHere: unknown[] = [];
    here.subscribe('a', (message) => heardHere.push(message));
    const heardThere = nextMessages(there, 'a', 100);
    const sent = Array.from({ length: 100 }, (_, index) => ({ index }));
    for (const message of sent) here.publish('a', message);
    assert.deepEqual(await heardThere, sent);
    const echo = nextMessages(here, 'echo', 1);
    there.publish('echo', 1);
    await echo;
    await delivered(here);
    assert.deepEqual(heardHere, sent);
  });

  it('locks are held by one at a time, with growing fences', async () => {
    const held = await here.lock('l', uncancelled);
    assert.equal(await there.tryLock('l'), undefined);
    const waiting = there.lock('l', uncancelled);
    await held[Symbol.asyncDispose]();
    await using taken = await waiting;
    assert.ok(taken.fence > held.fence);
    assert.equal(await here.tryLock('l'), undefined);
  });

  it('many who want one lock all get it, one after the other', async () => {
    let inside = 0;
    const fences: number[] = [];
    const use = async (bus: ClusterBus): Promise<void> => {
      await using lock = await bus.lock('l', uncancelled);
      fences.push(lock.fence);
      assert.equal(++inside, 1);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all(Array.from({ length: 10 }, (_, index) => use(index % 2 ? here : there)));
    assert.deepEqual(
      fences,
      [...new Set(fences)].sort((left, right) => left - right),
    );
  });

  it('counters are shared', async () => {
    await here.count('a', 1, 60_000);
    assert.equal(await there.count('a', 1, 60_000), 2);
  });
}
