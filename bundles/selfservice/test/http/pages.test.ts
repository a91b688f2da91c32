import { type DeviceRecord, type DeviceRegistry, GroupwareError, type Logger } from '@oxtender/bundle-api';
import { FakeClock, MemoryGroupware } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import Koa from 'koa';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SelfServiceConfig } from '../../src/config';
import { pageRouter } from '../../src/http/page-router';
import { ProfileSigner } from '../../src/profile/profile-signer';
import { LoginLimit } from '../../src/session/login-limit';
import { PageSessions } from '../../src/session/page-sessions';
import { SetupLinks } from '../../src/session/setup-links';

const config: SelfServiceConfig = {
  'selfservice.path': '/oxtender',
  'selfservice.server': '',
  'selfservice.organization': 'Käse & <Co>',
  'selfservice.full_wipe': false,
  'selfservice.idle_minutes': 15,
  'selfservice.session_hours': 8,
  'selfservice.login_attempts': 3,
  'selfservice.login_minutes': 5,
  'profile.certificate': '',
  'profile.key': '',
  'profile.passphrase': '',
};

const device: DeviceRecord = {
  ...{ contextId: 1, userId: 1, protocol: 'eas', deviceId: 'D&1', login: 'anna', type: 'iPhone' },
  ...{ protocolVersion: '16.1', firstSeen: 0, lastSeen: 0, access: 'allowed' },
  information: { friendlyName: '<script>alert(1)</script>' },
};

/** What the registry was asked to do. */
class NotedRegistry {
  readonly done: unknown[] = [];
  device: DeviceRecord = device;

  get registry(): DeviceRegistry {
    const note =
      (what: string) =>
      (...rest: unknown[]): Promise<void> => {
        this.done.push([what, ...rest.slice(1)]);
        return Promise.resolve();
      };
    const isOwn = (key: { userId?: number; deviceId?: string }) => key.userId === 1 && key.deviceId === device.deviceId;
    return {
      list: () => Promise.resolve([this.device]),
      get: (key) => Promise.resolve(isOwn(key) ? this.device : undefined),
      skippedItems: () =>
        Promise.resolve([{ collectionId: 'F3', folderName: '"Team"', itemId: '7', reason: '<b>broken</b>', since: 0 }]),
      folderChoice: () => Promise.resolve({ include: [], exclude: [] }),
      ...{
        chooseFolders: note('chooseFolders'),
        resend: note('resend'),
        requestWipe: note('wipe'),
        delete: note('delete'),
      },
    } as Partial<DeviceRegistry> as DeviceRegistry;
  }
}

/** Keeps what is written to it, whatever the level. */
const noting = (lines: unknown[][]): Logger =>
  new Proxy({} as Logger, {
    get:
      () =>
      (...line: unknown[]) =>
        void lines.push(line),
  });

