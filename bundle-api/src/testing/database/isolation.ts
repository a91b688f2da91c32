import assert from 'node:assert/strict';
import type { DatabaseConnection } from '../../services/database';
import { amountOf, insert } from './notes';

export function describeIsolation(connect: () => Promise<DatabaseConnection>): void {
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

  it('that are read-committed lock no gaps: those who looked in vain insert beside each other', async () => {
    const connection = await connect();
    const forUpdate = connection.dialect === 'mysql' ? ' FOR UPDATE' : '';
    const met = gate();
    let arrived = 0;
    let runs = 0;
    const make = (name: string) =>
      connection.transaction(
        async (manager) => {
          runs++;
          assert.deepEqual(await manager.query(`SELECT name FROM note WHERE name = ?${forUpdate}`, [name]), []);
          if (++arrived === 2 || connection.dialect === 'sqlite') met.open();
          await met.passed;
          await insert(manager, name);
        },
        { isolation: 'read-committed' },
      );
    await Promise.all([make('a'), make('b')]);
    assert.equal(runs, 2);
  });

  it('of single statements are many at a time', async () => {
    const { manager } = (await connect()).dataSource;
    await Promise.all(Array.from({ length: 50 }, (_, index) => insert(manager, `note ${index}`)));
    const counts = await Promise.all(
      Array.from({ length: 50 }, () => manager.query<[{ n: number }]>('SELECT COUNT(*) AS n FROM note')),
    );
    assert.deepEqual(new Set(counts.map(([row]) => row.n)), new Set([50]));
  });
}

/** A promise and what settles it. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
