import { expect } from 'chai';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { TestSite, defaultConfig } from '../support/test-site';

describe('the door of the console', () => {
  let site: TestSite;

  beforeEach(async () => {
    site = await TestSite.open();
  });
  afterEach(() => site[Symbol.asyncDispose]());

  it('is open by its own names only: a name that leads here by DNS is refused', async () => {
    const { port } = site.url;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
      expect((await site.ask('/', { headers: { host } })).status, host).to.equal(
        (await site.ask('/', { headers: {} })).status,
      );
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil.example:${port}`]) {
      const answer = await site.ask('/api/login', { headers: { host } });
      expect([answer.status, answer.body.error?.code], host).to.deep.equal([403, 'FOREIGN']);
    }
  });

  it('is open by console.url behind a proxy, with cookies for TLS only', async () => {
    await site.site.open(defaultConfig({ 'console.url': 'https://console.example.com' }));
    const token = site.site.links.create({ name: 'anna', role: 'read' });
    const headers = { host: 'console.example.com', Origin: 'https://console.example.com' };
    const answer = await site.ask('/api/login', { method: 'POST', body: { token }, headers });
    expect(answer.headers['set-cookie']?.[0]).to.match(
      /^__Host-oxtender_console=[\w-]{32}; path=\/; samesite=strict; secure; httponly$/,
    );
    expect((await site.ask('/api/login', { headers: { host: 'evil.example' } })).status).to.equal(403);
  });

  it('forbids inline code, frames, and caches, on every answer', async () => {
    for (const path of ['/', '/bundles', '/api/session', '/api/login', '/oidc/login']) {
      const { headers } = await site.ask(path);
      expect(headers['content-security-policy'], path).to.include("default-src 'none'").and.not.include('unsafe');
      expect(headers['content-security-policy']).to.include("frame-ancestors 'none'").and.include("script-src 'self'");
      expect(headers, path).to.include({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
    }
  });

  it('serves no file outside of its page', async () => {
    for (const path of ['/assets/../../bundle.js', '/assets/%2e%2e/%2e%2e/bundle.js', '/assets/..%2f..%2fbundle.js'])
      expect((await site.ask(path)).text, path).to.not.include('require(');
    expect((await site.ask('/', { method: 'POST' })).status).to.equal(404);
  });

  it('stays away, and says why, where its port is taken or others could reach it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await site.site.open(defaultConfig({ 'console.port': port }));
    expect(() => site.site.origin).to.throw(/there is no web console: .*EADDRINUSE.*set console\.port/);
    other.close();
    await site.site.open(defaultConfig({ 'console.address': '0.0.0.0' }));
    expect(() => site.site.origin).to.throw(/put a proxy with TLS in front/);
    await site.site.open(defaultConfig({ 'console.enabled': false }));
    expect(() => site.site.origin).to.throw('console.enabled = false');
    await site.site.open(defaultConfig());
    expect((await site.ask('/api/session')).status).to.equal(401);
    expect(site.logged.filter(([level]) => level === 'warn')).to.have.length(2);
  });
});
