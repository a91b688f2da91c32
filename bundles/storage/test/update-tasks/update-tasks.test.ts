import { join } from 'node:path';
import { type DatabaseConnection, type DatabaseSchema, isOxtenderError } from '@oxtender/bundle-api';
import { loadReleasedSchema, releasedSchemas } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { Child } from '../support/child';
import { counterSchema } from '../support/counter-schema';
import { dialects, type TestPlace } from '../support/dialects';
import { rejection } from '../support/rejection';

const uncancelled = { signal: new AbortController().signal };
const schemas = join(__dirname, '..', '..', '..', 'test', 'schemas');

async function values(connection: DatabaseConnection): Promise<number[]> {
  const rows = await connection.dataSource.query<{ value: number }[]>('SELECT value FROM counter ORDER BY id');
  return rows.map(({ value }) => value);
}

for (const { name, make } of dialects)
  describe(`UpdateTasks on ${name}`, () => {
    let place: TestPlace;

    beforeEach(async function () {
      const made = await make();
      if (made) place = made;
      else this.skip();
    });

    afterEach(async () => {
      await (place as TestPlace | undefined)?.[Symbol.asyncDispose]();
    });

    it('run once and in order when three processes start at the same time', async () => {
      const hosts = [1, 2, 3].map(() => new Child('writing-host', { ...place.settings, rows: 0 }));
      await Promise.all(hosts.map((host) => host.message<string>((message) => message === 'connected')));
      await Promise.all(hosts.map((host) => host.ended()));
      const connection = await place.database.connect(counterSchema(), uncancelled);
      expect(await values(connection)).to.deep.equal([0, 1, 2, 3, 4]);
    });

    it('are recorded where an administrator looks', async () => {
      const connection = await place.database.connect(counterSchema(1), uncancelled);
      const tasks = await connection.dataSource.query<object[]>(
        'SELECT cid, schemaName, taskName, successful, error FROM updateTask ORDER BY taskName',
      );
      const versions = await connection.dataSource.query<object[]>('SELECT schemaName, version, locked FROM version');
      const entry = { cid: 0, schemaName: 'counter', successful: 1, error: null };
      expect(tasks.map((row) => ({ ...row }))).to.deep.equal([
        { ...entry, taskName: 'counter.add0' },
        { ...entry, taskName: 'counter.create' },
      ]);
      expect(versions.map((row) => ({ ...row }))).to.deep.equal([{ schemaName: 'counter', version: 2, locked: 0 }]);
    });

    it('that fail are recorded with the error; SQLite is as it was, MySQL keeps the tasks before', async () => {
      const schema = counterSchema(2);
      const failing: DatabaseSchema = {
        ...schema,
        tasks: [
          ...schema.tasks,
          {
            name: 'counter.fail',
            description: 'fails half-way',
            run: async ({ manager }) => {
              await manager.query('INSERT INTO counter (value) VALUES (99)');
              throw new Error('wanted failure');
            },
          },
        ],
      };
      const error = await rejection(place.database.connect(failing, uncancelled));
      expect(isOxtenderError(error, 'UPDATE_TASK_FAILED')).to.equal(true);
      const states = (await place.database.taskReports()).map(({ task, state, note }) => [task, state, note]);
      const before = place.database.engine.dialect === 'sqlite' ? 'pending' : 'done';
      expect(states).to.deep.equal([
        ['counter.create', before, 'makes the table'],
        ['counter.add0', before, 'adds a row'],
        ['counter.add1', before, 'adds a row'],
        ['counter.fail', 'failed', 'wanted failure'],
      ]);
      const repaired = await place.database.connect(schema, uncancelled);
      expect((await values(repaired)).filter((value) => value !== 99)).to.deep.equal([0, 1]);
    });

    it('refuse the database of another program', async () => {
      const bare = await place.database.connect({ name: 'bare', entities: [], tasks: [] }, uncancelled);
      await bare.dataSource.query('CREATE TABLE version (version INTEGER, locked SMALLINT, gw_compatible SMALLINT)');
      const error = await rejection(place.database.connect(counterSchema(), uncancelled));
      expect(isOxtenderError(error, 'UPDATE_TASK_FAILED')).to.equal(true);
      expect((error as Error).message).to.include('database of its own');
      expect(await bare.dataSource.query('SELECT * FROM version')).to.deep.equal([]);
    });

    it('upgrade what each release left', async function () {
      const releases = releasedSchemas(schemas, place.database.engine.dialect);
      expect(releases.map(({ version }) => version)).to.include('0.1.0');
      for (const release of releases) {
        await using own = await make();
        if (!own) return this.skip();
        await loadReleasedSchema(own.database, release);
        const connection = await own.database.connect(counterSchema(3), uncancelled);
        expect(await values(connection), release.version).to.deep.equal([0, 4711, 1, 2]);
      }
    });
  });
