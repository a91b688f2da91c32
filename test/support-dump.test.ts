import { DisposableStore } from '@oxtender/bundle-api';
import { Connection, type Device, profiles, sendMail, setOutOfOffice } from '@oxtender/eas-device';
import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { DataFolder, HostProcess } from './support/host-process';
import { alice, setUpPhone } from './support/phone';

/** What must not leave the house, each planted somewhere. Random enough that it stands nowhere else. */
const planted = {
  inConfiguration: 'Pl4nt3d-mysql',
  inFile: 'Pl4nt3d-from-a-file',
  inUrl: 'Pl4nt3d%2Fredis',
  inLogField: 'Pl4nt3d-field',
  inLogMessage: 'Pl4nt3d-message',
  inLoggedUrl: 'Pl4nt3d-logged-url',
  basic: Buffer.from('alice:Pl4nt3d-basic').toString('base64'),
  bearer: 'Pl4nt3dBearer.abc-def',
  session: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  cookie: 'Pl4nt3d-cookie',
  json: 'Pl4nt3d-json',
  key: 'UGw0bnQzZC1rZXk=',
  refused: 'Pl4nt3d-refused',
  inOption: 'Pl4nt3d-given-to-the-process',
  inEnvironment: 'Pl4nt3d-environment',
  inCommand: 'Pl4nt3d-typed-by-an-operator',
  password: 'Pl4nt3d-password-of-a-phone',
  mail: 'Pl4nt3d-text-of-a-mail',
  absence: 'Pl4nt3d-absence-notice',
  query: 'Pl4nt3d-in-a-query',
  error: 'Pl4nt3d-error',
} as const;

/** A third party's bundle that tells too much. */
const talkative = `
const api = require('@oxtender/bundle-api');
class Talkative {
  constructor(log) {
    log.info('logging in with password=${planted.inLogMessage} now', { password: '${planted.inLogField}' });
    log.info('asks', { url: 'https://bob:${planted.inLoggedUrl}@ox.example/ajax', headers: { Authorization: 'Basic ${planted.basic}' } });
    log.warn('found ${planted.inConfiguration} and ${planted.inFile}, under no name at all');
    log.warn('header was Authorization: Bearer ${planted.bearer}');
    log.warn('GET /ajax/mail?action=all&session=${planted.session}&folder=1');
    log.warn('Cookie: open-xchange-secret-x=${planted.cookie}; JSESSIONID=${planted.cookie}.OX1');
    log.warn('answer ' + JSON.stringify({ user: 'bob', access_token: '${planted.json}', nested: { secret: '${planted.json}' } }));
    log.warn('-----BEGIN PRIVATE KEY-----\\n${planted.key}\\n-----END PRIVATE KEY-----');
    log.error('it failed', { error: new Error('no way in for mysql://root:${planted.error}@db/x') });
  }
}
api.Inject(api.Logger)(Talkative, undefined, 0);
api.Component({ name: 'talkative', immediate: true })(Talkative);
exports.Talkative = Talkative;
`;

