import assert from 'node:assert/strict';
import type { DatabaseConnection } from '../../services/database';
import { type Note, noteEntity, insert, names, withCode } from './notes';

export function describeTransactions(connect: () => Promise<DatabaseConnection>): void {
  it('keep everything or nothing', async () => {
    const connection = await connect();
    const failure = new Error('no');
    await connection.transaction((manager) => insert(manager, 'kept'));
    const failed = connection.transaction(async (manager) => {
      await insert(manager, 'lost');
      throw failure;
    });
    await assert.rejects(failed, failure);
    assert.deepEqual(await names(connection), ['kept']);
  });

  it('return what the work returned', async () => {
    assert.equal(await (await connect()).transaction(() => Promise.resolve(42)), 42);
  });

  it('go on after a statement that failed and was caught', async () => {
    const connection = await connect();
    await connection.transaction(async (manager) => {
      await insert(manager, 'a');
      await assert.rejects(insert(manager, 'a'), withCode('DUPLICATE'));
      await insert(manager, 'b');
    });
    assert.deepEqual(await names(connection), ['a', 'b']);
  });

  it('inside one are savepoints', async () => {
    const connection = await connect();
    await connection.transaction(async (manager) => {
      await insert(manager, 'a');
      const inner = manager.transaction(async (nested) => {
        await insert(nested, 'b');
        throw new Error('inner');
      });
      await assert.rejects(inner, /inner/);
      await manager.transaction((nested) => insert(nested, 'c'));
    });
    assert.deepEqual(await names(connection), ['a', 'c']);
  });

  it('of entities are all or nothing too', async () => {
    const connection = await connect();
    const repository = connection.dataSource.getRepository(noteEntity);
    const note = (name: string): Note => ({ name, amount: 0, done: false, data: null });
    await assert.rejects(repository.save([note('a'), note('a')]), withCode('DUPLICATE'));
    assert.equal(await repository.count(), 0);
  });

  it('do not begin when the signal has fired', async () => {
    const connection = await connect();
    const reason = new Error('enough');
    const work = () => Promise.reject(new Error('must not run'));
    await assert.rejects(connection.transaction(work, { signal: AbortSignal.abort(reason) }), reason);
  });
}
