import { expect } from 'chai';
import type { Context } from 'koa';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { defaultLimits, type HttpLimits, HttpServer } from '../../src/http/http-server';
import { Logging } from '../../src/log/logging';

const log = new Logging({ clock: { now: () => 0 }, destination: { write: () => undefined } }).logger('host.http');

/** Answers with the length of the body, once it has come. */
async function measure(context: Context): Promise<void> {
  if (context.path === '/late') await pause(400);
  let length = 0;
  for await (const chunk of context.req) length += (chunk as Buffer).length;
  context.body = String(length);
}

describe('clients that hold connections for nothing', () => {
  let server: HttpServer;
  let port: number;

  async function start(limits: Partial<HttpLimits>): Promise<void> {
    server = new HttpServer({
      middleware: measure,
      onUpgrade: (_request, socket) => socket.destroy(),
      log,
      proxies: 0,
      limits: { ...defaultLimits, ...limits },
    });
    port = Number(new URL(await server.listen(0, '127.0.0.1')).port);
  }
  afterEach(() => server.close());

  /** What the server says until it closes the connection. */
  async function answerTo(...parts: readonly string[]): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    for (const part of parts) socket.write(part);
    return textOf(socket);
  }

  async function textOf(socket: Socket): Promise<string> {
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('error', () => undefined);
    await once(socket, 'close');
    return text;
  }

  it('are cut when headers do not come to an end (slowloris)', async () => {
    await start({ headersTimeout: 200 });
    expect(await answerTo('POST / HTTP/1.1\r\nHost: x\r\n', 'X-Slow: 1\r\n')).to.match(/^HTTP\/1\.1 408/);
  });

  it('are cut when headers are too large', async () => {
    await start({ headerSize: 8192 });
    const header = `X-Large: ${'x'.repeat(9000)}\r\n`;
    expect(await answerTo(`GET / HTTP/1.1\r\nHost: x\r\n${header}\r\n`)).to.match(/^HTTP\/1\.1 431/);
  });

  it('are cut when they stop in the middle of a body', async () => {
    await start({ bodySilence: 200 });
    expect(await answerTo('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n', 'abc')).to.match(
      /^HTTP\/1\.1 408/,
    );
    expect(await answerTo('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')).to.match(
      / 408/,
    );
  });

  it('are cut when a request can be read in two ways (request smuggling)', async () => {
    await start({});
    const inner = 'GET /inner HTTP/1.1\r\nHost: x\r\n\r\n';
    for (const [head, body] of [
      ['Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${inner}`],
      ['Transfer-Encoding: chunked\r\nContent-Length: 4', `0\r\n\r\n${inner}`],
      ['Content-Length: 0\r\nContent-Length: 4', inner],
      ['Transfer-Encoding: chunked, identity', `0\r\n\r\n${inner}`],
      ['Content-Length : 0', inner],
      ['X-A: b\r\n Content-Length: 0', inner],
    ]) {
      const text = await answerTo(`POST / HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`);
      expect(text, head).to.match(/^HTTP\/1\.1 400/);
      expect(text.match(/HTTP\/1\.1/g), head).to.have.length(1);
    }
  });

  it('are not those whose handler takes its time, nor those that wait for an answer', async () => {
    await start({ bodySilence: 100 });
    const request = 'POST /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc';
    expect(await answerTo(request)).to.match(/^HTTP\/1\.1 200 [^]*\r\n\r\n3$/);
    expect(await answerTo('GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).to.match(/^HTTP\/1\.1 200/);
  });

  it('are not those whose body comes in pieces', async () => {
    await start({ bodySilence: 500 });
    const socket = connect(port, '127.0.0.1');
    const text = textOf(socket);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\n');
    for (const piece of 'abcde') {
      await pause(20);
      socket.write(piece);
    }
    expect(await text).to.match(/^HTTP\/1\.1 200 [^]*5$/);
  });
});
