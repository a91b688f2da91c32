import assert from 'node:assert/strict';
import type { DatabaseConnection } from '../../services/database';
import { type Note, noteEntity, insert, names, amountOf, withCode } from './notes';

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

  it('show nothing to others before the commit, and do not keep them waiting', async () => {
    const connection = await connect();
    await insert(connection.dataSource.manager, 'a');
    await connection.transaction(async (manager) => {
      await manager.query('UPDATE note SET amount = 7 WHERE name = ?', ['a']);
      assert.equal(await amountOf(connection.dataSource.manager, 'a'), 0);
      assert.equal(await amountOf(manager, 'a'), 7);
    });
    assert.equal(await amountOf(connection.dataSource.manager, 'a'), 7);
  });

  it('lose no update when many read and write the same row', async () => {
    const connection = await connect();
    await insert(connection.dataSource.manager, 'a');
    const add = () =>
      connection.transaction(async (manager) => {
        const amount = await amountOf(manager, 'a');
        await manager.query('UPDATE note SET amount = ? WHERE name = ?', [amount + 1, 'a']);
      });
    await Promise.all(Array.from({ length: 8 }, add));
    assert.equal(await amountOf(connection.dataSource.manager, 'a'), 8);
  });

  it('that lock rows crosswise both succeed', async () => {
    const connection = await connect();
    for (const name of ['a', 'b']) await insert(connection.dataSource.manager, name);
    const met = gate();
    let arrived = 0;
    const change = (first: string, second: string) =>
      connection.transaction(async (manager) => {
        await manager.query('UPDATE note SET amount = amount + 1 WHERE name = ?', [first]);
        if (++arrived === 2 || connection.dialect === 'sqlite') met.open();
        await met.passed;
        await manager.query('UPDATE note SET amount = amount + 1 WHERE name = ?', [second]);
      });
    await Promise.all([change('a', 'b'), change('b', 'a')]);
    const { manager } = connection.dataSource;
    assert.deepEqual([await amountOf(manager, 'a'), await amountOf(manager, 'b')], [2, 2]);
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

/** A promise and what settles it. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
