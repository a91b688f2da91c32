import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { DatabaseConnection } from '../../services/database';
import { insert, withCode } from './notes';

export function describeRefusals(connect: () => Promise<DatabaseConnection>): void {
  it('tell a key that exists from a statement that is wrong', async () => {
    const { manager } = (await connect()).dataSource;
    await insert(manager, 'a');
    await assert.rejects(insert(manager, 'a'), withCode('DUPLICATE'));
    await assert.rejects(manager.query('SELECT nothing FROM nowhere'), { name: 'QueryFailedError' });
  });

  it('refuse a value that does not fit, or keep it whole', async () => {
    const { dataSource, dialect } = await connect();
    const long = 'x'.repeat(101);
    if (dialect === 'mysql') await assert.rejects(insert(dataSource.manager, long), { name: 'QueryFailedError' });
    else await insert(dataSource.manager, long);
    const kept = await dataSource.query<{ name: string }[]>('SELECT name FROM note');
    assert.deepEqual(
      kept.map(({ name }) => name),
      dialect === 'mysql' ? [] : [long],
    );
  });

  it('never show their parameters in an error', async () => {
    const { manager } = (await connect()).dataSource;
    await assert.rejects(manager.query('INSERT INTO note (name, nix) VALUES (?, ?)', ['secret', 1]), (error: Error) => {
      return !inspect(error, { depth: 5, showHidden: true }).includes('secret');
    });
  });
}
