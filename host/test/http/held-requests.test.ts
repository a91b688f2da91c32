import { expect } from 'chai';
import type { Context } from 'koa';
import { once } from 'node:events';
import { setImmediate as soon } from 'node:timers/promises';
import { defaultLimits, HttpServer } from '../../src/http/http-server';
import { Logging } from '../../src/log/logging';

describe('a request that is held', () => {
  const lines: string[] = [];
  const destination = { write: (line: string): unknown => lines.push(line) };
  const log = new Logging({ clock: { now: () => 0 }, destination }).logger('host.http');
  let server: HttpServer;
  let url: string;
  /** What the next request meets. */
  let handle: (context: Context) => Promise<void> | void;

  before(async () => {
    server = new HttpServer({
      middleware: async (context) => {
        await handle(context);
      },
      onUpgrade: (_request, socket) => socket.destroy(),
      log,
      proxies: 0,
      limits: defaultLimits,
    });
    url = await server.listen(0, '127.0.0.1');
  });
  after(() => server.close());

  /** Names of events that somebody besides Node listens for while a request waits. */
  async function listenersOfHeld(): Promise<Record<string, number>> {
    let held: Context | undefined;
    handle = (context) => {
      context.respond = false;
      context.req.resume();
      held = context;
    };
    const answer = fetch(url, { method: 'POST', body: 'four' });
    while (!held?.req.complete) await soon();
    await soon();
    const { res } = held;
    const names = ['finish', 'end', 'timeout', 'error', 'close'];
    const counts = Object.fromEntries(names.map((name) => [name, res.listenerCount(name)]));
    res.end('at last');
    expect(await (await answer).text()).to.equal('at last');
    return counts;
  }

  it('has listeners of neither koa nor the guard against silent clients', async () => {
    // Node's own: it goes on with the connection when the answer is written.
    expect(await listenersOfHeld()).to.deep.equal({ finish: 1, end: 0, timeout: 0, error: 0, close: 0 });
  });

  it('is answered as koa does when its handler comes to an end', async () => {
    handle = async (context) => {
      await soon();
      context.status = 202;
      context.body = { late: true };
    };
    const response = await fetch(url);
    expect([response.status, await response.json()]).to.deep.equal([202, { late: true }]);
    handle = () => undefined;
    expect((await fetch(url)).status).to.equal(404);
    handle = (context) => context.throw(418, 'a teapot');
    expect((await fetch(url)).status).to.equal(418);
    handle = () => Promise.reject(new Error('a bug'));
    expect((await fetch(url)).status).to.equal(500);
  });

  it('ends with its connection, and the log tells of what was not the client', async () => {
    lines.length = 0;
    let held: Context | undefined;
    handle = (context) => {
      context.respond = false;
      held = context;
    };
    const gone = new AbortController();
    const answer = fetch(url, { signal: gone.signal }).catch((error: unknown) => (error as Error).name);
    while (!held) await soon();
    gone.abort();
    await once(held.res, 'close');
    held.res.end('to nobody');
    expect(await answer).to.equal('AbortError');
    await soon();
    expect(lines).to.deep.equal([]);
  });
});
