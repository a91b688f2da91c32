import assert from 'node:assert/strict';
import type { ClusterBus } from '../../services/cluster-bus';
import { uncancelled } from './messages';

export function describeLocks(bus: () => ClusterBus): void {
  it('are held by one at a time, in the order of the calls, with growing fences', async () => {
    const events: string[] = [];
    const fences: number[] = [];
    const use = async (name: string): Promise<void> => {
      await using lock = await bus().lock('l', uncancelled);
      events.push(`${name} in`);
      fences.push(lock.fence);
      await Promise.resolve();
      events.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c'].map(use));
    assert.deepEqual(events, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    assert.deepEqual(
      fences,
      [...new Set(fences)].sort((left, right) => left - right),
    );
    assert.ok(fences.every(Number.isSafeInteger));
  });

  it('of other names do not wait', async () => {
    await bus().lock('l', uncancelled);
    await using other = await bus().lock('m', uncancelled);
    assert.equal(other.signal.aborted, false);
  });

  it('are tried without waiting', async () => {
    const first = await bus().tryLock('l');
    assert.ok(first);
    assert.equal(await bus().tryLock('l'), undefined);
    await first[Symbol.asyncDispose]();
    await using second = await bus().tryLock('l');
    assert.ok(second && second.fence > first.fence);
  });

  it('end the waiting with the signal, and go to the next', async () => {
    const held = await bus().lock('l', uncancelled);
    const impatient = new AbortController();
    const reason = new Error('enough');
    const waiting = bus().lock('l', { signal: impatient.signal });
    const next = bus().lock('l', uncancelled);
    impatient.abort(reason);
    await assert.rejects(waiting, reason);
    await held[Symbol.asyncDispose]();
    await (await next)[Symbol.asyncDispose]();
    await assert.rejects(bus().lock('l', { signal: AbortSignal.abort(reason) }), reason);
  });

  it('given back twice are given back once', async () => {
    const first = await bus().lock('l', uncancelled);
    await first[Symbol.asyncDispose]();
    await bus().lock('l', uncancelled);
    await first[Symbol.asyncDispose]();
    assert.equal(await bus().tryLock('l'), undefined);
  });
}

export function describeCounters(bus: () => ClusterBus): void {
  it('add up by name', async () => {
    const sums = [
      await bus().count('a', 1, 60_000),
      await bus().count('b', 5, 60_000),
      await bus().count('a', 2.5, 60_000),
    ];
    assert.deepEqual(sums, [1, 5, 3.5]);
  });

  it('forget when their time is out', async () => {
    await bus().count('a', 1, 1);
    // Each try may fall into the millisecond of the one before.
    for (let tries = 1; (await bus().count('a', 1, 1)) !== 1; tries++) assert.ok(tries < 10_000);
  });
}
