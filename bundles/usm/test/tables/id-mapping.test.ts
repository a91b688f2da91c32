import type { DatabaseConnection } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { usmSchema } from '../../src';
import { IdMapping } from '../../src/tables/id-mapping';
import { TestDatabase } from '../support/databases';
import { never } from '../support/world';

const session = { contextId: 1, sessionId: 7 };

describe('IdMapping', () => {
  let database: TestDatabase;
  let connection: DatabaseConnection;
  let queries = 0;
  /** What comes between a query of ids and its answer. */
  let meanwhile: () => Promise<unknown> = () => Promise.resolve();

  before(async () => {
    database = TestDatabase.sqlite();
    connection = await (await database.open()).connect(usmSchema, { signal: never });
    const { dataSource } = connection;
    const query = dataSource.query.bind(dataSource);
    dataSource.query = async <T>(...parameters: Parameters<typeof query>): Promise<T> => {
      queries += 1;
      const rows = await query<T>(...parameters);
      await meanwhile();
      return rows;
    };
  });

  after(() => database[Symbol.asyncDispose]());

  it('asks for what it knows once, in either direction', async () => {
    const mapping = new IdMapping(connection);
    const shortIds = await mapping.shortIds(session, ['a', 'b', 'c']);
    queries = 0;
    expect(await mapping.shortIds(session, ['c', 'a'])).to.deep.equal([shortIds[2], shortIds[0]]);
    expect(await mapping.longId(session, shortIds[1] ?? 0)).to.equal('b');
    expect(queries).to.equal(0);
    mapping.forget(session);
    expect(await mapping.longId(session, shortIds[1] ?? 0)).to.equal('b');
    expect(queries).to.equal(1);
  });

  it('knows few ids as well as many, in whatever order they are asked for', async () => {
    const device = { contextId: 1, sessionId: 8 };
    const longIds = Array.from({ length: 100 }, (_, n) => `folder ${n}`);
    const shortIds = await new IdMapping(connection).shortIds(device, longIds);
    const mapping = new IdMapping(connection);
    for (const at of [60, 3, 99, 0, 31, 32]) await mapping.longId(device, shortIds[at]!);
    await mapping.shortIds(device, longIds.slice(50));
    queries = 0;
    const known = [60, 3, 99, 0, 31, 32, 75];
    expect(
      await mapping.shortIds(
        device,
        known.map((at) => longIds[at]!),
      ),
    ).to.deep.equal(known.map((at) => shortIds[at]));
    for (const at of known) expect(await mapping.longId(device, shortIds[at]!)).to.equal(longIds[at]);
    expect(queries).to.equal(0);
    expect(await mapping.shortIds(device, longIds)).to.deep.equal(shortIds);
  });

  it('does not believe for long what was renamed while it asked', async () => {
    const [shortId = 0] = await new IdMapping(connection).shortIds(session, ['old']);
    const mapping = new IdMapping(connection);
    meanwhile = () => {
      meanwhile = () => Promise.resolve();
      return mapping.rename(session, [{ from: 'old', to: 'new' }]);
    };
    expect(await mapping.longId(session, shortId)).to.equal('old');
    expect(await mapping.longId(session, shortId)).to.equal('new');
    expect(await mapping.shortIds(session, ['new'])).to.deep.equal([shortId]);
  });
});
