import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommandCall,
  ClusterBus,
  type ComponentContext,
  ConsoleCommand,
  Database,
  type DatabaseSchema,
  HealthCheck,
  isOxtenderError,
} from '@oxtender/bundle-api';
import { sharedMariaDb } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { ClusterBusComponent, DatabaseComponent } from '../src/bundle';
import { InProcessClusterBus } from '../src/cluster/in-process-cluster-bus';
import { readSettings, type StorageConfiguration } from '../src/configuration';
import { counterSchema } from './support/counter-schema';
import { FakeContext, FakeMetrics } from './support/fake-context';
import { RecordingLogger } from './support/recording-logger';
import { rejection } from './support/rejection';
import { systemClock } from './support/system-clock';

const uncancelled = { signal: new AbortController().signal };

/** What the host hands out when the operator has set nothing. */
function defaults(): StorageConfiguration {
  const manifest = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
    bundle: { configuration: { storage: { properties: Record<string, { default: unknown }> } } };
  };
  const { properties } = manifest.bundle.configuration.storage;
  const entries = Object.entries(properties).map(([key, property]) => [key, property.default]);
  return Object.fromEntries(entries) as StorageConfiguration;
}

describe('readSettings', () => {
  it('makes the defaults of the manifest an embedded database', () => {
    expect(readSettings(defaults(), '/data/oxtender.sqlite')).to.deep.equal({
      database: { dialect: 'sqlite', file: '/data/oxtender.sqlite', synchronous: 'full', wait: 10_000 },
      updateTaskWait: 600_000,
    });
  });

  it('reads a server with TLS, and Redis', () => {
    const configuration = {
      ...defaults(),
      'storage.dialect': 'mysql',
      'mysql.host': 'db.example.com',
      'mysql.password': 'secret',
      'mysql.tls': true,
      'mysql.tls.ca': '/ca.pem',
      'redis.url': 'redis://cache.example.com',
    } as const;
    expect(readSettings(configuration, '')).to.deep.equal({
      database: {
        dialect: 'mysql',
        host: 'db.example.com',
        port: 3306,
        user: 'oxtender',
        password: 'secret',
        database: 'oxtender',
        pool: { size: 20, wait: 10_000, idle: 60_000 },
        connectTimeout: 5000,
        readTimeout: 30_000,
        tls: { verify: true, ca: '/ca.pem' },
      },
      updateTaskWait: 600_000,
      redis: { url: 'redis://cache.example.com', prefix: 'oxtender:', lockTtl: 15_000, timeout: 2000 },
    });
  });
});

