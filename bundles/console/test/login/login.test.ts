import { expect } from 'chai';
import { TestSite, defaultConfig } from '../support/test-site';

const minute = 60_000;

describe('login by a link', () => {
  let site: TestSite;

  beforeEach(async () => {
    site = await TestSite.open();
  });
  afterEach(() => site[Symbol.asyncDispose]());

  const redeem = (token: unknown, headers = {}) => site.ask('/api/login', { method: 'POST', body: { token }, headers });
  const link = () => site.site.links.create({ name: 'anna', role: 'admin' });

  it('lets in once, and is kept in the audit trail', async () => {
    const token = link();
    const answer = await redeem(token);
    expect(answer.status).to.equal(200);
    expect(answer.body).to.include({ name: 'anna', role: 'admin' });
    expect(answer.headers['set-cookie']?.[0]).to.match(
      /^oxtender_console_\d+=[\w-]{32}; path=\/; samesite=strict; httponly$/,
    );
    const again = await redeem(token);
    expect([again.status, again.body.error?.code]).to.deep.equal([401, 'LINK_OVER']);
    expect(again.headers).to.not.have.property('set-cookie');
    expect(site.commands.audited).to.deep.equal([
      { user: 'console:anna', command: 'console session', args: ['--role=admin', '--by=link'], outcome: 'done' },
    ]);
    expect(JSON.stringify(site.logged), 'no token in the log').to.not.include(token);
  });

  it('is over after five minutes', async () => {
    const token = link();
    await site.clock.tick(5 * minute + 1);
    expect((await redeem(token)).status).to.equal(401);
  });

  it('takes no other token, and none from another site', async () => {
    for (const token of ['', 'x', 'x'.repeat(32), 7, null, undefined])
      expect((await redeem(token)).status, String(token)).to.be.oneOf([400, 401]);
    expect((await redeem(link(), { 'Sec-Fetch-Site': 'cross-site' })).status).to.equal(403);
    expect((await redeem(link(), { Origin: 'http://evil.example' })).status).to.equal(403);
  });

  it('gives a new session each time; one that is made up is worth nothing', async () => {
    const [one, two] = [await site.logIn(), await site.logIn()];
    expect(one.cookie).to.not.equal(two.cookie);
    const name = one.cookie.split('=')[0] ?? '';
    expect((await site.get('/api/session', { ...one, cookie: `${name}=${'x'.repeat(32)}` })).status).to.equal(401);
  });

  it('ends by logging out, at once, and only there', async () => {
    const [one, two] = [await site.logIn(), await site.logIn()];
    expect((await site.post('/api/logout', {}, one)).status).to.equal(200);
    expect((await site.get('/api/session', one)).status).to.equal(401);
    expect((await site.get('/api/session', two)).status).to.equal(200);
    expect(site.commands.audited.at(-1)).to.include({ user: 'console:anna', command: 'console logout' });
  });

  it('ends when nobody asks for half an hour, and after twelve hours in any case', async () => {
    const session = await site.logIn();
    await site.clock.tick(29 * minute);
    expect((await site.get('/api/session', session)).status).to.equal(200);
    await site.clock.tick(29 * minute);
    expect((await site.get('/api/session', session)).status, 'each request counts').to.equal(200);
    await site.clock.tick(31 * minute);
    expect((await site.get('/api/session', session)).status).to.equal(401);

    const long = await site.logIn();
    for (let hour = 0; hour < 24; hour++) {
      await site.clock.tick(29 * minute);
      await site.get('/api/session', long);
    }
    await site.clock.tick(29 * minute);
    expect((await site.get('/api/session', long)).status).to.equal(401);
  });

  it('stays over a change of the settings', async () => {
    const session = await site.logIn();
    const { port } = site.url;
    await site.site.open(defaultConfig({ 'console.port': 0, 'console.idle_minutes': 60 }));
    expect(site.url.port, 'no new socket for a setting that is read live').to.equal(port);
    expect((await site.get('/api/session', session)).status).to.equal(200);
  });
});
