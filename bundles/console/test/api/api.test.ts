import { expect } from 'chai';
import { apiRoutes } from '../../src/api/routes';
import { TestSite, type LoggedIn } from '../support/test-site';

/** A body that the route takes, by the end of its path. */
const bodies: readonly (readonly [path: RegExp, body: object])[] = [
  [/\/logout$/, {}],
  [/\/configurations\//, { dryRun: true, set: { 'a.b': 1 }, unset: [] }],
  [/\/resend$/, { dryRun: true, collection: 'F1', item: '7' }],
  [/./, { dryRun: true }],
];

const bodyFor = (path: string): object => bodies.find(([pattern]) => pattern.test(path))?.[1] ?? {};

/** With something in the place of each parameter. */
const pathOf = (path: string): string => `/api${path.replace(/:\w+/g, 'thing')}`;

const streams = ['/live', '/log'];

describe('the API of the console', () => {
  let site: TestSite;
  let admin: LoggedIn;
  let reader: LoggedIn;

  beforeEach(async () => {
    site = await TestSite.open();
    for (const name of [
      ...['bundles', 'info', 'explain', 'scr list', 'scr info', 'scr enable', 'scr disable', 'services', 'http'],
      ...['start', 'stop', 'restart', 'update', 'rollback', 'enable', 'disable', 'health', 'history'],
      ...['config list', 'config path', 'config schema', 'config get', 'config set'],
      ...['devices list', 'devices show', 'devices folders', 'devices skipped', 'devices allow', 'devices block'],
      ...['devices quarantine', 'devices wipe', 'devices resync', 'devices resend', 'devices delete'],
    ])
      site.commands.answers.set(name, () => []);
    admin = await site.logIn('admin');
    reader = await site.logIn('read', 'bert');
    site.commands.asked.length = 0;
  });

  afterEach(() => site[Symbol.asyncDispose]());

  const send = (method: string, path: string, who: LoggedIn) =>
    method === 'get' ? site.get(pathOf(path), who) : site.post(pathOf(path), bodyFor(path), who);

  for (const { method, path, role } of apiRoutes) {
    describe(`${method.toUpperCase()} ${path}`, () => {
      it('is for nobody who is not logged in', async () => {
        const answer = await send(method, path, { cookie: '', csrfToken: '' });
        expect([answer.status, answer.body.error?.code]).to.deep.equal([401, 'UNAUTHENTICATED']);
        expect(site.commands.asked).to.deep.equal([]);
      });

      if (role === 'admin') {
        it('is for administrators only', async () => {
          const answer = await send(method, path, reader);
          expect([answer.status, answer.body.error?.code]).to.deep.equal([403, 'FORBIDDEN']);
          expect(site.commands.asked, 'nothing was done').to.deep.equal([]);
          expect((await send(method, path, admin)).status).to.equal(200);
        });
      } else if (!streams.includes(path)) {
        it('is for readers too', async () => expect((await send(method, path, reader)).status).to.equal(200));
      }

      if (method === 'post') {
        it('wants the token of the session, and no other site to have sent it', async () => {
          const body = bodyFor(path);
          const { cookie, csrfToken } = admin;
          const foreign: readonly Readonly<Record<string, string>>[] = [
            { cookie },
            { cookie, 'X-CSRF-Token': reader.csrfToken },
            { cookie, 'X-CSRF-Token': csrfToken, 'Sec-Fetch-Site': 'cross-site' },
            { cookie, 'X-CSRF-Token': csrfToken, 'Sec-Fetch-Site': 'same-site' },
            { cookie, 'X-CSRF-Token': csrfToken, Origin: 'http://evil.example' },
            { cookie, 'X-CSRF-Token': csrfToken, Origin: 'null' },
          ];
          for (const headers of foreign) {
            const answer = await site.ask(pathOf(path), { method: 'POST', headers, body });
            expect([answer.status, answer.body.error?.code]).to.deep.equal([403, 'FOREIGN']);
          }
          expect(site.commands.asked).to.deep.equal([]);
        });

        it('takes nothing but what it knows', async () => {
          for (const body of [{ ...bodyFor(path), more: 1 }, [], 'text', null, { dryRun: 'no' }])
            expect((await site.post(pathOf(path), body, admin)).status, JSON.stringify(body)).to.equal(400);
          const { cookie, csrfToken } = admin;
          const headers = { cookie, 'X-CSRF-Token': csrfToken, 'Content-Type': 'text/plain' };
          expect((await site.ask(pathOf(path), { method: 'POST', headers, body: {} })).status).to.equal(400);
          expect(site.commands.asked).to.deep.equal([]);
        });
      }
    });
  }

  it('does what the commands do, in the name of the operator', async () => {
    const answer = await site.post('/api/bundles/storage/stop', { dryRun: true }, admin);
    expect(answer.body).to.deep.equal({ result: [], text: 'text of stop' });
    await site.post('/api/bundles/storage/stop', { dryRun: false }, admin);
    await site.post('/api/components/usm/disable', { dryRun: false }, admin);
    expect(site.commands.asked).to.deep.equal([
      ['console:anna', 'stop', 'storage', 'dry'],
      ['console:anna', 'stop', 'storage'],
      ['console:anna', 'scr disable', 'usm'],
    ]);
  });

  it('takes names, no patterns and no options', async () => {
    for (const name of ['*', 'oxtender.*', '-x', '%0a', ' '.repeat(3)])
      expect(
        (await site.post(`/api/bundles/${encodeURIComponent(name)}/stop`, { dryRun: false }, admin)).status,
        name,
      ).to.equal(400);
    expect(site.commands.asked).to.deep.equal([]);
  });

  it('sets and takes out values of a configuration in one change, arrays with their commas', async () => {
    const set = { 'x.list': ['a,b', 'c\\d'], 'x.on': true, 'x.text': 'a = ${b}' };
    const changes = [{ key: 'x.on' }, { key: 'x.old' }];
    site.commands.answers.set('config set', () => ({ changes, stops: [] }));
    const answer = await site.post('/api/configurations/x', { dryRun: true, set, unset: ['x.old', 'x.other'] }, admin);
    expect(answer.body).to.deep.equal({ changes, text: '' });
    await site.post('/api/configurations/x', { dryRun: false, set: { 'x.on': false }, unset: [] }, admin);
    const reset = { reset: ['x.old', 'x.other'] };
    expect(site.commands.asked).to.deep.equal([
      ['console:anna', 'config set', 'x', 'x.list=a\\,b, c\\\\d', 'x.on=true', 'x.text=a = ${b}', reset, 'dry'],
      ['console:anna', 'config set', 'x', 'x.on=false'],
    ]);
    for (const key of ['a=b', 'a b', 'a\n', ''])
      expect(
        (await site.post('/api/configurations/x', { dryRun: true, set: { [key]: 1 }, unset: [] }, admin)).status,
        JSON.stringify(key),
      ).to.equal(400);
  });

  it('acts on one device of one user', async () => {
    const path = `/api/devices/eas/${encodeURIComponent('anna@example.com')}/${encodeURIComponent('A/1 ü')}`;
    const whose = { user: 'anna@example.com', protocol: 'eas' };
    await site.post(`${path}/block`, { dryRun: false, reason: 'lost' }, admin);
    await site.post(`${path}/wipe-account`, { dryRun: true }, admin);
    await site.post(`${path}/resync`, { dryRun: false, collection: 'F7' }, admin);
    await site.post(`${path}/resend`, { dryRun: false, collection: 'F7', item: '12' }, admin);
    expect(site.commands.asked).to.deep.equal([
      ['console:anna', 'devices block', 'A/1 ü', { ...whose, reason: 'lost' }],
      ['console:anna', 'devices wipe', 'A/1 ü', { ...whose, account: true }, 'dry'],
      ['console:anna', 'devices resync', 'A/1 ü', 'F7', whose],
      ['console:anna', 'devices resend', 'A/1 ü', 'F7', '12', whose],
    ]);
    expect((await site.post(`${path}/block`, { dryRun: false, reason: 'a\nb' }, admin)).status).to.equal(400);
    expect((await site.post(`${path}/resend`, { dryRun: false }, admin)).status).to.equal(400);
  });

  it('finds devices, page by page, the last seen first', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => ({
      ...{ user: index % 2 === 0 ? 'Anna' : 'bert', protocol: 'eas', device: `D${index}`, type: 'iPhone' },
      ...{ access: index === 7 ? 'blocked' : 'allowed', wipe: index === 8 ? 'sent' : '' },
      lastSeen: new Date(index * 1000).toISOString(),
    }));
    site.commands.answers.set('devices list', () => rows);
    const found = async (query: string) => (await site.get(`/api/devices?${query}`, reader)).body;
    expect(await found('search=anna&page=1')).to.deep.include({ total: 120, found: 60, page: 1, pageSize: 50 });
    expect(((await found('')).rows as { device: string }[])[0]?.device).to.equal('D119');
    expect((await found('search=anna&page=1')).rows).to.have.length(10);
    expect((await found('access=blocked')).rows).to.deep.equal([rows[7]]);
    expect((await found('access=wipe')).rows).to.deep.equal([rows[8]]);
  });

  it('says what the host refused, what is not running, and of its own faults nothing', async () => {
    site.commands.answers.set('stop', () => {
      throw new Error('there is no bundle nowhere: did you mean usm?');
    });
    const refused = await site.post('/api/bundles/nowhere/stop', { dryRun: false }, admin);
    expect([refused.status, refused.body.error]).to.deep.equal([
      409,
      { code: 'REFUSED', message: 'there is no bundle nowhere: did you mean usm?' },
    ]);
    site.commands.missing.add('devices list');
    expect((await site.get('/api/devices', reader)).status).to.equal(503);
    site.commands.answers.set('history', () => 'not an array');
    const failed = await site.get('/api/audit', reader);
    expect([failed.status, failed.body.error?.message]).to.deep.equal([500, 'the console failed: its log says why']);
    expect(site.logged.filter(([level]) => level === 'error')).to.have.length(1);
    expect((await site.get('/api/nothing', reader)).status).to.equal(404);
    expect((await site.ask('/api/nothing', { method: 'DELETE', headers: reader as never })).status).to.equal(404);
  });
});