describe('bundle storage', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oxtender-bundle-'));
  const metrics = new FakeMetrics();
  let fake: FakeContext;
  let component: DatabaseComponent;

  const activate = async (configuration: Partial<StorageConfiguration> = {}): Promise<void> => {
    fake = new FakeContext(folder);
    const logger = new RecordingLogger();
    component = new DatabaseComponent({ ...defaults(), ...configuration }, systemClock, logger, metrics);
    await component.activate({ bundleContext: fake.context } as ComponentContext);
  };

  /** What the operator's command gives. */
  const command = async (name: string, call: Partial<CommandCall> = {}, preview = false): Promise<unknown> => {
    const found = fake.all(ConsoleCommand).find((candidate) => candidate.name === name);
    const complete = {
      options: {},
      args: [],
      user: 'test',
      progress: () => undefined,
      emit: () => undefined,
      ...uncancelled,
      ...call,
    };
    return preview ? found?.preview?.(complete) : found?.run(complete);
  };

  afterEach(async () => {
    await component.deactivate();
    rmSync(join(folder, 'oxtender.sqlite'), { force: true });
  });

  after(() => rmSync(folder, { recursive: true }));

  it('offers its services, and takes them away', async () => {
    await activate();
    const names = fake.all(ConsoleCommand).map(({ name }) => name);
    expect(names.join()).to.equal('updatetasks list,updatetasks status,updatetasks run,storage:check,backup,restore');
    expect(await fake.one(HealthCheck).run(uncancelled)).to.deep.equal({ status: 'OK' });
    const connection = await fake.one(Database).connect(counterSchema(1), uncancelled);
    expect(await connection.dataSource.query('SELECT value FROM counter')).to.deep.equal([{ value: 0 }]);
    await component.deactivate();
    expect([...fake.services.values()].flat()).to.deep.equal([]);
    expect(connection.dataSource.isInitialized).to.equal(false);
  });

  it('leaves no descriptor and no timer behind', async () => {
    const handles = (): [number, string[]] => [
      readdirSync('/proc/self/fd').length,
      process.getActiveResourcesInfo().sort(),
    ];
    const round = async (): Promise<void> => {
      await activate();
      const connection = await fake.one(Database).connect(counterSchema(1), uncancelled);
      await connection.transaction((manager) => manager.query('INSERT INTO counter (value) VALUES (1)'));
      await component.deactivate();
    };
    await round();
    const before = handles();
    for (let count = 0; count < 5; count++) await round();
    expect(handles()).to.deep.equal(before);
  });

  it('refuses those who go on using what was taken away', async () => {
    await activate();
    const database = fake.one(Database);
    const connection = await database.connect(counterSchema(1), uncancelled);
    await component.deactivate();
    const uses = [
      connection.dataSource.query('SELECT 1'),
      connection.transaction((manager) => manager.query('SELECT 1')),
      database.connect(counterSchema(1), uncancelled),
    ];
    for (const use of uses) expect(await rejection(use)).to.have.property('code', 'UNAVAILABLE');
  });

  it('counts statements, the failed ones apart', async () => {
    await activate();
    const connection = await fake.one(Database).connect(counterSchema(0), uncancelled);
    await connection.dataSource.query('INSERT INTO counter (id, value) VALUES (1, 1)');
    const ok = metrics.sums.get('db_queries_total ok') ?? 0;
    const failed = metrics.sums.get('db_queries_total failed') ?? 0;
    await connection.dataSource.query('SELECT * FROM counter');
    await rejection(connection.dataSource.query('INSERT INTO counter (id, value) VALUES (1, 1)'));
    expect(metrics.sums.get('db_queries_total ok')).to.equal(ok + 1);
    expect(metrics.sums.get('db_queries_total failed')).to.equal(failed + 1);
    expect(metrics.sums.get('db_query_seconds')).to.equal(ok + failed + 2);
  });

  it('lists update tasks, runs those that failed, and lets who waited try again', async () => {
    let broken = true;
    const schema: DatabaseSchema = {
      ...counterSchema(0),
      tasks: [
        ...counterSchema(0).tasks,
        {
          name: 'counter.late',
          description: 'works later',
          run: () => (broken ? Promise.reject(new Error('wanted failure')) : Promise.resolve()),
        },
      ],
    };
    await activate();
    const failure = await rejection(fake.one(Database).connect(schema, uncancelled));
    expect(isOxtenderError(failure, 'UPDATE_TASK_FAILED')).to.equal(true);
    expect(await fake.one(HealthCheck).run(uncancelled)).to.deep.equal({
      status: 'CRITICAL',
      message: (failure as Error).message,
    });
    expect(await command('updatetasks status')).to.deep.equal([{ schema: 'counter', done: 0, failed: 1, pending: 1 }]);
    expect(await command('updatetasks run', {}, true)).to.have.length(2);
    expect(isOxtenderError(await rejection(command('updatetasks run')), 'UPDATE_TASK_FAILED')).to.equal(true);

    broken = false;
    fake.events.length = 0;
    const ran = await command('updatetasks run', { args: ['counter'] });
    expect(ran).to.deep.equal([
      { schema: 'counter', task: 'counter.create', ran: true },
      { schema: 'counter', task: 'counter.late', ran: true },
    ]);
    expect(fake.events).to.deep.equal(['-storage.Database', '+storage.Database']);
    expect(await fake.one(HealthCheck).run(uncancelled)).to.deep.equal({ status: 'OK' });
    await fake.one(Database).connect(schema, uncancelled);
    const list = (await command('updatetasks list')) as { task: string; state: string }[];
    expect(list.map(({ task, state }) => [task, state])).to.deep.equal([
      ['counter.create', 'done'],
      ['counter.late', 'done'],
    ]);
  });

  it('finds and repairs what the checks of the schemas find', async () => {
    const schema: DatabaseSchema = {
      ...counterSchema(4),
      checks: [
        {
          name: 'large-values',
          description: 'values above 1',
          count: async (manager) => {
            const [{ n }] = await manager.query<[{ n: number }]>('SELECT COUNT(*) AS n FROM counter WHERE value > 1');
            return n;
          },
          repair: async (manager) => {
            const { affectedRows } = await manager.query<{ affectedRows: number }>(
              'DELETE FROM counter WHERE value > 1',
            );
            return affectedRows;
          },
        },
      ],
    };
    await activate();
    await fake.one(Database).connect(schema, uncancelled);
    const finding = { schema: 'counter', check: 'large-values', meaning: 'values above 1' };
    expect(await command('storage:check')).to.deep.equal([{ ...finding, found: 2, repaired: 0 }]);
    expect(await command('storage:check', {}, true)).to.deep.equal([
      { schema: 'counter', check: 'large-values', wouldRepair: 2 },
    ]);
    expect(await command('storage:check', { options: { repair: true } })).to.deep.equal([
      { ...finding, found: 2, repaired: 2 },
    ]);
    expect(await command('storage:check')).to.deep.equal([{ ...finding, found: 0, repaired: 0 }]);
  });

  it('waits for a database that is down at the start', async function () {
    this.timeout(60_000);
    const server = await sharedMariaDb();
    if (!server) return this.skip();
    const database = server.createDatabase();
    await server.kill();
    const { port, user, password } = server;
    await activate({
      'storage.dialect': 'mysql',
      'mysql.port': port,
      'mysql.user': user,
      'mysql.password': password,
      'mysql.database': database,
    });
    expect(fake.all(Database)).to.deep.equal([]);
    expect((await fake.one(HealthCheck).run(uncancelled)).status).to.equal('TEMPORARILY_UNAVAILABLE');
    expect(await rejection(command('updatetasks list'))).to.have.property('code', 'UNAVAILABLE');
    await server.startAgain();
    const connection = await (await fake.until(Database)).connect(counterSchema(1), uncancelled);
    expect(connection.dialect).to.equal('mysql');
    expect(await fake.one(HealthCheck).run(uncancelled)).to.deep.equal({ status: 'OK' });
    await component.deactivate();
  });
});

