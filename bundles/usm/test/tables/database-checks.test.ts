import { expect } from 'chai';
import { usmSchema } from '../../src';
import { testDatabases } from '../support/databases';
import { World } from '../support/world';

const tables = ['USMSessionFields', 'USMDataStorage', 'usmClientChange', 'usmIdMapping', 'usmIdSequenceTable'];

describe('the checks of the database', () => {
  for (const [name, create] of Object.entries(testDatabases)) {
    it(`find what is left of a session that is gone, and nothing else (${name})`, async function () {
      this.timeout(60_000);
      await using store = await create();
      if (!store) return this.skip();
      await using world = await World.create({ database: await store.open() });
      const checks = usmSchema.checks ?? [];
      const { connection } = world;
      const found = async (): Promise<Record<string, number>> => {
        const counts: [string, number][] = [];
        for (const check of checks) counts.push([check.name, await check.count(connection.dataSource.manager)]);
        return Object.fromEntries(counts.filter(([, count]) => count > 0));
      };
      for (const id of ['phone', 'tablet']) {
        const device = await world.device(id);
        await device.session.fields.set({ colour: 'blue' });
        const contacts = await device.collection('contacts');
        await device.sync(contacts, { changes: [{ kind: 'add', clientId: '1', item: { lastName: id } }] });
      }
      expect(await found()).to.deep.equal({});
      await connection.dataSource.query('DELETE FROM USMSession WHERE device = ?', ['tablet']);
      expect(Object.keys(await found())).to.deep.equal(tables.map((table) => `${table}-without-session`));
      for (const check of checks)
        await connection.transaction((manager) => check.repair?.(manager) ?? Promise.resolve(0));
      expect(await found()).to.deep.equal({});
      const [left] = await connection.dataSource.query<[{ count: number }]>(
        'SELECT COUNT(*) AS count FROM USMSessionFields',
      );
      expect(left.count).to.equal(1);
    });
  }
});
