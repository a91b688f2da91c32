import { expect } from 'chai';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

describe('knobs', () => {
  let server: TestServer;
  let client: OxClient;

  before(async () => {
    server = await TestServer.start({ knobs: true });
  });
  after(() => server[Symbol.asyncDispose]());
  beforeEach(async () => {
    await turn('reset');
    client = await OxClient.login(server.url);
  });

  const turn = async (
    action: string,
    params: Record<string, string> = {},
  ): Promise<{ code?: string; data?: unknown }> => {
    const query = new URLSearchParams({ action, ...params });
    return (await fetch(`${server.url}/sandbox?${query.toString()}`, { method: 'POST' })).json() as Promise<object>;
  };
  const call = (): Promise<{ code?: string }> => client.get('capabilities', 'all');

  it('are not there unless the configuration says so', async () => {
    await using plain = await TestServer.start();
    const answer = (await (await fetch(`${plain.url}/sandbox?action=down`, { method: 'POST' })).json()) as object;
    expect(answer).to.include({ code: 'SES-0201' });
    expect(await OxClient.login(plain.url)).to.have.property('session');
  });

  it('fail so many calls with a code, of one action if wanted', async () => {
    await turn('fail', { code: 'CAL-4120', count: '2', on: 'capabilities:all' });
    expect(await client.get('capabilities', 'get', { id: 'x' })).to.have.property('data');
    expect([await call(), await call(), await call()].map(({ code }) => code)).to.deep.equal([
      'CAL-4120',
      'CAL-4120',
      undefined,
    ]);
    expect(await turn('fail', { code: 'NO-0001' })).to.include({ code: 'SVL-0010' });
  });

  it('lose the answer of a call that was run', async () => {
    await turn('drop', { on: 'contacts:new' });
    const before = (await client.get<unknown[]>('contacts', 'all', { folder: 28, columns: '1' })).data.length;
    const lost = await client
      .put('contacts', 'new', {}, { folder_id: 28, display_name: 'x' })
      .catch((error: unknown) => error);
    expect(lost).to.be.an('error');
    expect((await client.get<unknown[]>('contacts', 'all', { folder: 28, columns: '1' })).data).to.have.length(
      before + 1,
    );
  });

  it('keep the answer of a call that was run until the client goes', async () => {
    await turn('hold', { on: 'contacts:new' });
    const impatient = new AbortController();
    const { signal } = impatient;
    const path = `contacts?action=new&session=${client.session}`;
    const body = JSON.stringify({ folder_id: 28, display_name: 'held' });
    const call = client.fetch(path, { method: 'PUT', body, signal }).catch((error: unknown) => error);
    let held = 0;
    while (held === 0) ({ held } = (await turn('held')).data as { held: number });
    const { data } = await client.get<string[][]>('contacts', 'all', { folder: 28, columns: '500' });
    expect(data.flat()).to.include('held');
    impatient.abort();
    expect(await call).to.have.property('name', 'AbortError');
  });

  it('end all sessions', async () => {
    await turn('expire');
    expect(await call()).to.include({ code: 'SES-0203' });
  });

  it('answer with a status', async () => {
    await turn('status', { status: '429' });
    expect((await client.raw('GET', 'capabilities', 'all')).status).to.equal(429);
    expect((await client.raw('GET', 'capabilities', 'all')).status).to.equal(200);
  });

  it('play dead until they wake up', async () => {
    await turn('down');
    expect((await client.raw('GET', 'capabilities', 'all')).status).to.equal(503);
    await turn('up');
    expect(await call()).to.have.property('data');
  });

  it('can not delay by a clock without timers', async () => {
    expect(await turn('delay', { milliseconds: '5' })).to.include({ code: 'SVL-0010' });
  });
});