describe('oxtender support-dump', function () {
  this.timeout(120_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  const shelf = new DataFolder();
  let host: HostProcess;

  before(async () => {
    cleanUp.add(data);
    cleanUp.add(shelf);
    // All that there is to log, bodies of requests among it.
    host = await HostProcess.start(data.path, {
      set: {
        ...{ 'host.log.level': 'trace', 'com.openexchange.usm.eas.wire_log': 'true', 'console.port': '0' },
        'profile.passphrase': planted.inOption,
      },
      env: { OXTENDER_PLANTED: planted.inEnvironment },
    });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    await using phone = await setUpPhone(host, 'SUPPORTED');
    await phone.syncAll(phone.folderOfType(9));
    await confide(phone);
  });

  /** Tokens that the host gave to a browser and to an operator. */
  const given: string[] = [];

  /** A phone, a browser and an operator say what is nobody's business. */
  async function confide(phone: Device): Promise<void> {
    const mime = Buffer.from(`To: bob@example.com\r\nSubject: Hello\r\n\r\n${planted.mail}\r\n`);
    await sendMail(phone, { mime, saveInSent: true });
    await setOutOfOffice(phone, { message: planted.absence });
    await phone.syncAll(phone.folderOfType(2));
    const wrong = new Connection({ url: host.url, ...alice, password: planted.password }, profiles.ios, 'SUPPORTED');
    expect((await wrong.options()).status).to.equal(401);
    await wrong[Symbol.asyncDispose]();
    await fetch(`${host.url}/Microsoft-Server-ActiveSync?Cmd=Sync&password=${planted.query}`, { method: 'POST' });

    const form = new URLSearchParams({ login: alice.user, password: alice.password });
    const login = await fetch(`${host.url}/oxtender/login`, { method: 'POST', redirect: 'manual', body: form });
    const [cookie = ''] = login.headers.getSetCookie();
    given.push(/=([^;]+)/.exec(cookie)?.[1] ?? 'no session');
    const { link } = JSON.parse(await host.cli('console', 'login', '--json')) as { link: string };
    given.push(new URL(link).hash.slice(1) || (new URL(link).pathname + new URL(link).search).split(/[/=]/).at(-1)!);
    await fetch(link);
    await host.cli('config', 'set', 'ajp', `ajp.secret=${planted.inCommand}`);
  }
  after(() => cleanUp.dispose());

  function plant(): void {
    const secret = join(shelf.path, 'webhook.secret');
    writeFileSync(secret, `${planted.inFile}\n`, { mode: 0o600 });
    const conf = join(data.path, 'conf');
    const add = (name: string, text: string): void =>
      writeFileSync(join(conf, name), `${readFileSync(join(conf, name), 'utf8')}\n${text}\n`);
    add(
      'storage.properties',
      `mysql.password = ${planted.inConfiguration}\nredis.url = redis://ox:${planted.inUrl}@127.0.0.1:1`,
    );
    add('ox-bridge.properties', `ox.webhook.id = x\nox.webhook.secret = \${file:${secret}}`);
    add('console.properties', 'console.oidc.client_secret = ${env:OXTENDER_PLANTED}');
    writeFileSync(join(conf, 'foreign.properties'), `imap.password = ${planted.refused}\n`);
    const folder = join(shelf.path, 'talkative');
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.js'), talkative);
    const manifest = {
      name: 'talkative',
      version: '1.0.0',
      main: 'index.js',
      bundle: { symbolicName: 'test.talkative', components: ['./index.js'] },
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  }

  it('holds what a supporter asks for, and not one of the secrets that are planted', async () => {
    plant();
    await host.cli('install', '--start', join(shelf.path, 'talkative'));
    await host.logged((line) => line.includes('it failed'));
    // The planted lines are there: what is not found in the archive was taken out.
    const log = await host.cli('log', 'get', '--lines', '20000');
    expect(log).to.include('wire request');
    for (const secret of [planted.inLogMessage, planted.bearer, planted.cookie]) expect(log).to.include(secret);

    const file = join(shelf.path, 'support.tar.gz');
    await host.cli('support-dump', file);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const folder = join(shelf.path, 'content');
    mkdirSync(folder);
    await extract({ file, cwd: folder });
    const names = readdirSync(join(folder, 'oxtender-support')).sort();
    expect(names).to.include.members([
      'README.txt',
      'bundles.json',
      'configuration.json',
      'devices.json',
      'doctor.json',
    ]);
    expect(names).to.include.members(['explain.txt', 'health.json', 'log.jsonl', 'metrics.txt', 'system.json']);
    const read = (name: string): string => readFileSync(join(folder, 'oxtender-support', name), 'utf8');
    for (const token of given) expect(token, 'a token that was given').to.match(/^[\w-]{20,}$/);
    for (const name of names) {
      expect(read(name), name).not.to.match(/^not collected/);
      for (const token of given) expect(read(name).includes(token), `a token in ${name}`).to.equal(false);
      for (const [where, secret] of Object.entries(planted)) {
        for (const form of [secret, encodeURIComponent(secret), decodeURIComponent(secret)])
          expect(read(name).includes(form), `${where} in ${name}`).to.equal(false);
      }
      if (name.endsWith('.json')) JSON.parse(read(name));
    }
    for (const line of read('log.jsonl').trim().split('\n')) JSON.parse(line);
    expect(read('log.jsonl')).to.include('header was Authorization: ***');
    expect(JSON.parse(read('devices.json'))).to.deep.include({ devices: 1, users: 1, types: { iPhone: 1 } });
    expect(read('devices.json')).not.to.include('SUPPORTED');
    expect(read('metrics.txt')).to.include('http_request_seconds_count');
    expect(readdirSync(data.path).filter((name) => /^\.(support|transfer)/.test(name))).to.deep.equal([]);
  });

  it('is as silent in the older dump', async () => {
    const dump = await host.cli('dump');
    for (const [where, secret] of Object.entries(planted)) expect(dump.includes(secret), where).to.equal(false);
  });

  it('says what is not running', async () => {
    await host.cli('stop', 'storage');
    try {
      const file = join(shelf.path, 'stopped.tar.gz');
      await host.cli('support-dump', file);
      const folder = join(shelf.path, 'stopped');
      mkdirSync(folder);
      await extract({ file, cwd: folder });
      expect(readFileSync(join(folder, 'oxtender-support/explain.txt'), 'utf8')).to.include('oxtender start storage');
    } finally {
      await host.cli('start', 'storage');
    }
  });
});
