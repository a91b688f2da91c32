import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const mail = 'From: bob@example.com\r\nTo: alice@example.com\r\nSubject: Ping\r\n\r\nBody';

/** The packets of a socket, one after the other. */
class Packets {
  readonly #queue: string[] = [];
  #wake = (): void => undefined;

  constructor(socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.#queue.push(data.toString());
      this.#wake();
    });
  }

  async next(): Promise<string> {
    while (this.#queue.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#queue.shift()!;
  }
}

describe('push by web socket', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;

  before(async () => {
    server = await TestServer.start({ pushDelay: 0 });
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
  });
  after(() => server[Symbol.asyncDispose]());

  const open = (client: OxClient, headers: Record<string, string> = {}): WebSocket => {
    const origin = server.url.replace('http', 'ws').replace('/ajax', '');
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new WebSocket(`${origin}/socket.io/?session=${client.session}&EIO=3&transport=websocket`, {
      headers: { Cookie: cookie, 'User-Agent': client.userAgent, ...headers },
    });
  };

  it('shakes hands, answers pings, and tells of mail and calendars', async () => {
    const socket = open(alice);
    const packets = new Packets(socket);
    expect(await packets.next()).to.match(/^0\{"sid":/);
    expect(await packets.next()).to.equal('40');
    socket.send('2probe');
    expect(await packets.next()).to.equal('3probe');
    await bob.put('mail', 'new', {}, mail);
    const [name, argument] = JSON.parse((await packets.next()).slice(2)) as [string, Record<string, unknown>];
    expect(name).to.equal('ox:mail:new');
    expect(argument).to.include({
      folder: 'default0/INBOX',
      subject: 'Ping',
      email: 'bob@example.com',
      teaser: 'Body',
    });
    const times = { start_date: Date.UTC(2027, 0, 4, 9), end_date: Date.UTC(2027, 0, 4, 10), ignore_conflicts: true };
    const participants = [{ id: 3, type: 1 }];
    await bob.put('calendar', 'new', {}, { folder_id: 25, title: 'x', ...times, participants });
    expect(await packets.next()).to.equal('42["ox:calendar:updates",{"folders":["cal://0/21"],"needsAction":[]}]');
    socket.terminate();
  });

  for (const [what, headers] of [
    ['cookie', { Cookie: '' }],
    ['User-Agent', { 'User-Agent': 'other' }],
  ] as const)
    it(`is refused without the right ${what}`, async () => {
      const socket = open(alice, headers);
      socket.on('error', () => undefined);
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      expect(response.statusCode).to.equal(403);
      socket.terminate();
    });
});

describe('push by webhook', () => {
  interface Received {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }

  let target: Server;
  let status = 200;
  let waiting: ((request: Received) => void)[] = [];
  const received = (): Promise<Received> => new Promise((resolve) => waiting.push(resolve));

  before(async () => {
    target = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(status).end();
        const [first, ...rest] = waiting;
        waiting = rest;
        first?.({
          url: request.url ?? '',
          headers: request.headers as Record<string, string>,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    target.closeAllConnections();
    target.close();
  });

  it('posts what was subscribed to, signed, until the target says that it is gone', async () => {
    const uri = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
    const webhooks = { hook: { uri, secret: 'Bearer s', signatureSecret: 'key' } };
    await using server = await TestServer.start({ pushDelay: 0, webhooks });
    const alice = await OxClient.login(server.url);
    const bob = await OxClient.login(server.url, 'bob@example.com');
    const subscribe = (body: object): Promise<object> =>
      alice.put('pns', 'subscribe', {}, { topics: ['ox:mail:*'], ...body });
    expect(await subscribe({ client: 'none', transport: 'webhooks' })).to.include({ code: 'SVL-0010' });
    const elsewhere = { client: 'hook', transport: 'webhooks', token: 'http://127.0.0.1:1/hook' };
    expect(await subscribe(elsewhere)).to.include({ code: 'SVL-0010' });
    expect(await subscribe({ token: 'x', transport: 'apn' })).to.deep.equal({ data: { success: false } });
    const own = { client: 'hook', transport: 'webhooks', token: `${uri}/alice` };
    expect(await subscribe(own)).to.deep.equal({ data: { success: true } });
    const first = received();
    await bob.put('mail', 'new', {}, mail);
    const { url, headers, body } = await first;
    expect(url).to.equal('/hook/alice');
    expect(JSON.parse(body)).to.deep.include({ name: 'ox:mail:new', namespace: '/', timestamp: server.clock.time });
    expect(headers['authorization']).to.equal('Bearer s');
    const signature = createHmac('sha256', 'key').update(`v1:${server.clock.time}:${body}`).digest('hex');
    expect(headers['x-ox-signature']).to.equal(`t=${server.clock.time}, v1=${signature}`);
    status = 404;
    const second = received();
    await bob.put('mail', 'new', {}, mail);
    await second;
    const left = (): unknown => server.sandbox.contexts.open(1).db.value('SELECT count(*) FROM push_subscription');
    for (let attempt = 0; attempt < 1000 && left() !== 0; attempt++) await new Promise(setImmediate);
    expect(left()).to.equal(0);
  });
});
