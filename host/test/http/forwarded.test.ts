import { expect } from 'chai';
import { HttpServer } from '../../src/http/http-server';
import { Logging } from '../../src/log/logging';

describe('addresses of clients behind proxies', () => {
  const log = new Logging({ clock: { now: () => 0 }, destination: { write: () => undefined } }).logger('host.http');

  for (const [proxies, seen] of [
    [0, '127.0.0.1'],
    [1, '203.0.113.7'],
    [2, '192.0.2.1'],
    [3, '198.51.100.9'],
  ] as const) {
    it(`are what ${proxies} of them say, and not what the client says before`, async () => {
      const server = new HttpServer({
        middleware: (context) => void (context.body = context.ip),
        onUpgrade: (_request, socket) => socket.destroy(),
        log,
        proxies,
      });
      const url = await server.listen(0, '127.0.0.1');
      try {
        const headers = { 'X-Forwarded-For': '198.51.100.9, 192.0.2.1, 203.0.113.7' };
        expect(await (await fetch(url, { headers })).text()).to.equal(seen);
      } finally {
        await server.close();
      }
    });
  }

  for (const [trusted, seen] of [
    [['127.0.0.1'], '203.0.113.7 https'],
    [['127.0.0.0/8', '::1'], '203.0.113.7 https'],
    [['10.0.0.0/8', '192.0.2.1', 'fd00::/8'], '127.0.0.1 http'],
    [[], '127.0.0.1 http'],
  ] as const) {
    const places = trusted.length === 0 ? 'none' : trusted.join(', ');
    it(`are believed of proxies at addresses that are named only: ${places}`, async () => {
      const server = new HttpServer({
        middleware: (context) => void (context.body = `${context.ip} ${context.protocol}`),
        onUpgrade: (_request, socket) => socket.destroy(),
        log,
        proxies: 1,
        trusted,
      });
      const url = await server.listen(0, '127.0.0.1');
      try {
        const headers = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' };
        expect(await (await fetch(url, { headers })).text()).to.equal(seen);
      } finally {
        await server.close();
      }
    });
  }
});