describe('bundle storage, cluster bus', () => {
  it('is inside the process when no Redis is named', async () => {
    const fake = new FakeContext('');
    const component = new ClusterBusComponent(defaults(), systemClock, new RecordingLogger());
    component.activate({ bundleContext: fake.context } as ComponentContext);
    expect(fake.one(ClusterBus)).to.be.instanceOf(InProcessClusterBus);
    await component.deactivate();
    const events = fake.events.filter((event) => event.endsWith('ClusterBus'));
    expect(events).to.deep.equal(['+storage.ClusterBus', '-storage.ClusterBus']);
    expect([...fake.services.values()].flat()).to.deep.equal([]);
  });

  it('goes on alone, with a warning, when the Redis that is named is not there', async () => {
    const fake = new FakeContext('');
    const configuration = { ...defaults(), 'redis.url': 'redis://127.0.0.1:1' };
    const component = new ClusterBusComponent(configuration, systemClock, new RecordingLogger());
    component.activate({ bundleContext: fake.context } as ComponentContext);
    expect(fake.one(ClusterBus).connected).to.equal(false);
    expect((await fake.one(HealthCheck).run(uncancelled)).status).to.equal('WARN');
    await component.deactivate();
    expect([...fake.services.values()].flat()).to.deep.equal([]);
  });
});
