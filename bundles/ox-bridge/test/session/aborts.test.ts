import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { bridgeTo } from '../support/sandbox';
import { anna, failureOf, signal } from '../support/session';

const contacts = { id: '31', itemClass: 'Contacts' as const };
const inbox = { id: 'default0/INBOX', itemClass: 'Email' as const };

/** A server that answers logins, and begins its other answers or not, but never ends them. */
async function endless(begin: string | undefined): Promise<{
  url: string;
  next(): Promise<{ request: IncomingMessage; closed: Promise<unknown> }>;
  close(): Promise<void>;
}> {
  const held: { request: IncomingMessage; closed: Promise<unknown> }[] = [];
  let arrived: (() => void) | undefined;
  const server = createServer((request, response) => {
    if (!/contacts|mail\?/.test(request.url ?? '')) {
      const login = { session: 's1', user_id: 3, context_id: 1, data: null };
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(login));
      return;
    }
    held.push({ request, closed: once(request.socket, 'close') });
    arrived?.();
    if (begin === undefined) return;
    response.writeHead(200, { 'Content-Type': 'message/rfc822', 'Content-Disposition': 'attachment' });
    response.write(begin);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ajax`,
    next: async () => {
      while (held.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      return held.shift() as { request: IncomingMessage; closed: Promise<unknown> };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a signal that fires', () => {
  it('closes the connection on which an answer is waited for', async () => {
    const server = await endless(undefined);
    const { bridge } = bridgeTo(server.url, { 'ox.watch.mode': 'poll' });
    using session = await bridge.login(anna, { signal });
    const leave = new AbortController();
    const failure = failureOf(session.list(contacts, leave));
    const { closed } = await server.next();
    leave.abort(new Error('the device has gone'));
    await closed;
    expect(await failure).to.have.property('message', 'the device has gone');
    await bridge[Symbol.asyncDispose]();
    await server.close();
  });

  it('closes the connection half-way through an answer', async () => {
    const server = await endless('Subject: long');
    const { bridge } = bridgeTo(server.url, { 'ox.watch.mode': 'poll' });
    using session = await bridge.login(anna, { signal });
    const leave = new AbortController();
    const source = await session.mail?.readSource(inbox, '1', leave);
    const reading = failureOf(
      (async () => {
        for await (const part of source ?? []) if (part.length > 0) leave.abort(new Error('enough'));
      })(),
    );
    const { closed } = await server.next();
    await closed;
    expect(await reading).to.have.property('message', 'enough');
    await bridge[Symbol.asyncDispose]();
    await server.close();
  });

  it('ends the waiting for a free place among the calls of one user, which never reach the server', async () => {
    const server = await endless(undefined);
    const { bridge } = bridgeTo(server.url, { 'ox.watch.mode': 'poll', 'ox.calls_per_user': 1 });
    using session = await bridge.login(anna, { signal });
    const first = new AbortController();
    const held = failureOf(session.list(contacts, first));
    const { closed } = await server.next();
    const second = new AbortController();
    const waiting = failureOf(session.list(contacts, second));
    second.abort(new Error('no time'));
    expect(await waiting).to.have.property('message', 'no time');
    first.abort(new Error('nor here'));
    await closed;
    expect(await held).to.have.property('message', 'nor here');
    await bridge[Symbol.asyncDispose]();
    await server.close();
  });
});
