import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

describe('login', () => {
  let server: TestServer;

  before(async () => {
    server = await TestServer.start({ maxSessionsPerUser: 3 });
  });
  after(() => server[Symbol.asyncDispose]());
  afterEach(() => server.sandbox.sessions.endAll());

  it('answers a flat object and sets the three cookies', async () => {
    const client = new OxClient(server.url);
    const answer = await client.login('alice@example.com', 'secret');
    expect(answer).to.include({ user: 'alice@example.com', user_id: 3, context_id: 1, locale: 'en_US' });
    expect(answer.session).to.match(/^[0-9a-f]{32}$/);
    const names = [...client.cookies.keys()].map((name) => name.replace(/-[\w-]{22}$/, ''));
    expect(names).to.have.members(['open-xchange-secret', 'open-xchange-public-session', 'JSESSIONID']);
    expect(client.cookies.get('JSESSIONID')).to.match(/\.OX1$/);
  });

  for (const [name, password] of [
    ['alice@example.com', 'wrong'],
    ['nobody@example.com', 'secret'],
  ] as const)
    it(`refuses ${name} with "${password}" as LGI-0006`, async () => {
      const answer = await new OxClient(server.url).login(name, password);
      expect(answer).to.include({ code: 'LGI-0006', category: 1, categories: 'USER_INPUT' });
      expect(answer.error_params).to.deep.equal([]);
    });

  it('keeps passwords as scrypt hashes only', () => {
    const { users } = server.sandbox.contexts.open(1);
    expect(users.passwordHash(3)).to.match(/^scrypt\$[\w+/=]+\$[\w+/=]+$/);
  });

  it('refuses a password in the URL', async () => {
    const response = await fetch(`${server.url}/login?action=login&name=alice@example.com&password=secret`, {
      method: 'POST',
    });
    expect(await response.json()).to.include({ code: 'SVL-0030' });
  });

  it('refuses an authId that is in use', async () => {
    const login = async (): Promise<unknown> => {
      const body = new URLSearchParams({ name: 'bob@example.com', password: 'secret', authId: 'same' });
      return (await fetch(`${server.url}/login?action=login`, { method: 'POST', body })).json();
    };
    expect(await login()).to.have.property('session');
    expect(await login()).to.include({ code: 'SES-0008' });
  });

  it('refuses the session over the limit until one logs out', async () => {
    const clients = [
      await OxClient.login(server.url),
      await OxClient.login(server.url),
      await OxClient.login(server.url),
    ];
    expect(await new OxClient(server.url).login('alice@example.com', 'secret')).to.include({ code: 'SES-0007' });
    const logout = await clients[0]!.raw('GET', 'login', 'logout');
    expect([logout.status, await logout.text()]).to.deep.equal([200, '']);
    expect(await new OxClient(server.url).login('alice@example.com', 'secret')).to.have.property('session');
  });

  it('remembers a session for autologin after store', async () => {
    const client = await OxClient.login(server.url);
    await client.raw('GET', 'login', 'store');
    const response = await client.fetch('login?action=autologin&client=USM-EAS', { method: 'GET' });
    expect(await response.json()).to.include({ session: client.session });
  });
});

describe('session', () => {
  let server: TestServer;

  before(async () => {
    server = await TestServer.start();
  });
  after(() => server[Symbol.asyncDispose]());

  it('is needed', async () => {
    const answer = (await (await fetch(`${server.url}/contacts?action=all`)).json()) as object;
    expect(answer).to.include({ code: 'SES-0201' });
  });

  it('ends when the secret cookie is missing', async () => {
    const client = await OxClient.login(server.url);
    const cookies = new Map(client.cookies);
    client.cookies.clear();
    expect(await client.get('capabilities', 'all')).to.include({ code: 'SES-0206', category: 4 });
    for (const [name, value] of cookies) client.cookies.set(name, value);
    expect(await client.get('capabilities', 'all')).to.include({ code: 'SES-0203', category: 4 });
  });

  it('ends when the User-Agent changes, for the cookie has another name then', async () => {
    const client = await OxClient.login(server.url);
    client.userAgent = 'something else';
    expect(await client.get('capabilities', 'all')).to.include({ code: 'SES-0206' });
  });

  it('expires after the life time without a request, and not before', async () => {
    const client = await OxClient.login(server.url);
    server.clock.advance(3_600_000);
    expect(await client.get('capabilities', 'all')).to.have.property('data');
    server.clock.advance(3_600_001);
    expect(await client.get('capabilities', 'all')).to.include({ code: 'SES-0203' });
  });

  it('comes as a 403 page to a browser', async () => {
    const response = await fetch(`${server.url}/contacts?action=all&session=x`, { headers: { Accept: 'text/html' } });
    expect(response.status).to.equal(403);
    expect(response.headers.get('content-type')).to.match(/^text\/html/);
  });

  it('belongs to the address that it was opened for', async () => {
    const client = new OxClient(server.url);
    const body = new URLSearchParams({
      name: 'alice@example.com',
      password: 'secret',
      client: 'USM-EAS',
      clientIP: '192.0.2.7',
    });
    const response = await client.fetch('login?action=login', { method: 'POST', body });
    client.session = ((await response.json()) as { session: string }).session;
    expect(await client.get('capabilities', 'all')).to.include({ code: 'SES-0205', category: 3 });
  });
});

