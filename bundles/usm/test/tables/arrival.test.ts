import { type DatabaseConnection, DisposableStore, type SyncSession } from '@oxtender/bundle-api';
import { FakeClock, MemoryGroupware } from '@oxtender/bundle-api/testing';
import { InProcessClusterBus } from '@oxtender/storage';
import { expect } from 'chai';
import { defaultConfiguration, usmOptions, usmSchema, UsmSyncEngine } from '../../src';
import { testDatabases } from '../support/databases';
import { silentLogger } from '../support/silent-logger';
import { never } from '../support/world';

const users = Array.from({ length: 10 }, (_, at) => `user${at}@example.org`);
const phones = 60;

/** Counts how often transactions had to run. */
function counting(connection: DatabaseConnection, count: { transactions: number; runs: number }): DatabaseConnection {
  return {
    dialect: connection.dialect,
    dataSource: connection.dataSource,
    transaction: (work, options) => {
      count.transactions++;
      return connection.transaction((manager) => {
        count.runs++;
        return work(manager);
      }, options);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

describe('many devices that arrive at once, on two hosts', () => {
  for (const [name, create] of Object.entries(testDatabases)) {
    it(`do not get in each other's way (${name})`, async function () {
      this.timeout(60_000);
      await using database = await create();
      if (!database) return this.skip();
      await using held = new DisposableStore();
      const clock = new FakeClock();
      const groupware = new MemoryGroupware();
      for (const login of users) groupware.addUser({ login });
      const bus = new InProcessClusterBus({ clock, logger: silentLogger });
      const options = usmOptions(defaultConfiguration);
      const count = { transactions: 0, runs: 0 };
      const engines: UsmSyncEngine[] = [];
      for (let host = 0; host < 2; host++) {
        const connection = counting(await (await database.open()).connect(usmSchema, { signal: never }), count);
        engines.push(
          held.add(new UsmSyncEngine({ bridge: groupware, connection, bus, clock, log: silentLogger, options })),
        );
      }
      const arrive = async (at: number): Promise<SyncSession> => {
        const session = await engines[at % 2]!.open({
          credentials: { login: users[at % users.length]!, password: 'secret' },
          protocol: 'eas',
          device: { id: `phone-${at}`, type: 'iPhone' },
          signal: never,
        });
        await session.fields.set({ 'policy.key': String(at) });
        await session.syncHierarchy({ syncKey: '0', signal: never });
        const folders = await session.folders({ signal: never });
        for (const { collectionId } of folders)
          await session.sync({ collectionId, syncKey: '0', windowSize: 100, signal: never });
        return session;
      };
      const sessions = await Promise.all(Array.from({ length: phones }, (_, at) => arrive(at)));
      const ids = new Set(sessions.map(({ device }) => device.deviceId));
      expect(ids.size).to.equal(phones);
      expect(count.runs).to.equal(count.transactions);
      for (const session of sessions) session[Symbol.dispose]();
    });
  }
});
