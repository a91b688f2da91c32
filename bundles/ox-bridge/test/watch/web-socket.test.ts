import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChangeNotice } from '@oxtender/bundle-api';
import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { type WebSocket, WebSocketServer } from 'ws';
import { bridgeTo } from '../support/sandbox';
import { anna, signal } from '../support/session';

const handshake = '0{"sid":"x","pingInterval":25000}';

/** An OX server that pushes what a test tells, over web sockets that the test accepts or refuses. */
class PushServer implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly notices: ChangeNotice[] = [];
  /** Of the attempts to connect, in order. */
  readonly attempts: { time: number; session: string; cookie: string }[] = [];
  /** Status of the answer to an attempt; 101 accepts it. */
  status = 101;
  logins = 0;
  lost = new Set<string>();
  socket: WebSocket | undefined;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    response.setHeader('Content-Type', 'application/json');
    if (query.get('action') === 'login') {
      const session = `s${++this.logins}`;
      response.setHeader('Set-Cookie', `secret=${session}; path=/`);
      response.end(JSON.stringify({ session, user_id: 3, context_id: 1 }));
    } else if (this.lost.has(query.get('session') ?? ''))
      response.end(JSON.stringify({ error: 'gone', code: 'SES-0203', category: 4 }));
    else response.end(JSON.stringify({ data: null }));
  });

  static async open(): Promise<PushServer> {
    const own = new PushServer();
    own.#server.on('upgrade', (request, socket, head) => {
      own.#note(request);
      if (own.status !== 101) socket.end(`HTTP/1.1 ${own.status} No\r\nConnection: close\r\n\r\n`);
      else
        own.#sockets.handleUpgrade(request, socket, head, (accepted) => {
          own.socket = accepted;
          accepted.send(handshake);
        });
    });
    own.#server.listen(0, '127.0.0.1');
    await once(own.#server, 'listening');
    return own;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ajax`;
  }

  /** Lets the time pass until there are so many attempts. @returns when they were, in seconds */
  async attemptsUntil(count: number): Promise<number[]> {
    while (this.attempts.length < count) {
      await this.clock.tick(1000);
      await settle();
    }
    const [first] = this.attempts;
    return this.attempts.map(({ time }) => Math.round((time - (first?.time ?? 0)) / 1000));
  }

  /** Waits for what another end does, however long. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sockets.close();
    for (const one of this.#sockets.clients) one.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #note(request: IncomingMessage): void {
    const session = new URL(request.url ?? '', 'http://localhost').searchParams.get('session') ?? '';
    this.attempts.push({ time: this.clock.now(), session, cookie: request.headers.cookie ?? '' });
  }
}

describe('the web socket of OX', () => {
  let own: PushServer;
  let close: () => Promise<void>;

  beforeEach(async () => {
    own = await PushServer.open();
    const { bridge } = bridgeTo(own.url, {}, own.clock);
    const session = await bridge.login(anna, { signal });
    const watch = session.watch((notice) => own.notices.push(notice));
    // Nothing that polling would have to find.
    watch.attend?.({ folders: [], hierarchy: false });
    close = async () => {
      watch[Symbol.dispose]();
      session[Symbol.dispose]();
      await bridge[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
    };
    await own.until(() => own.socket !== undefined);
  });
  afterEach(() => close());

  it('tells of mails and appointments, in both forms of a message, and is silent about what it does not know', async () => {
    const messages = [
      '42["ox:mail:new",{"folder":"default0/INBOX","id":"1"}]',
      '42{"name":"ox:mail:deleted","args":[{"folder":"default0/Trash"}],"namespace":"/"}',
      '42["ox:calendar:updates",{"folders":["cal://0/31"],"needsAction":[]}]',
      ...['42["ox:chat:new",{"folder":"1"}]', '42[', '42null', '42["ox:mail:new",null]', '3', '', '42{"name":5}'],
      '42["ox:calendar:updates",{"folders":"31"},{"folders":[7,"32"]}]',
    ];
    for (const message of messages) own.socket?.send(message);
    await own.until(() => own.notices.some(({ folderId }) => folderId === '32'));
    expect(own.notices).to.deep.equal(
      ['default0/INBOX', 'default0/Trash', 'cal://0/31', '31', '32'].map((folderId) => ({ folderId })),
    );
  });

  it('connects again after ever longer pauses, and then tells to look, for nobody heard what happened meanwhile', async () => {
    own.status = 503;
    own.socket?.terminate();
    const times = await own.attemptsUntil(6);
    // The clock runs on while an attempt is under way: no pause is shorter than it should be.
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, least] of [2, 4, 8, 16, 32].entries()) expect(pauses[index]).to.be.at.least(least);
    own.status = 101;
    const before = own.socket;
    await own.attemptsUntil(7);
    await own.until(() => own.socket !== before && own.notices.length > 0);
    expect(own.notices).to.deep.equal([{}]);
  });

  it('connects with the new session when the old one is gone', async () => {
    own.lost.add('s1');
    own.socket?.terminate();
    await own.attemptsUntil(2);
    expect(own.attempts.map(({ session, cookie }) => [session, cookie])).to.deep.equal([
      ['s1', 'secret=s1'],
      ['s2', 'secret=s2'],
    ]);
    expect(own.logins).to.equal(2);
  });

  it('is left alone where the server has none', async () => {
    own.status = 404;
    own.socket?.terminate();
    await own.attemptsUntil(2);
    await own.clock.tick(3_600_000);
    expect(own.attempts).to.have.length(2);
  });

  it('is given up when the server no longer answers its pings', async () => {
    own.socket?.on('message', () => undefined);
    const before = own.socket;
    await own.clock.tick(60_000);
    await own.until(() => before?.readyState === 3);
    await own.attemptsUntil(2);
  });
});