describe('the pages', () => {
  let clock: FakeClock;
  let groupware: MemoryGroupware;
  let sessions: PageSessions;
  let noted: NotedRegistry;
  let server: Server;
  let url: string;
  let logged: unknown[][];

  beforeEach(async () => {
    clock = new FakeClock();
    groupware = new MemoryGroupware();
    groupware.addUser({ login: 'anna', displayName: 'Anna "A" <Miller>', primaryAddress: 'anna@example.com' });
    noted = new NotedRegistry();
    logged = [];
    const log = noting(logged);
    sessions = new PageSessions(clock, { idle: 900_000, longest: 28_800_000 });
    const router = pageRouter({
      ...{ config, clock, log, bridge: groupware, registry: noted.registry, sessions },
      limit: new LoginLimit(clock, { attempts: 3, window: 300_000 }),
      links: new SetupLinks(clock),
      signer: new ProfileSigner(config, clock, log),
    });
    const app = new Koa({ proxy: true });
    app.silent = true;
    app.use(async (context, next) => {
      Object.assign(context.state, { signal: new AbortController().signal, requestId: 'r1' });
      // as the host does: handlers do not see the path that they are mounted at
      context.url = context.url.replace(/^\/oxtender/, '') || '/';
      await next();
    });
    app.use(router.routes() as Koa.Middleware);
    const handle = app.callback();
    server = createServer((request, response) => void handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oxtender`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    sessions[Symbol.dispose]();
    await once(server, 'close');
    expect(groupware.openSessions).to.equal(0);
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { redirect: 'manual', headers });
  const post = (
    path: string,
    form: Record<string, string> | [string, string][],
    headers: Record<string, string> = {},
  ) => fetch(url + path, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(form) });
  const logIn = (headers: Record<string, string> = {}, password = 'secret') =>
    post('/login', { login: 'anna', password }, headers);

  /** Headers of a browser that is logged in, and the token of its forms. */
  async function loggedIn(): Promise<{ headers: { Cookie: string }; csrf: string }> {
    const Cookie = (await logIn()).headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const page = await (await get('/', { Cookie })).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? expect.fail('no token in the page');
    return { headers: { Cookie }, csrf };
  }

  const path = '/devices/eas/D%261';

  it('log the page that was refused, and never the token of a link', async () => {
    expect((await get('/s/secret-token')).status).to.equal(404);
    expect((await get('/s/secret-token/profile.mobileconfig')).status).to.equal(404);
    expect(logged.map(([message]) => message)).to.deep.equal(['page refused', 'page refused']);
    expect(JSON.stringify(logged)).to.contain('/s/:token').and.not.contain('secret-token');
  });

  it('set a cookie that scripts and other sites do not get, and only over TLS where there is TLS', async () => {
    expect((await logIn()).headers.getSetCookie()[0]).to.match(
      /^oxtender_session=[\w-]{32}; path=\/oxtender; samesite=strict; httponly$/i,
    );
    const secure = await logIn({ 'X-Forwarded-Proto': 'https' });
    expect(secure.headers.getSetCookie()[0]).to.match(/; secure/i);
  });

  it('refuse forms that another site sent, also the log-in', async () => {
    expect((await logIn({ 'Sec-Fetch-Site': 'cross-site' })).status).to.equal(403);
    expect((await logIn({ 'Sec-Fetch-Site': 'same-site' })).status).to.equal(403);
    expect((await logIn({ Origin: 'https://evil.example' })).status).to.equal(403);
    expect((await logIn({ Origin: 'null' })).status).to.equal(403);
    expect((await logIn({ Origin: new URL(url).origin })).status).to.equal(303);
    expect((await logIn({ 'Sec-Fetch-Site': 'same-origin' })).status).to.equal(303);
  });

  it('refuse every form of a user without the token, and do nothing then', async () => {
    const { headers } = await loggedIn();
    for (const action of ['folders', 'resend', 'wipe', 'remove'].map((each) => `${path}/${each}`).concat('/logout')) {
      for (const csrf of ['', 'x'.repeat(32)]) {
        const form = { csrf, kind: 'account', understood: 'yes', collection: 'F3', item: '7' };
        expect((await post(action, form, headers)).status, action).to.equal(403);
      }
    }
    expect(noted.done).to.deep.equal([]);
    expect((await get('/', headers)).status).to.equal(200);
  });

  it('send somebody who is not logged in to the log-in, and do nothing', async () => {
    for (const page of ['/setup', '/profile.mobileconfig', path, `${path}/wipe`]) {
      const answer = await get(page);
      expect([answer.status, answer.headers.get('location')], page).to.deep.equal([303, '/oxtender/']);
    }
    expect((await post(`${path}/wipe`, { kind: 'account', understood: 'yes', csrf: '' })).status).to.equal(303);
    expect(noted.done).to.deep.equal([]);
  });

  it('do what the forms say', async () => {
    const { headers, csrf } = await loggedIn();
    await post(`${path}/resend`, { csrf, collection: 'F3', item: '7' }, headers);
    await post(`${path}/folders`, { csrf }, headers);
    const wiped = await post(`${path}/wipe`, { csrf, kind: 'account', understood: 'yes' }, headers);
    expect(wiped.headers.get('location')).to.equal(`/oxtender${path}?done=wipe`);
    await post(`${path}/remove`, { csrf }, headers);
    expect(noted.done).to.deep.equal([
      ['resend', 'F3', '7'],
      ['chooseFolders', { include: [], exclude: [] }],
      ['wipe', 'account'],
      ['delete'],
    ]);
  });

  it('wipe nothing without consent, nothing twice, and not more than the operator lets users', async () => {
    const { headers, csrf } = await loggedIn();
    expect((await post(`${path}/wipe`, { csrf, kind: 'account' }, headers)).status).to.equal(400);
    expect((await post(`${path}/wipe`, { csrf, kind: 'full', understood: 'yes' }, headers)).status).to.equal(403);
    noted.device = { ...device, wipe: { kind: 'account', state: 'sent', requestedAt: 0, changedAt: 0 } };
    expect((await post(`${path}/wipe`, { csrf, kind: 'account', understood: 'yes' }, headers)).status).to.equal(403);
    noted.device = { ...device, protocolVersion: '14.1' };
    expect((await post(`${path}/wipe`, { csrf, kind: 'account', understood: 'yes' }, headers)).status).to.equal(403);
    expect(noted.done).to.deep.equal([]);
  });

  it('let no user out of a block by removing the device', async () => {
    const { headers, csrf } = await loggedIn();
    for (const access of ['blocked', 'quarantined'] as const) {
      noted.device = { ...device, access };
      expect((await post(`${path}/remove`, { csrf }, headers)).status).to.equal(403);
    }
    expect(noted.done).to.deep.equal([]);
  });

  it('write what devices, folders and people are called as text, never as markup', async () => {
    const { headers } = await loggedIn();
    for (const page of ['/', path, `${path}/wipe`, '/setup']) {
      const text = await (await get(page, headers)).text();
      expect(text, page).to.not.match(/<script>alert|<b>broken|<Miller>|<Co>/);
      expect(text, page).to.include('Käse &amp; &lt;Co&gt;');
    }
  });

  it('allow no script but our file, no frame, and no cache', async () => {
    for (const answer of [await get('/'), await get('/nothing'), await logIn({}, 'wrong')]) {
      expect(answer.headers.get('content-security-policy')).to.match(
        /^default-src 'none';(?!.*unsafe).*script-src 'self'/,
      );
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(await answer.text()).to.not.match(/<script(?! src=)|<style| style=| on\w+=/);
    }
    expect((await get('/nothing')).status).to.equal(404);
  });

  it('log out a user who was away, and say so', async () => {
    const { headers } = await loggedIn();
    await clock.tick(900_001);
    const answer = await get(path, headers);
    expect(answer.headers.get('location')).to.equal('/oxtender/?why=away');
    sessions.purge();
    expect(groupware.openSessions).to.equal(0);
  });

  it('answer a wrong password, too many of them, and an account or a groupware that does not let in', async () => {
    expect((await logIn({}, 'wrong')).status).to.equal(403);
    groupware.faults.fail('login', new GroupwareError('NOT_ALLOWED', 'locked'));
    expect((await logIn()).status).to.equal(403);
    groupware.faults.fail('login', new GroupwareError('UNAVAILABLE', 'no answer'));
    const busy = await logIn();
    expect([busy.status, busy.headers.get('retry-after')]).to.deep.equal([503, '30']);
    for (let attempt = 0; attempt < 3; attempt++) await logIn({}, 'wrong');
    const refused = await logIn();
    expect(refused.status).to.equal(429);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 300);
    expect((await post('/login', { login: '', password: '' })).status).to.equal(400);
  });

  it('lead the change of language nowhere else', async () => {
    const to = async (back: string) =>
      (await get(`/language?to=de&back=${encodeURIComponent(back)}`)).headers.get('location');
    expect(await to('/oxtender/setup')).to.equal('/oxtender/setup');
    for (const back of ['https://evil.example/', '//evil.example', '/oxtender/\r\nX: y', '/oxtenderer/x', '']) {
      expect(await to(back), back).to.equal('/oxtender/');
    }
  });

  it('put nothing of a strange Host header into a page or profile', async () => {
    const { headers } = await loggedIn();
    const forged = { ...headers, 'X-Forwarded-Host': 'evil"><script>' };
    expect((await get('/setup', forged)).status).to.equal(400);
    expect((await get('/profile.mobileconfig', forged)).status).to.equal(400);
  });

  it('speak the language of the browser, or the one that was chosen', async () => {
    expect(await (await get('/', { 'Accept-Language': 'de-AT, en;q=0.5' })).text()).to.include('lang="de"');
    expect(await (await get('/', { 'Accept-Language': 'fr' })).text()).to.include('lang="en"');
    const Cookie = 'oxtender_language=de';
    expect(await (await get('/', { Cookie, 'Accept-Language': 'en' })).text()).to.include('Anmelden');
  });
});
