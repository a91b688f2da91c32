import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

describe('the imitation of 6.x', () => {
  let server: TestServer;
  let client: OxClient;

  before(async () => {
    server = await TestServer.start({ imitate: '6.x' });
    client = await OxClient.login(server.url);
  });
  after(() => server[Symbol.asyncDispose]());

  it('logs in with a random token, without a public session, and with the password in the URL too', async () => {
    expect([...client.cookies.keys()].some((name) => name.startsWith('open-xchange-public-session'))).to.equal(false);
    const query = new URLSearchParams({ action: 'login', name: 'bob@example.com', password: 'secret' });
    const response = await fetch(`${server.url}/login?${query.toString()}`, {
      method: 'POST',
      body: new URLSearchParams(),
    });
    expect(await response.json()).to.have.property('random');
  });

  it('has numbers for ids, of objects and of folders', async () => {
    const { data } = await client.put<{ id: number }>('contacts', 'new', {}, { folder_id: 22, display_name: 'x' });
    expect(data.id).to.be.a('number');
    const { data: rows } = await client.put<unknown[][]>('contacts', 'list', { columns: '1,20' }, [
      { id: data.id, folder: 22 },
    ]);
    expect(rows).to.deep.equal([[data.id, 22]]);
    const { data: folder } = await client.get<object>('folders', 'get', { id: 22 });
    expect(folder).to.include({ id: 22, folder_id: 1 });
    const { timestamp } = await client.get('contacts', 'get', { id: data.id, folder: 22 });
    await client.put('contacts', 'delete', { timestamp }, { id: data.id, folder: 22 });
    expect(
      (await client.get('contacts', 'updates', { folder: 22, timestamp, columns: '1', ignore: 'false' })).data,
    ).to.deep.equal([data.id]);
  });

  it('lists contacts of all folders', async () => {
    const { data } = await client.get<number[][]>('contacts', 'all', { columns: '20' });
    expect(new Set(data.flat())).to.deep.equal(new Set([6, 22]));
  });

  it('gives errors with their parameters, and neither names of categories nor descriptions', async () => {
    const answer = await client.get('contacts', 'get', { id: 4711, folder: 22 });
    expect(answer).to.deep.include({ code: 'CON-0125', category: 8, error_params: ['4711', '22'] });
    expect(answer).not.to.have.any.keys('categories', 'error_desc');
  });

  it('writes envelopes as scripts', async () => {
    const response = await client.raw('GET', 'contacts', 'all', { folder: 22, columns: '1' });
    expect(response.headers.get('content-type')).to.equal('text/javascript; charset=UTF-8');
  });

  for (const module of [
    'capabilities',
    'chronos',
    'jslob',
    'pns',
    'sessionmanagement',
    'user/me',
    'mailfilter/v2',
    'contacts/picture',
  ])
    it(`does not know ${module}`, async () => {
      expect((await client.get(module, 'all')).code).to.be.oneOf(['SVL-0007', 'SVL-0001']);
    });

  it('has no web sockets', () => {
    expect(server.sandbox.webSockets).to.equal(undefined);
  });
});

describe('imitation of a server of version 8 without the old calendar', () => {
  it('has the new calendar alone, and tells its version', async () => {
    await using server = await TestServer.start({ imitate: '8.x' });
    const client = await OxClient.login(server.url);
    expect((await client.get<string>('config/serverVersion', '')).data).to.equal('8.20.0');
    expect((await client.get('calendar', 'all', { start: 0, end: 1, columns: '1' })).code).to.equal('SVL-0007');
    const range = { rangeStart: '20261101T000000Z', rangeEnd: '20261102T000000Z' };
    expect(await client.get('chronos', 'all', range)).to.have.property('data');
  });
});