describe('the envelope', () => {
  let server: TestServer;
  let client: OxClient;

  before(async () => {
    server = await TestServer.start();
    client = await OxClient.login(server.url);
  });
  after(() => server[Symbol.asyncDispose]());

  it('names unknown modules and actions', async () => {
    expect(await client.get('nothing', 'all')).to.include({ code: 'SVL-0007', category: 8 });
    expect(await client.get('contacts', 'constructor')).to.include({ code: 'SVL-0001' });
    expect(await client.get('__proto__', 'all')).to.include({ code: 'SVL-0007' });
  });

  it('tells of bad JSON, a missing body and a missing parameter', async () => {
    expect(await client.put('contacts', 'new', {}, '{')).to.include({ code: 'SVL-0009' });
    expect(await client.put('contacts', 'new', {}, '')).to.include({ code: 'SVL-0023' });
    expect(await client.put('contacts', 'new', {}, '[]')).to.include({ code: 'SVL-0009' });
    expect(await client.get('contacts', 'get', { id: 1 })).to.include({ code: 'SVL-0002' });
    expect(await client.get('contacts', 'updates', { folder: 22, columns: '1', timestamp: 'x' })).to.include({
      code: 'SVL-0010',
    });
  });

  it('answers 413 to a body over the limit', async () => {
    await using small = await TestServer.start({ maxUploadSize: 1000 });
    const other = await OxClient.login(small.url);
    const response = await other.raw('PUT', 'contacts', 'new', {}, 'x'.repeat(2000)).catch((error: unknown) => error);
    if (response instanceof Response) expect(response.status).to.equal(413);
    else expect(response).to.be.an('error');
  });

  it('answers 429 over the rate, but never to the USM client', async () => {
    await using strict = await TestServer.start({ maxRate: 3 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call++)
      statuses.push((await fetch(`${strict.url}/contacts?action=all`, { headers: { 'User-Agent': 'other' } })).status);
    expect(statuses).to.deep.equal([200, 200, 200, 429, 429]);
    const usm = await OxClient.login(strict.url);
    for (let call = 0; call < 5; call++) expect(await usm.get('capabilities', 'all')).to.have.property('data');
  });
});

describe('multiple', () => {
  let server: TestServer;
  let client: OxClient;

  before(async () => {
    server = await TestServer.start();
    client = await OxClient.login(server.url);
  });
  after(() => server[Symbol.asyncDispose]());

  const requests = [
    { module: 'contacts', action: 'all', folder: 22, columns: '1' },
    { module: 'contacts', action: 'get', folder: 22, id: 99_999 },
    { module: 'folders', action: 'get', id: '22' },
  ];

  it('answers a bare array in the order of the requests', async () => {
    const answers = (await client.put('multiple', '', { continue: true }, requests)) as unknown as {
      data?: unknown;
      code?: string;
    }[];
    expect(answers).to.have.length(3);
    expect(answers[0]!.data).to.be.an('array');
    expect(answers[1]!.code).to.equal('CON-0125');
    expect(answers[2]!.data).to.include({ id: '22', module: 'contacts' });
  });

  it('stops at an error without continue', async () => {
    expect(await client.put('multiple', '', {}, requests)).to.have.length(2);
  });

  it('refuses itself, logins and what is no array', async () => {
    const answers = (await client.put('multiple', '', { continue: true }, [
      { module: 'multiple', action: 'x' },
      { module: 'login', action: 'login' },
    ])) as unknown as { code: string }[];
    expect(answers.map(({ code }) => code)).to.deep.equal(['SVL-0007', 'SVL-0007']);
    expect(await client.put('multiple', '', {}, {})).to.include({ code: 'SVL-0020' });
  });
});
