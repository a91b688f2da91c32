import assert from 'node:assert/strict';
import type { ClusterBus } from '../../services/cluster-bus';
import { delivered, nextMessages } from './messages';

export function describeNotices(bus: () => ClusterBus): void {
  it('reach every listener of the topic, in order, and no other', async () => {
    const heard = Promise.all([nextMessages(bus(), 'a', 3), nextMessages(bus(), 'a', 3)]);
    const other: unknown[] = [];
    bus().subscribe('b', (message) => other.push(message));
    for (const message of [1, { text: 'ä\n😀', list: [null, true] }, 'three']) bus().publish('a', message);
    const expected = [1, { text: 'ä\n😀', list: [null, true] }, 'three'];
    assert.deepEqual([await heard, other], [[expected, expected], []]);
  });

  it('arrive after the call, as a copy', async () => {
    const heard: unknown[] = [];
    bus().subscribe('a', (message) => heard.push(message));
    const message = { value: 1 };
    bus().publish('a', message);
    message.value = 2;
    assert.deepEqual(heard, []);
    await delivered(bus());
    assert.deepEqual(heard, [{ value: 1 }]);
  });

  it('do not reach one who has unsubscribed, and the others all the same', async () => {
    const heard: string[] = [];
    const listener = (message: unknown): number => heard.push(String(message));
    const first = bus().subscribe('a', listener);
    bus().subscribe('a', listener);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    bus().publish('a', 'one');
    await delivered(bus());
    assert.deepEqual(heard, ['one']);
  });

  it('reach the others when one listener throws', async () => {
    bus().subscribe('a', () => {
      throw new Error('wanted failure');
    });
    const heard = nextMessages(bus(), 'a', 1);
    bus().publish('a', 'one');
    assert.deepEqual(await heard, ['one']);
  });

  it('are plain JSON data under 64 KiB', () => {
    bus().publish('a', 'x'.repeat(64 * 1024 - 3));
    assert.throws(() => bus().publish('a', 'x'.repeat(64 * 1024 - 2)), RangeError);
    assert.throws(() => bus().publish('a', 'ä'.repeat(32 * 1024)), RangeError);
    for (const wrong of [undefined, () => 1, 1n]) assert.throws(() => bus().publish('a', wrong), TypeError);
    assert.throws(() => bus().publish('a\nb', 1), TypeError);
  });
}
