import type { DiagnosticRequest, Finding } from '@oxtender/bundle-api';
import { freePort, type MariaDbServer, sharedMariaDb } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { EntitySchema } from 'typeorm';
import { databaseChecks } from '../../src/diagnosis';
import { openDatabase } from '../../src/open-database';
import type { MysqlSettings } from '../../src/settings';
import type { StorageDatabase } from '../../src/storage-database';
import { counterSchema } from '../support/counter-schema';
import { mysqlSettings } from '../support/dialects';
import { RecordingLogger } from '../support/recording-logger';
import { rejection } from '../support/rejection';
import { systemClock } from '../support/system-clock';

// eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- typeorm declares its options as a class
const entity = new EntitySchema({
  name: 'counter',
  columns: { id: { type: 'integer', primary: true }, value: { type: 'integer' } },
});
const schema = { ...counterSchema(0), entities: [entity] };

const request: DiagnosticRequest = { signal: new AbortController().signal };
const tools = { clock: systemClock, logger: new RecordingLogger() };

describe('what the doctor says of a MySQL database', function () {
  this.timeout(60_000);
  let server: MariaDbServer;
  let name: string;

  before(async function () {
    const started = await sharedMariaDb();
    if (!started) return this.skip();
    server = started;
    name = server.createDatabase();
    server.execute(
      `CREATE USER phones@'127.0.0.1' IDENTIFIED BY 'right'; GRANT ALL ON ${name}.* TO phones@'127.0.0.1'`,
    );
  });
  after(async () => {
    if (!(server as MariaDbServer | undefined)) return;
    await server.restart();
    server.execute(`DROP USER phones@'127.0.0.1'`);
    server.dropDatabase(name);
  });

  interface Examined {
    readonly findings: readonly Finding[];
    /** Those that are no good. */
    readonly told: readonly string[];
  }

  async function examine(
    changes: Partial<MysqlSettings> = {},
    use: (database: StorageDatabase) => Promise<unknown> = () => Promise.resolve(),
    clock = systemClock,
  ): Promise<Examined> {
    const settings = mysqlSettings(server, name, { user: 'phones', password: 'right', ...changes });
    const place = { database: settings, updateTaskWait: 1000 };
    const opened: { database: StorageDatabase | undefined; failure: Error | undefined } = {
      database: undefined,
      failure: undefined,
    };
    try {
      opened.database = await openDatabase(place, tools);
    } catch (error) {
      opened.failure = error as Error;
    }
    try {
      if (opened.database) await use(opened.database);
      const checks = databaseChecks(opened, place, clock);
      const findings = (await Promise.all(checks.map((check) => check.run(request)))).flat();
      const bad = findings.filter(({ verdict }) => verdict !== 'ok' && verdict !== 'skipped');
      return { findings, told: bad.map(({ verdict, message, remedy }) => `${verdict}: ${message} -> ${remedy}`) };
    } finally {
      await opened.database?.[Symbol.asyncDispose]();
    }
  }

  it('is content with a good one, whose version it tells', async () => {
    const { findings, told } = await examine({}, (database) => database.connect(schema, request));
    expect(told).to.deep.equal([]);
    expect(findings.map(({ message }) => message)).to.include.members(['all 1 update tasks ran']);
    expect(findings.some(({ message }) => /^MariaDB \d+\.\d+/.test(message))).to.equal(true);
  });

  it('knows each way in which it cannot be reached', async () => {
    server.execute(`CREATE USER stranger@'127.0.0.1' IDENTIFIED BY 'right'`);
    const ways: readonly (readonly [changes: Partial<MysqlSettings>, message: RegExp, remedy: RegExp])[] = [
      [{ password: 'wrong' }, /ER_ACCESS_DENIED_ERROR/, /compare mysql.user and mysql.password/],
      [{ user: 'nobody' }, /ER_ACCESS_DENIED_ERROR/, /ALTER USER nobody/],
      [{ database: 'elsewhere', user: 'root', password: '' }, /ER_BAD_DB_ERROR/, /CREATE DATABASE elsewhere/],
      [{ user: 'stranger' }, /ER_DBACCESS_DENIED_ERROR/, new RegExp(`GRANT … ON ${name}\\.\\* TO stranger`)],
      [{ port: await freePort() }, /ECONNREFUSED/, /compare mysql.host, mysql.port/],
      [{ socket: '/nowhere/mysql.sock' }, /ENOENT/, /mysql.socket/],
      [{ host: 'db.invalid' }, /ENOTFOUND|EAI_AGAIN/, /getent hosts db.invalid/],
      [{ tls: { verify: true } }, /HANDSHAKE_(NO_SSL_SUPPORT|SSL_ERROR)/, /mysql.tls.ca/],
    ];
    for (const [changes, message, remedy] of ways) {
      const { told } = await examine(changes);
      expect(told, JSON.stringify(changes)).to.have.length(2, 'database and migrations');
      for (const line of told) expect(line).to.match(message).and.match(remedy).and.not.include('wrong');
    }
    server.execute(`DROP USER stranger@'127.0.0.1'`);
  });

  it('knows one that was lost', async () => {
    const { told } = await examine({}, () => server.kill()).finally(() => server.startAgain());
    expect(told).to.have.length(2);
    for (const line of told) expect(line).to.match(/^fail: the database cannot be reached: .* -> start it/);
  });

  it('knows what a user may not', async () => {
    server.execute(`REVOKE ALTER, INDEX ON ${name}.* FROM phones@'127.0.0.1'`);
    const { told } = await examine();
    server.execute(`GRANT ALL ON ${name}.* TO phones@'127.0.0.1'`);
    expect(told).to.deep.equal([
      `fail: phones lacks ALTER, INDEX on ${name} -> at the server: GRANT ALTER, INDEX ON ${name}.* TO phones`,
    ]);
  });

  it('knows a server that is too old, too small or of another time', async () => {
    await server.restart(['--version=10.3.39-MariaDB', '--max-connections=10', '--max-allowed-packet=1M']);
    const late = Object.assign(Object.create(systemClock) as typeof systemClock, { now: () => Date.now() + 60_000 });
    const { told } = await examine({}, undefined, late);
    await server.restart();
    expect(told.map((line) => line.replace(/MariaDB 10.3.39\S*/, 'VERSION'))).to.deep.equal([
      'fail: VERSION is too old -> upgrade the server to MariaDB 10.5.0 or later',
      'fail: the server takes 10 connections, and this host alone wants 10 -> raise max_connections above mysql.pool.size times the number of hosts',
      'warn: max_allowed_packet is 1048576 bytes: states of large folders may not fit -> set max_allowed_packet = 64M',
      'warn: the clocks of host and database differ by 60 s -> have both follow the same time servers (timedatectl)',
    ]);
  });

  it('knows tables that came out of another server', async () => {
    const { told } = await examine({}, async (database) => {
      await database.connect(schema, request);
      server.execute('ALTER TABLE counter CONVERT TO CHARACTER SET latin1', name);
    });
    server.execute('DROP TABLE counter, updateTask, version', name);
    expect(told).to.have.length(1);
    expect(told[0]).to.match(
      /^fail: table counter is InnoDB, latin1_\w+: .* CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin$/,
    );
  });

  it('knows update tasks that failed, and those that did not run', async () => {
    const broken = {
      ...schema,
      tasks: [{ ...schema.tasks[0]!, run: () => Promise.reject(new Error('no room')) }],
    };
    const failed = await examine({}, (database) => rejection(database.connect(broken, request)));
    expect(failed.told).to.have.length(1);
    expect(failed.told[0]).to.match(/^fail: update task \S+ of \S+ failed: .*no room.* -> .*oxtender updatetasks run /);
    const pending = await examine({}, async (database) => {
      await database.connect(schema, request);
      server.execute('DELETE FROM updateTask', name);
    });
    expect(pending.told).to.have.length(1);
    expect(pending.told[0]).to.match(/^fail: update task \S+ of \S+ did not run/);
  });
});
