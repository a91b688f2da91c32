import { DisposableStore, type Verdict } from '@oxtender/bundle-api';
import { findProgram, freePort, sharedMariaDb } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestAuthority } from './support/certificates';
import { Front, type FrontFaults } from './support/front';
import { DataFolder, HostProcess, root } from './support/host-process';
import { NameServer } from './support/name-server';
import { alice } from './support/phone';
import { Terminal } from './support/terminal';

interface Row {
  readonly check: string;
  readonly verdict: Verdict;
  readonly message: string;
  readonly remedy?: string;
}

describe('oxtender doctor', function () {
  this.timeout(120_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  const papers = new DataFolder();
  const password = join(papers.path, 'password');
  let host: HostProcess;
  let authority: TestAuthority;
  let front: Front;
  let names: NameServer;

  before(async function () {
    if (!findProgram('openssl')) return this.skip();
    cleanUp.add(data);
    cleanUp.add(papers);
    authority = new TestAuthority(papers.path);
    writeFileSync(password, `${alice.password}\n`);
    host = await HostProcess.start(data.path, {
      set: { 'host.http.proxy': 'true' },
      env: { NODE_EXTRA_CA_CERTS: authority.file },
    });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    front = cleanUp.add(await Front.start(host.url, authority.issue(['DNS:localhost', 'DNS:mail.example.com'])));
    names = cleanUp.add(await NameServer.start());
    names.records.push({ name: 'mail.example.com', type: 'A', data: '127.0.0.1' });
  });
  afterEach(() => {
    front.faults = {};
  });
  after(() => cleanUp.dispose());

  const account = (): string[] => ['--user', alice.user, '--password-file', password];

  async function examine(...args: readonly string[]): Promise<{ status: number; rows: Row[]; text: string }> {
    const { status, text } = await host.cliOutcome('doctor', '--json', ...args);
    return { status, text, rows: text.startsWith('[') ? (JSON.parse(text) as Row[]) : [] };
  }
  const verdicts = (rows: readonly Row[]): string[] => rows.map(({ check, verdict }) => `${check}: ${verdict}`);

  it('finds nothing wrong with a good installation, whose version of OX it tells', async () => {
    const checks = ['node', 'open files', 'disk', 'permissions', 'certificate', 'database', 'migrations'];
    checks.push('ox', 'ox clock', 'ox login', 'public address', 'heartbeat');
    const { status, rows } = await examine(...checks, ...account(), '--url', front.url());
    expect(status).to.equal(0);
    expect(rows.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).to.deep.equal([]);
    expect(verdicts(rows)).to.include.members(checks.map((check) => `${check}: ok`));
    expect(rows.map(({ message }) => message)).to.include('OX 7.10.2');
  });

  it('says what to do for people to read, with one line for each finding', async () => {
    const { text, status } = await host.cliOutcome('doctor', 'node', 'database', 'certificate');
    expect(status).to.equal(0);
    expect(text)
      .to.match(/^ok +node +Node\.js v/m)
      .and.match(/^skipped +certificate +not asked for: give --url$/m);
    expect(text).to.match(/\n2 ok, 0 warnings, 0 failures, 1 not checked\n$/);
  });

  it('knows a wrong password, which it keeps to itself', async () => {
    const wrong = join(papers.path, 'wrong');
    writeFileSync(wrong, 'not-the-password');
    const { status, rows, text } = await examine('ox login', '--user', alice.user, '--password-file', wrong);
    expect(status).to.equal(1);
    expect(rows).to.have.lengthOf(1);
    expect(rows[0]!.remedy).to.include('logging in to the web page of OX');
    expect(text + host.log.join('\n') + (await host.cli('history'))).not.to.include('not-the-password');
  });

  it('asks nobody for a password where there is no terminal', async () => {
    const { status, text } = await host.cliOutcome('doctor', 'ox login', '--user', alice.user);
    expect(status).to.equal(1);
    expect(text).to.include('there is no terminal to ask on: give --password-file');
  });

  const doctorOnTerminal = (columns: number): Terminal => {
    const program = join(root, 'host', 'bin', 'oxtender.js');
    const words = `--data ${data.path} doctor 'ox login' --user ${alice.user}`;
    return Terminal.run(`${process.execPath} ${program} ${words}`, { columns });
  };

  for (const columns of [80, 0])
    it(`asks for the password on a terminal, and shows nothing of it (${columns} columns)`, async function () {
      if (!findProgram('script')) return this.skip();
      const terminal = doctorOnTerminal(columns);
      await terminal.shows('password of the test account: ');
      terminal.type(`${alice.password}\r`);
      expect(await terminal.ended()).to.equal(0);
      expect(terminal.screen)
        .to.match(/ok +ox login/)
        .and.not.include(alice.password);
      expect(terminal.screen.length).to.be.lessThan(10_000);
    });

  it('takes Ctrl-C and Ctrl-D for no', async function () {
    if (!findProgram('script')) return this.skip();
    for (const key of ['\x03', '\x04']) {
      const terminal = doctorOnTerminal(80);
      await terminal.shows('password of the test account: ');
      terminal.type(key);
      expect(await terminal.ended()).to.equal(1);
      expect(terminal.screen).to.include('Aborted').and.not.include('ox login: ');
    }
  });

  it('says what is wrong with a MySQL database, and that it is mended', async function () {
    const server = await sharedMariaDb();
    if (!server) return this.skip();
    const name = server.createDatabase();
    server.execute(
      `CREATE USER doctor@'127.0.0.1' IDENTIFIED BY 'right-42'; GRANT ALL ON ${name}.* TO doctor@'127.0.0.1'`,
    );
    const file = join(data.path, 'conf', 'storage.properties');
    const before = readFileSync(file, 'utf8');
    const database = { host: server.host, port: String(server.port), user: 'doctor', database: name };
    const settings = Object.entries(database).map(([key, value]) => `mysql.${key}=${value}`);
    try {
      await host.cli('config', 'set', 'storage', 'storage.dialect=mysql', 'mysql.password=wrong-42', ...settings);
      const wrong = await host.cliOutcome('doctor', 'database', 'migrations');
      expect(wrong.status).to.equal(1);
      expect(wrong.text)
        .to.match(/^fail +database +.*ER_ACCESS_DENIED_ERROR/m)
        .and.match(/-> compare mysql.user and mysql.password/);
      expect(wrong.text).to.not.include('42');
      await host.cli('config', 'set', 'storage', 'mysql.password=right-42');
      const atWork = /^(?:warn|skipped) +migrations /m;
      let right = await host.cliOutcome('doctor', 'database', 'migrations');
      while (atWork.test(right.text)) right = await host.cliOutcome('doctor', 'database', 'migrations');
      expect(right.text)
        .to.match(/^ok +database +MariaDB /m)
        .and.match(/^ok +migrations +all [1-9]\d* update tasks ran$/m);
      expect(right.status).to.equal(0);
    } finally {
      writeFileSync(file, before);
      await host.cli('config', 'set', 'storage', 'storage.dialect=sqlite');
      writeFileSync(file, before);
      server.dropDatabase(name);
      server.execute(`DROP USER doctor@'127.0.0.1'`);
    }
  });

  it('knows an OX server that does not answer, and one that is none', async () => {
    await host.cli('config', 'set', 'ox-bridge', `ox.url=http://127.0.0.1:${await freePort()}/ajax`);
    const away = await examine('ox');
    await host.cli('config', 'set', 'ox-bridge', `ox.url=${host.url}/nothing`);
    const other = await examine('ox');
    await host.cli('config', 'set', 'ox-bridge', 'ox.url=${host.url}/ajax');
    const back = await examine('ox');
    expect([away, other, back].flatMap(({ rows }) => verdicts(rows))).to.deep.equal(['ox: fail', 'ox: fail', 'ox: ok']);
    expect(away.rows[0]!.message).to.include('ECONNREFUSED');
    expect(other.rows[0]!.remedy).to.include('set ox.url');
  });

  it('knows files that others may read', async () => {
    const file = join(data.path, 'conf', 'storage.properties');
    const before = readFileSync(file, 'utf8');
    const secret = join(papers.path, 'mysql.secret');
    writeFileSync(secret, 'geheim', { mode: 0o644 });
    chmodSync(papers.path, 0o755);
    try {
      writeFileSync(file, `${before}\nmysql.password = \${file:${secret}}\n`);
      let { rows } = await examine('permissions');
      expect(rows.map(({ verdict, remedy }) => `${verdict} ${remedy}`)).to.deep.equal([`fail chmod o-rwx ${secret}`]);
      chmodSync(secret, 0o640);
      writeFileSync(file, `${before}\nmysql.password = geheim\n`);
      chmodSync(file, 0o644);
      ({ rows } = await examine('permissions'));
      expect(rows.map(({ verdict, remedy }) => `${verdict} ${remedy}`)).to.deep.equal([`warn chmod o-rwx ${file}`]);
      const folders = [data.path, join(data.path, 'conf')];
      for (const folder of folders) chmodSync(folder, 0o755);
      ({ rows } = await examine('permissions'));
      expect(rows.map(({ verdict, remedy }) => `${verdict} ${remedy}`)).to.include.members([
        `warn chmod o-rwx ${data.path}`,
        `fail chmod o-rwx ${file}`,
      ]);
    } finally {
      chmodSync(data.path, 0o700);
      chmodSync(join(data.path, 'conf'), 0o750);
      chmodSync(file, 0o640);
      writeFileSync(file, before);
    }
  });

  /** What a ticket is about, and what the doctor says to it. */
  const tickets: readonly (FrontFaults & { name: string; check: string; says: string; advice: string })[] = [
    {
      name: 'does not pass the path on',
      status: 404,
      check: 'public address',
      says: 'is not found',
      advice: 'packaging/proxy',
    },
    {
      name: 'does not reach the host',
      status: 502,
      check: 'public address',
      says: 'no answer of the host',
      advice: 'target',
    },
    { name: 'redirects', status: 301, check: 'public address', says: 'phones do not follow', advice: 'not redirect' },
    { name: 'refuses OPTIONS', status: 405, check: 'public address', says: 'OPTIONS', advice: 'allow OPTIONS' },
    {
      name: 'keeps the password',
      swallows: ['authorization'],
      check: 'public address',
      says: 'status 401',
      advice: 'Authorization',
    },
    {
      name: 'keeps headers of answers',
      hides: ['ms-asprotocolversions'],
      check: 'public address',
      says: 'MS-ASProtocolVersions',
      advice: 'headers of answers',
    },
    {
      name: 'does not tell of TLS',
      silent: true,
      check: 'public address',
      says: 'for one by http://',
      advice: 'X-Forwarded-Proto',
    },
    {
      name: 'refuses large mails',
      largestBody: 1e6,
      check: 'public address',
      says: 'requests of 64 MiB',
      advice: 'client_max_body_size',
    },
    {
      name: 'cuts requests that wait',
      cutAfter: 1500,
      check: 'heartbeat',
      says: 'that was to wait 5 s ended after',
      advice: 'max_heartbeat below',
    },
  ];
  for (const { name, check, says, advice, ...faults } of tickets) {
    it(`knows a proxy that ${name}`, async () => {
      front.faults = faults;
      const { status, rows } = await examine(check, ...account(), '--url', front.url(), '--hold', '5');
      expect(status).to.equal(1);
      const [failure] = rows.filter(({ verdict }) => verdict === 'fail');
      expect(failure?.message).to.include(says);
      expect(failure?.remedy).to.include(advice);
    });
  }

  it('holds a request at the public address, and leaves no path behind', async () => {
    const { status, rows } = await examine('heartbeat', '--url', front.url(), '--hold', '2');
    expect(status).to.equal(0);
    expect(rows.at(-1)!.message).to.match(/^a request was held for \d+ s$/);
    expect(await host.cli('http')).not.to.include('doctor-');
  });

  it('knows certificates with another name, near their end, and of nobody who is trusted', async () => {
    await using other = await Front.start(host.url, authority.issue(['DNS:other.example'], 3));
    using elsewhere = new DataFolder();
    const stranger = new TestAuthority(elsewhere.path);
    await using strange = await Front.start(host.url, stranger.issue(['DNS:localhost']));
    const [named, unknown, refused] = [
      await examine('certificate', '--url', other.url()),
      await examine('certificate', '--url', strange.url()),
      await examine('public address', '--url', strange.url()),
    ];
    expect(named.rows.map(({ verdict }) => verdict)).to.deep.equal(['ok', 'fail', 'warn']);
    expect(named.rows[1]!.message).to.include('not for localhost, but for DNS:other.example');
    expect(unknown.rows.map(({ verdict }) => verdict)).to.deep.equal(['fail', 'ok', 'ok']);
    expect(refused.rows[0]!.message).to.include('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('looks for the server as a phone does that knows a mail address', async () => {
    const search = ['autodiscover', '--domain', 'example.com', '--resolver', names.address] as const;
    const nowhere = await examine(...search);
    expect(nowhere.rows[0]).to.include({ verdict: 'fail', message: 'there is no name autodiscover.example.com' });
    const service = { priority: 0, weight: 0, port: front.port, target: 'mail.example.com' };
    names.records.push({ name: '_autodiscover._tcp.example.com', type: 'SRV', data: service });
    const url = front.url('mail.example.com');
    const found = await examine(...search, ...account(), '--url', url);
    expect(verdicts(found.rows)).to.deep.equal(['warn', 'ok', 'ok', 'ok'].map((verdict) => `autodiscover: ${verdict}`));
    expect(found.rows.at(-1)!.message).to.equal(`${url} (XML) sends phones to ${url}/Microsoft-Server-ActiveSync`);
    await host.cli('config', 'set', 'eas', 'com.openexchange.usm.eas.autodiscover.url=https://old.example.com');
    const wrong = await examine(...search, ...account(), '--url', url);
    expect(wrong.status).to.equal(1);
    expect(wrong.rows.at(-1)!.remedy).to.include(`com.openexchange.usm.eas.autodiscover.url = ${url}`);
    await host.cli('config', 'set', 'eas', 'com.openexchange.usm.eas.autodiscover.url=');
  });

  it('compares how long phones wait with what the proxies of the house allow', async () => {
    const key = 'com.openexchange.usm.eas.ping.max_heartbeat';
    const before = readFileSync(join(data.path, 'conf', 'eas.properties'), 'utf8');
    try {
      await host.cli('config', 'set', 'eas', `${key}=7200`);
      const { rows, status } = await examine('heartbeat');
      expect(status).to.equal(0);
      expect(rows[0]).to.include({ check: 'heartbeat', verdict: 'warn' });
      expect(rows[0]!.message).to.include('7200 s');
      expect(rows[0]!.remedy).to.include(`set ${key} to at most 3`);
    } finally {
      await host.cli('config', 'set', 'eas', `${key}=3540`);
      writeFileSync(join(data.path, 'conf', 'eas.properties'), before);
    }
  });

  it('tells what the health checks find: a configuration that is refused', async () => {
    const file = join(data.path, 'conf', 'usm.properties');
    const from = host.log.length;
    writeFileSync(file, 'devices.max_per_user = many\n');
    await host.logged((line) => line.includes('configuration refused'), from);
    const bad = await examine('health');
    expect(bad.rows.map(({ message }) => message).join('\n')).to.include('devices.max_per_user');
    expect(bad.rows[0]!.remedy).to.include('oxtender explain');
    writeFileSync(file, '');
    while ((await examine('health')).rows.some(({ verdict }) => verdict !== 'ok'));
  });

  it('refuses what it cannot make sense of', async () => {
    for (const words of [['no such check'], ['--url', 'mail.example.com'], ['--hold', 'long']])
      expect((await host.cliOutcome('doctor', ...words)).status, words.join(' ')).to.equal(1);
  });
});
