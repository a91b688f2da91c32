import assert from 'node:assert/strict';
import type { Database } from '../../services/database';
import { notes, insert, names, withCode, uncancelled } from './notes';

export function describeSchemas(database: () => Database): void {
  it('of one name connect once at a time', async () => {
    const first = await database().connect(notes, uncancelled);
    await assert.rejects(database().connect(notes, uncancelled), withCode('BUSY'));
    await first[Symbol.asyncDispose]();
    const both = await Promise.allSettled([0, 1].map(() => database().connect(notes, uncancelled)));
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('go without touching others', async () => {
    const first = await database().connect(notes, uncancelled);
    const second = await database().connect({ ...notes, name: 'other' }, uncancelled);
    await first[Symbol.asyncDispose]();
    await insert(second.dataSource.manager, 'a');
    assert.deepEqual([first.dataSource.isInitialized, await names(second)], [false, ['a']]);
  });

  it('see each other’s tables', async () => {
    const first = await database().connect(notes, uncancelled);
    const second = await database().connect({ name: 'bare', entities: [], tasks: [] }, uncancelled);
    await insert(first.dataSource.manager, 'a');
    assert.deepEqual(await names(second), ['a']);
  });
}
