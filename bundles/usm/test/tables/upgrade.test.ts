import { join } from 'node:path';
import { type ClientChange, GroupwareError } from '@oxtender/bundle-api';
import { loadReleasedSchema, MemoryGroupware, releasedSchemas } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { testDatabases } from '../support/databases';
import { login, never, World } from '../support/world';

const schemas = join(__dirname, '..', '..', '..', 'test', 'schemas');
const dialects = { SQLite: 'sqlite', MariaDB: 'mysql' } as const;
const addition: ClientChange = { kind: 'add', clientId: 'new-1', item: { firstName: 'Eve', lastName: 'Phone' } };
const [contacts, team] = ['F7', 'F10'];

/** The groupware as it was when each of the dumps was made: its ids and versions are those of the dump. */
async function groupwareOfThatDay(): Promise<MemoryGroupware> {
  const groupware = new MemoryGroupware();
  groupware.addUser({ login });
  const anna = groupware.account(login);
  const folder = anna.folder('contacts').id;
  for (let n = 1; n <= 20; n++) anna.put(folder, { firstName: `First${n}`, lastName: `Last${n}` });
  const { id: target } = anna.addFolder({ name: 'Team', itemClass: 'Contacts' });
  groupware.behaviour.recordsIn = 'nothing';
  anna.put(folder, { firstName: 'Bad' }, 'broken');
  anna.put(folder, { firstName: 'Eve', lastName: 'Phone' });
  const session = await groupware.login({ login, password: 'secret' }, { signal: never });
  await session.move(
    { itemClass: 'Contacts', id: folder },
    ['10'],
    { itemClass: 'Contacts', id: target },
    {
      signal: never,
    },
  );
  session[Symbol.dispose]();
  return groupware;
}

describe('the update tasks of usm', () => {
  for (const [name, create] of Object.entries(testDatabases)) {
    for (const release of releasedSchemas(schemas, dialects[name as keyof typeof dialects])) {
      it(`upgrade what ${release.version} left on ${name}, and devices go on with their keys`, async function () {
        await using store = await create();
        if (!store) return this.skip();
        const database = await store.open();
        await loadReleasedSchema(database, release);
        await using world = await World.create({ database, groupware: await groupwareOfThatDay() });
        const { registry } = world;
        const keysOf = async (objectId: number): Promise<string[]> => {
          const rows = await world.connection.dataSource.query<{ syncKey: string }[]>(
            'SELECT syncKey FROM USMDataStorage WHERE objectID = ? ORDER BY syncKey',
            [objectId],
          );
          return rows.map(({ syncKey }) => syncKey);
        };
        const { session } = await world.device();
        expect(session.fields.get('policyKey')).to.equal('4711');
        const [hierarchyKey = ''] = await keysOf(0);
        expect(await session.syncHierarchy({ syncKey: hierarchyKey, signal: never })).to.deep.equal({
          ...{ syncKey: hierarchyKey, added: [], updated: [], deleted: [] },
        });

        const [before = '', newest = ''] = await keysOf(7);
        const request = { collectionId: contacts, windowSize: 100, signal: never };
        const again = await session.sync({ ...request, syncKey: before, changes: [addition] });
        expect(again).to.deep.include({ syncKey: newest, results: [{ status: 'done', serverId: 'F7:27' }] });
        const moves = await session.move([{ serverId: 'F7:10', target: team }], { signal: never });
        expect(moves).to.deep.equal([{ status: 'done', serverId: 'F10:10' }]);
        world.groupware.faults.fail('read', new GroupwareError('BROKEN_ANSWER', 'not even XML'));
        const next = await session.sync({ ...request, syncKey: newest });
        expect(next.changes).to.deep.equal([]);
        expect(await registry.skippedItems(session.device)).to.have.length(1);

        const last = await session.sync({
          ...request,
          syncKey: next.syncKey,
          changes: [{ ...addition, clientId: '2' }],
        });
        expect(last.results).to.have.nested.property('[0].status', 'done');
        const eves = world.anna
          .items(world.anna.folder('contacts').id)
          .filter(({ item }) => 'firstName' in item && item.firstName === 'Eve');
        expect(eves).to.have.length(2);
      });
    }
  }
});
