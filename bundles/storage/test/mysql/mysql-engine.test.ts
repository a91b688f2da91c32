import { type DatabaseConnection, isOxtenderError } from '@oxtender/bundle-api';
import { type MariaDbServer, sharedMariaDb } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import type { EntityManager } from 'typeorm';
import { openDatabase } from '../../src/open-database';
import { counterSchema } from '../support/counter-schema';
import { mysqlSettings, TestPlace } from '../support/dialects';
import { RecordingLogger } from '../support/recording-logger';
import { rejection } from '../support/rejection';
import { systemClock } from '../support/system-clock';

const uncancelled = { signal: new AbortController().signal };
const tools = { clock: systemClock, logger: new RecordingLogger() };

const insert = (manager: EntityManager, value: number): Promise<unknown> =>
  manager.query('INSERT INTO counter (value) VALUES (?)', [value]);

async function values(connection: DatabaseConnection): Promise<number[]> {
  const rows = await connection.dataSource.query<{ value: number }[]>('SELECT value FROM counter ORDER BY id');
  return rows.map(({ value }) => value);
}

async function connectionId(manager: EntityManager): Promise<number> {
  const [{ id }] = await manager.query<[{ id: number }]>('SELECT CONNECTION_ID() AS id');
  return id;
}

describe('MySQL', () => {
  let server: MariaDbServer;
  let place: TestPlace;
  let connection: DatabaseConnection;

  before(async function () {
    this.timeout(60_000);
    const started = await sharedMariaDb();
    if (started) server = started;
    else this.skip();
  });

  afterEach(async () => {
    server.resume();
    await server.startAgain();
    await (place as TestPlace | undefined)?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    const settings = mysqlSettings(server, server.createDatabase(), {
      pool: { size: 2, wait: 200, idle: 60_000 },
      readTimeout: 1000,
    });
    place = await TestPlace.make(settings);
    connection = await place.database.connect(counterSchema(0), uncancelled);
  });

  describe('when the server is killed', () => {
    it('runs a transaction again that was not committed', async () => {
      let runs = 0;
      await connection.transaction(async (manager) => {
        await insert(manager, ++runs);
        if (runs > 1) return;
        await server.kill();
        await server.startAgain();
        await insert(manager, 100);
      });
      expect([runs, await values(connection)]).to.deep.equal([2, [2]]);
    });

    it('says UNAVAILABLE while it is away, and needs nothing when it is back', async () => {
      await insert(connection.dataSource.manager, 1);
      await server.kill();
      for (const failed of [values(connection), connection.transaction((manager) => insert(manager, 2))]) {
        const error = await rejection(failed);
        expect(isOxtenderError(error, 'UNAVAILABLE') && error.retryable).to.equal(true);
      }
      await server.startAgain();
      await insert(connection.dataSource.manager, 3);
      expect(await values(connection)).to.deep.equal([1, 3]);
    });
  });

  describe('when a connection breaks', () => {
    const kill = async (id: number): Promise<void> => {
      server.execute(`KILL ${id}`);
      await Promise.resolve();
    };

    it('in the commit, does not claim to know', async () => {
      const committing = connection.transaction(async (manager) => {
        await insert(manager, 1);
        await kill(await connectionId(manager));
      });
      expect(isOxtenderError(await rejection(committing), 'OUTCOME_UNKNOWN')).to.equal(true);
      expect(await values(connection)).to.deep.equal([]);
    });

    it('in a single change, does not claim to know', async () => {
      const changing = connection.dataSource.query('INSERT INTO counter (value) SELECT SLEEP(20)');
      const [id] = await untilRunning(server, 'SELECT SLEEP(20)');
      await kill(Number(id));
      expect(isOxtenderError(await rejection(changing), 'OUTCOME_UNKNOWN')).to.equal(true);
    });

    it('in a read, reads again', async () => {
      const reading = connection.dataSource.query<[{ n: number }]>('SELECT SLEEP(0.4) + 7 AS n');
      const [id] = await untilRunning(server, 'SELECT SLEEP(0.4) + 7 AS n');
      await kill(Number(id));
      expect((await reading)[0].n).to.equal(7);
    });

    it('lets the work of a transaction not go on by accident', async () => {
      let runs = 0;
      await connection.transaction(async (manager) => {
        if (++runs > 1) return;
        await kill(await connectionId(manager));
        await rejection(insert(manager, 1));
        expect(isOxtenderError(await rejection(insert(manager, 2)), 'UNAVAILABLE')).to.equal(true);
      });
      expect([runs, await values(connection)]).to.deep.equal([2, []]);
    });
  });

  it('gives up a server that answers nothing, and goes on with it later', async () => {
    await insert(connection.dataSource.manager, 1);
    await server.suspend();
    const error = await rejection(connection.transaction((manager) => insert(manager, 2)));
    expect(isOxtenderError(error, 'UNAVAILABLE') && error.retryable).to.equal(true);
    server.resume();
    expect(await values(connection)).to.include(1);
  });

  it('refuses when no connection comes free in time, or waiting is cancelled', async () => {
    const reason = new Error('enough');
    await connection.transaction(() =>
      connection.transaction(async () => {
        expect(isOxtenderError(await rejection(values(connection)), 'BUSY')).to.equal(true);
        const impatient = new AbortController();
        const work = () => Promise.reject(new Error('must not run'));
        const waiting = rejection(connection.transaction(work, { signal: impatient.signal }));
        impatient.abort(reason);
        expect(await waiting).to.equal(reason);
      }),
    );
    expect(await values(connection)).to.deep.equal([]);
  });

  it('rolls back and gives back the connection after a lock that did not come', async () => {
    const blocked = new Error('blocked');
    await insert(connection.dataSource.manager, 1);
    let runs = 0;
    await connection.transaction(async (holder) => {
      await holder.query('UPDATE counter SET value = 2 WHERE value = 1');
      const waiting = connection.transaction(async (manager) => {
        if (++runs > 1) throw blocked;
        await manager.query('SET SESSION innodb_lock_wait_timeout = 1');
        await manager.query('UPDATE counter SET value = 3 WHERE value = 1');
      });
      expect(await rejection(waiting)).to.equal(blocked);
    });
    expect([runs, await values(connection)]).to.deep.equal([2, [2]]);
  });

  it('gives update tasks all the time that they take', async () => {
    const tasks = [
      {
        name: 'slow',
        description: 'takes longer than the server may be silent elsewhere',
        run: async ({ manager }: { readonly manager: EntityManager }) => {
          await manager.query('SELECT SLEEP(1.5)');
        },
      },
    ];
    await using slow = await place.database.connect({ name: 'slow', entities: [], tasks }, uncancelled);
    expect(slow.dialect).to.equal('mysql');
    const error = await rejection(connection.dataSource.query('SELECT SLEEP(3)'));
    expect(isOxtenderError(error, 'UNAVAILABLE')).to.equal(true);
  });

  it('refuses those who go on after the end', async () => {
    await place.database[Symbol.asyncDispose]();
    const error = await rejection(place.database.engine.ping());
    expect(isOxtenderError(error, 'UNAVAILABLE')).to.equal(true);
  });

  it('keeps no connection and no lock when update tasks fail', async () => {
    const tasks = [{ name: 'wrong', description: 'fails', run: () => Promise.reject(new Error('wanted failure')) }];
    for (let round = 0; round < 5; round++) {
      const failing = place.database.connect({ name: 'failing', entities: [], tasks }, uncancelled);
      expect(isOxtenderError(await rejection(failing), 'UPDATE_TASK_FAILED')).to.equal(true);
    }
    expect(await values(connection)).to.deep.equal([]);
  });

  it('says that it is refused, without the password', async () => {
    const settings = mysqlSettings(server, 'nowhere', { user: 'nobody', password: 'top secret' });
    const error = await rejection(openDatabase({ database: settings, updateTaskWait: 1000 }, tools));
    expect(isOxtenderError(error, 'UNAVAILABLE') && !error.retryable).to.equal(true);
    expect((error as Error).message).not.to.include('top secret');
  });
});

/** Process ids of the connections that run the statement now; looks until there are some. */
async function untilRunning(server: MariaDbServer, sql: string): Promise<string[]> {
  const query = `SELECT id FROM information_schema.processlist WHERE info LIKE '%${sql}%' AND id <> CONNECTION_ID()`;
  for (;;) {
    const ids = server.execute(query).split('\n').filter(Boolean);
    if (ids.length > 0) return ids;
    await new Promise(setImmediate);
  }
}
