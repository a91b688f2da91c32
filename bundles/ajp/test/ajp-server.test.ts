import type { Logger } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AjpServer } from '../src/ajp-server';
import type { AjpConfig } from '../src/config';
import { capture } from './support/captures';
import { type Answer, WebServer } from './support/web-server';
import { bodyChunk, cping, forwardRequest, integer, packet, shutdown } from './support/web-server-packets';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type Socket = IncomingMessage['socket'] & { readonly encrypted?: boolean };

/** Tells what the host sees of a request. */
const mirror: Handler = (request, response) => {
  const { remoteAddress, encrypted } = request.socket as Socket;
  const body: Buffer[] = [];
  request.on('data', (chunk: Buffer) => body.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.end(
      JSON.stringify({ method, url, headers, remoteAddress, encrypted, body: Buffer.concat(body).toString() }),
    );
  });
};
const seen = ({ body }: Answer) =>
  JSON.parse(body.toString()) as Record<string, unknown> & { headers: Record<string, string> };

describe('the AJP connector', () => {
  const clock = new FakeClock();
  const said: string[] = [];
  let log: Logger;
  let http: Server;
  let server: AjpServer;
  let port: number;
  let handler: Handler;

  function newServer(config: Partial<AjpConfig> = {}): AjpServer {
    const all: AjpConfig = {
      'ajp.enabled': true,
      'ajp.address': '127.0.0.1',
      'ajp.port': 0,
      'ajp.secret': '',
      'ajp.packet_size': 8192,
      'ajp.max_connections': 100,
      'ajp.idle_timeout': 600,
      ...config,
    };
    return new AjpServer({ clock, log, config: all, connections: { accept: (each) => http.emit('connection', each) } });
  }

  async function restart(config: Partial<AjpConfig>): Promise<void> {
    await server[Symbol.asyncDispose]();
    server = newServer(config);
    port = await server.listen();
  }

  beforeEach(async () => {
    said.length = 0;
    const note = (message: string, fields?: object): void =>
      void said.push(`${message} ${JSON.stringify(fields ?? {})}`);
    log = { trace: note, debug: note, info: note, warn: note, error: note, child: () => log, isEnabled: () => true };
    handler = mirror;
    http = createServer((request, response) => handler(request, response));
    server = newServer();
    port = await server.listen();
  });

  afterEach(async () => {
    const closed = server[Symbol.asyncDispose]();
    await clock.tick(5000);
    await closed;
    http.closeAllConnections();
  });

  /** One request on a connection of its own. */
  async function ask(bytes: Buffer, pieces?: Iterator<Buffer>): Promise<Answer> {
    using web = await WebServer.connect(port);
    web.send(bytes);
    return await web.answer(pieces);
  }

  it('answers CPing, and request after request on one connection', async () => {
    using web = await WebServer.connect(port);
    for (const path of ['/one', '/two']) {
      web.send(cping);
      expect((await web.next())?.toString('hex')).to.equal('09');
      web.send(forwardRequest({ uri: path, query: 'x=%20' }));
      const answer = await web.answer();
      expect(answer).to.include({ status: 200, reuse: true });
      expect(seen(answer)).to.include({ method: 'GET', url: `${path}?x=%20` });
      expect(answer.headers.filter(([name]) => name === 'Set-Cookie')).to.deep.equal([
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ]);
    }
  });

  it('serves what the real mod_proxy_ajp sent', async () => {
    expect(seen(await ask(capture('POST')))).to.include({ method: 'POST', remoteAddress: '127.0.0.1' });
    const chunked = seen(await ask(capture('chunked'), [bodyChunk(Buffer.from('login=alice'))].values()));
    expect(chunked).to.include({ body: 'login=alice' });
    const stored = forwardRequest({ method: 'PATCH', uri: '/oxtender' });
    expect(seen(await ask(stored))).to.include({ method: 'PATCH' });
  });

  it('hands on a body of known length, piece by piece', async () => {
    const body = Buffer.alloc(20_000, 'x');
    const pieces = [body.subarray(0, 8186), body.subarray(8186, 16_372), body.subarray(16_372)].map(bodyChunk);
    const [first, ...rest] = pieces;
    const head = forwardRequest({ method: 'POST', headers: [['content-length', '20000']] });
    const answer = await ask(Buffer.concat([head, first ?? head]), rest.values());
    expect(seen(answer).body).to.equal(body.toString());
    expect(answer.reuse).to.equal(true);
  });

  it('takes address and TLS from the web server alone', async () => {
    const headers = [
      ['host', 'mail.example.com'],
      ['X-Forwarded-For', '203.0.113.9'],
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-Host', 'evil.example'],
      ['connection', 'keep-alive, X-Hop'],
      ['X-Hop', '1'],
    ] as const;
    const plain = seen(await ask(forwardRequest({ headers, remoteUser: 'root' })));
    expect(plain).to.include({ remoteAddress: '192.0.2.7', encrypted: false });
    expect(plain.headers).to.deep.equal({
      host: 'mail.example.com',
      'content-length': '0',
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '192.0.2.7',
      connection: 'close',
    });
    for (const tls of [{ isSsl: true }, { sslKeySize: 256 }, { attributes: { HTTPS: 'on' } }]) {
      const secure = seen(await ask(forwardRequest(tls)));
      expect(secure).to.include({ encrypted: true });
      expect(secure.headers['x-forwarded-proto']).to.equal('https');
    }
    expect(seen(await ask(forwardRequest({ remoteAddress: 'localhost' })))).to.not.have.property('remoteAddress');
    expect(seen(await ask(forwardRequest({ headers: [], serverPort: 8443 }))).headers.host).to.equal(
      'mail.example.com:8443',
    );
  });

  it('wants the secret, where there is one', async () => {
    await restart({ 'ajp.secret': 'sesame' });
    expect(await ask(forwardRequest({}))).to.include({ status: 403, reuse: false });
    expect(await ask(forwardRequest({ secret: 'sesam' }))).to.include({ status: 403, reuse: false });
    expect(await ask(forwardRequest({ secret: 'sesame' }))).to.include({ status: 200 });
    expect(said.join()).to.include('set secret= in Apache').and.not.include('"sesam');
  });

  it('listens where others are only with a secret', async () => {
    const open = await newServer({ 'ajp.address': '0.0.0.0' })
      .listen()
      .catch((error: unknown) => error);
    expect(open).to.include({ code: 'NOT_SAFE' });
  });

  it('refuses what cannot be passed on, and goes on listening', async () => {
    const bad = [
      forwardRequest({ uri: 'no-path' }),
      forwardRequest({ method: 'CONNECT' }),
      forwardRequest({ uri: '/a b' }),
      forwardRequest({ headers: [['X A', '1']] }),
      forwardRequest({ headers: [['x', '1\r\ny: 2']] }),
      forwardRequest({ headers: [['content-length', '-1']] }),
      forwardRequest({
        headers: [
          ['content-length', '1'],
          ['content-length', '2'],
        ],
      }),
      forwardRequest({ headers: [['transfer-encoding', 'gzip, chunked']] }),
      packet(Buffer.of(2, 2, 0, 9)),
    ];
    for (const bytes of bad)
      expect(await ask(bytes), bytes.toString('latin1')).to.include({ status: 400, reuse: false });
    expect(await ask(forwardRequest())).to.include({ status: 200 });
  });

  it('closes the connection for what is no request: shutdown, HTTP, pieces and packets that nobody asked for', async () => {
    const none = [
      shutdown,
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      packet(),
      packet(Buffer.of(99)),
      Buffer.concat([cping, cping, cping, cping]),
    ];
    for (const bytes of none) {
      using web = await WebServer.connect(port);
      web.send(bytes);
      for (let payload = await web.next(); payload; payload = await web.next()) expect(payload[0]).to.equal(9);
    }
    expect(await ask(forwardRequest())).to.include({ status: 200 });
  });

  it('does not believe a body about its length', async () => {
    const head = forwardRequest({ method: 'POST', headers: [['content-length', '5']] });
    expect(await ask(Buffer.concat([head, bodyChunk(Buffer.from('longer than 5'))]))).to.include({ status: 400 });
    expect(await ask(Buffer.concat([head, packet(integer(9), Buffer.from('lie'))]))).to.include({ status: 400 });
  });

  it('passes on an answer that comes before the body is read', async () => {
    handler = (_request, response) => response.writeHead(413, { Connection: 'close' }).end('too large');
    const head = forwardRequest({ method: 'POST', headers: [['content-length', '1000000']] });
    const pieces = Array.from({ length: 200 }, () => bodyChunk(Buffer.alloc(8000)));
    const answer = await ask(Buffer.concat([head, bodyChunk(Buffer.alloc(8000))]), pieces.values());
    expect(answer).to.include({ status: 413, reuse: false });
    expect(answer.body.toString()).to.equal('too large');
  });

  it('ends the request at the host when the web server goes away', async () => {
    const begun = new Promise<ServerResponse>((resolve) => (handler = (_request, response) => resolve(response)));
    const web = await WebServer.connect(port);
    web.send(forwardRequest());
    const response = await begun;
    web.socket.destroy();
    await once(response, 'close');
    expect(response.writableFinished).to.equal(false);
  });

  it('cuts the connection where the host cuts the answer', async () => {
    handler = (_request, response) => {
      response.write('half');
      setImmediate(() => response.destroy());
    };
    const cut = await ask(forwardRequest()).catch((error: unknown) => String(error));
    expect(cut).to.include('ended within an answer');
  });

  it('makes the host wait for a web server that does not read', async () => {
    const stalled = new Promise<number>((resolve) => {
      handler = (_request, response) => {
        let written = 0;
        while (response.write(Buffer.alloc(65_536))) written += 65_536;
        const more = (): void => {
          for (let room = true; room; written += 65_536) room = response.write(Buffer.alloc(65_536));
          if (written > 2 ** 26) resolve(written);
        };
        response.on('drain', more);
        response.on('close', () => resolve(written));
      };
    });
    using web = await WebServer.connect(port);
    web.send(forwardRequest());
    await web.next();
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    web.socket.destroy();
    expect(await stalled).to.be.lessThan(2 ** 25);
  });

  it('closes connections on which nothing comes, but not one whose request waits', async () => {
    const begun = new Promise<ServerResponse>((resolve) => (handler = (_request, response) => resolve(response)));
    using idle = await WebServer.connect(port);
    idle.send(cping);
    await idle.next();
    using busy = await WebServer.connect(port);
    busy.send(forwardRequest());
    const response = await begun;
    await clock.tick(601_000);
    expect(await idle.next()).to.equal(undefined);
    response.end('at last');
    expect((await busy.answer()).body.toString()).to.equal('at last');
  });

  it('stops: idle connections end, a request that goes on waiting is told to come again', async () => {
    const begun = new Promise<ServerResponse>((resolve) => (handler = (_request, response) => resolve(response)));
    using idle = await WebServer.connect(port);
    idle.send(cping);
    await idle.next();
    using busy = await WebServer.connect(port);
    busy.send(forwardRequest());
    await begun;
    const stopped = server[Symbol.asyncDispose]();
    expect(await idle.next()).to.equal(undefined);
    await clock.tick(2000);
    const answer = await busy.answer();
    expect(answer).to.include({ status: 503, reuse: false });
    expect(Object.fromEntries(answer.headers)).to.include({ 'Retry-After': '30' });
    await stopped;
  });
});
