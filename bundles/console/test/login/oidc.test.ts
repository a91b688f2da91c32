import { expect } from 'chai';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { OidcProvider } from '../support/oidc-provider';
import { defaultConfig, TestSite } from '../support/test-site';

/** Follows redirects as a browser does, with the cookies of each server. */
class Follower {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** @returns the last answer, and where it came from */
  async go(from: string, form?: Readonly<Record<string, string>>): Promise<{ url: URL; text: string }> {
    let url = new URL(from);
    let body: URLSearchParams | undefined = form && new URLSearchParams(form);
    for (;;) {
      const jar = this.#cookies.get(url.origin) ?? new Map<string, string>();
      this.#cookies.set(url.origin, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie },
        ...(body && { method: 'POST', body }),
      });
      for (const each of response.headers.getSetCookie()) {
        const [name = '', value = ''] = each.split(';')[0]?.split(/=(.*)/s) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      const location = response.headers.get('location');
      const text = await response.text();
      if (location === null) return { url, text };
      url = new URL(location, url);
      body = undefined;
    }
  }

  cookiesOf(origin: string): string {
    return [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('login by OpenID Connect', () => {
  let site: TestSite;
  let provider: OidcProvider;

  beforeEach(async () => {
    const port = await freePort();
    provider = await OidcProvider.start(`http://127.0.0.1:${port}/oidc/callback`, {
      anna: ['staff', 'oxtender-admins'],
      bert: ['oxtender-support'],
      carl: ['staff'],
    });
    site = new TestSite();
    await site.site.open(
      defaultConfig({
        'console.port': port,
        'console.oidc.issuer': provider.issuer,
        'console.oidc.client_id': 'console',
        'console.oidc.client_secret': 'client secret',
        'console.oidc.admins': ['oxtender-admins'],
        'console.oidc.readers': ['oxtender-support'],
      }),
    );
  });

  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  /** Through the provider's own pages for logging in and for consent. */
  async function logIn(name: string, follower = new Follower()): Promise<{ follower: Follower; url: URL }> {
    let at = await follower.go(`${site.site.origin}/oidc/login`);
    while (at.url.pathname.startsWith('/interaction/')) {
      const prompt = at.text.includes('name="password"') ? 'login' : 'consent';
      at = await follower.go(at.url.href, { prompt, login: name, password: 'any' });
    }
    return { follower, url: at.url };
  }

  const sessionOf = async (follower: Follower) =>
    (await site.ask('/api/session', { headers: { cookie: follower.cookiesOf(site.site.origin) } })).body;

  it('gives the role that the groups say, and the name to the audit trail', async () => {
    expect((await site.ask('/api/login')).body).to.deep.equal({ oidc: true });
    const anna = await logIn('anna');
    expect(anna.url.href).to.equal(`${site.site.origin}/`);
    expect(await sessionOf(anna.follower)).to.include({ name: 'anna@example.com', role: 'admin' });
    const bert = await logIn('bert');
    expect(await sessionOf(bert.follower)).to.include({ name: 'bert@example.com', role: 'read' });
    expect(site.commands.audited.map(({ user, args }) => [user, ...args])).to.deep.equal([
      ['console:anna@example.com', '--role=admin', '--by=oidc'],
      ['console:bert@example.com', '--role=read', '--by=oidc'],
    ]);
  });

  it('lets nobody in whose groups give no role', async () => {
    const carl = await logIn('carl');
    expect(carl.url.search).to.equal('?login=FORBIDDEN');
    expect(await sessionOf(carl.follower)).to.have.property('error');
    expect(site.commands.audited).to.deep.equal([]);
  });

  it('takes an answer only from the browser that began, once', async () => {
    const follower = new Follower();
    const begun = await follower.go(`${site.site.origin}/oidc/login`);
    expect(begun.url.origin).to.equal(provider.issuer);
    // As a browser has it that does not forget its cookie when it is told to.
    const cookie = follower.cookiesOf(site.site.origin);
    const stolen = await new Follower().go(`${site.site.origin}/oidc/callback?code=x&state=y`);
    expect(stolen.url.search).to.equal('?login=LINK_OVER');
    const wrong = await follower.go(`${site.site.origin}/oidc/callback?code=x&state=y`);
    expect(wrong.url.search).to.equal('?login=PROVIDER');
    const again = await follower.go(`${site.site.origin}/oidc/callback?code=x&state=y`);
    expect(again.url.search).to.equal('?login=LINK_OVER');
    const kept = await fetch(`${site.site.origin}/oidc/callback?code=x&state=y`, {
      redirect: 'manual',
      headers: { cookie },
    });
    expect(kept.headers.get('location')).to.include('login=LINK_OVER');
    expect(site.commands.audited).to.deep.equal([]);
  });

  it('says so when the provider does not answer', async () => {
    await provider[Symbol.asyncDispose]();
    expect((await site.ask('/oidc/login')).status).to.equal(502);
    expect((await site.ask('/oidc/login')).body.error?.code).to.equal('PROVIDER');
  });

  it('is not there when it is not configured', async () => {
    await site.site.open(defaultConfig());
    expect((await site.ask('/api/login')).body).to.deep.equal({ oidc: false });
    expect((await site.ask('/oidc/login')).status).to.equal(404);
  });
});
