import assert from 'node:assert/strict';
import type { DatabaseConnection, StatementResult } from '../../services/database';
import { noteEntity, insert } from './notes';

export function describeStatements(connect: () => Promise<DatabaseConnection>): void {
  it('map entities, bytes and booleans included', async () => {
    const { dataSource } = await connect();
    const repository = dataSource.getRepository(noteEntity);
    await repository.save({ name: 'ä😀', amount: 2 ** 52 + 1, done: true, data: Buffer.from([0, 255]) });
    assert.deepEqual(await repository.findOneByOrFail({ name: 'ä😀' }), {
      id: 1,
      name: 'ä😀',
      amount: 2 ** 52 + 1,
      done: true,
      data: Buffer.from([0, 255]),
    });
  });

  it('tell how many rows they matched, and the key that was chosen', async () => {
    const { manager } = (await connect()).dataSource;
    const { affectedRows, insertId } = await insert(manager, 'a');
    assert.deepEqual({ affectedRows, insertId }, { affectedRows: 1, insertId: 1 });
    const same = await manager.query<StatementResult>('UPDATE note SET amount = 0 WHERE name = ?', ['a']);
    const none = await manager.query<StatementResult>('DELETE FROM note WHERE name = ?', ['b']);
    assert.deepEqual([same.affectedRows, none.affectedRows], [1, 0]);
  });

  it('take strings, numbers, booleans, bytes and null', async () => {
    const { manager } = (await connect()).dataSource;
    const part = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
    await manager.query('INSERT INTO note (name, amount, done, data) VALUES (?, ?, ?, ?)', [
      "o'\\\0",
      -(2 ** 40),
      true,
      part,
    ]);
    await manager.query('INSERT INTO note (name, amount, done, data) VALUES (?, ?, ?, ?)', [
      '',
      0,
      false,
      new Uint8Array(0),
    ]);
    const rows = await manager.query<object[]>(
      'SELECT name, amount, done, data FROM note WHERE id > ? ORDER BY id LIMIT ?',
      [0, 2],
    );
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { name: "o'\\\0", amount: -(2 ** 40), done: 1, data: Buffer.from([1, 2]) },
        { name: '', amount: 0, done: 0, data: Buffer.alloc(0) },
      ],
    );
  });

  it('compare texts byte by byte', async () => {
    const { manager } = (await connect()).dataSource;
    const all = ['a', 'A', 'a ', 'ä', 'a\u0308'];
    for (const name of all) await insert(manager, name);
    for (const name of all)
      assert.equal((await manager.query<unknown[]>('SELECT id FROM note WHERE name = ?', [name])).length, 1);
  });
}
