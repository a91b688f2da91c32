import Router from '@koa/router';
import type { BundleContext, ServiceRegistration } from '@oxtender/bundle-api';
import {
  Activate,
  Component,
  HttpContext,
  HttpMiddleware,
  HttpResources,
  HttpRoutes,
  HttpUpgrade,
} from '@oxtender/bundle-api';
import { inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { answer, closeFronts, get, type HttpHost, launchHttp, open } from '../support/http';
import { deferred, stopAll, temporaryFolder } from '../support/launch';

const firstChunk = async (socket: Socket): Promise<string> => String((await once(socket, 'data')) as [Buffer]);

const states = ({ front }: HttpHost): Record<string, unknown>[] => front.whiteboard.report().map((row) => ({ ...row }));

describe('HTTP whiteboard (reference section 12)', () => {
  afterEach(async () => {
    await stopAll();
    await closeFronts();
  });

  it('H1 H3 serves below http.path; the longest path first, and further ones after next()', async () => {
    const host = await launchHttp();
    const { context } = host;
    host.serve(context, answer('root'));
    host.serve(context, answer('a'), { 'http.path': '/a' });
    host.serve(
      context,
      (ctx, next): Promise<unknown> => (ctx.path === '/pass' ? next() : Promise.resolve(answer('ab')(ctx, next))),
      { 'http.path': '/a/b' },
    );
    expect(await get(`${host.url}/a/b/c?x=1`)).to.deep.equal([200, 'ab /c']);
    expect(await get(`${host.url}/a/b`)).to.deep.equal([200, 'ab /']);
    expect(await get(`${host.url}/a/b/pass`)).to.deep.equal([200, 'a /b/pass']);
    expect(await get(`${host.url}/ab`)).to.deep.equal([200, 'root /ab']);
    expect(await get(`${host.url}/a/`)).to.deep.equal([200, 'a /']);
  });

  it('H2 a request keeps the table that it began with', async () => {
    const host = await launchHttp();
    const gate = deferred();
    const entered = deferred();
    const route = host.serve(host.context, async (ctx) => {
      entered.resolve();
      await gate.promise;
      ctx.body = 'old';
    });
    const first = get(host.url);
    await entered.promise;
    route.unregister();
    host.serve(host.context, answer('new'));
    expect(await get(host.url)).to.deep.equal([200, 'new /']);
    gate.resolve();
    expect(await first).to.deep.equal([200, 'old']);
  });

  it('H3 chooses contexts by http.select, by host and by ranking', async () => {
    const host = await launchHttp();
    const { context } = host;
    context.registerService(HttpContext, {}, { 'http.context.name': 'api', 'http.context.path': '/api' });
    context.registerService(HttpContext, {}, { 'http.context.name': 'v', 'http.context.host': 'v.example' });
    host.serve(context, answer('api'), { 'http.select': '(http.context.name=api)', 'http.path': '/x' });
    host.serve(context, answer('virtual'), { 'http.select': '(http.context.name=v)' });
    host.serve(context, answer('nowhere'), { 'http.select': '(http.context.name=none)' });
    expect(await get(`${host.url}/api/x/y`)).to.deep.equal([200, 'api /y']);
    expect((await get(`${host.url}/`))[0]).to.equal(404);
    const { sent, answered } = open(host.url, { headers: { host: 'v.example' } });
    sent.end();
    expect((await answered).statusCode).to.equal(200);
    expect(states(host).find(({ reason }) => reason)).to.include({
      state: 'failed',
      reason: 'no HTTP context matches (http.context.name=none)',
    });
  });

  it('H4 of equal routes the higher ranked serves, the other is shadowed, and takes over at once', async () => {
    const host = await launchHttp();
    const router = (text: string): Router => new Router().get('/same', answer(text)).get(`/${text}`, answer(text));
    const low = host.serve(host.context, router('low'));
    const high = host.serve(host.context, router('high'), { 'service.ranking': 1 });
    expect(await get(`${host.url}/same`)).to.deep.equal([200, 'high /same']);
    expect(await get(`${host.url}/low`)).to.deep.equal([200, 'low /low']);
    const shadowed = states(host).find(({ state }) => state === 'shadowed')!;
    expect(shadowed.reason).to.contain('GET /same');
    high.unregister();
    expect(await get(`${host.url}/same`)).to.deep.equal([200, 'low /same']);
    expect(states(host).some(({ state }) => state === 'shadowed')).to.equal(false);
    low.unregister();
    expect((await get(`${host.url}/same`))[0]).to.equal(404);
  });

  it('H4 what cannot be served is listed with its reason, and breaks nothing', async () => {
    const host = await launchHttp();
    host.serve(host.context, answer('bad'), { 'http.path': 'no-slash' });
    host.serve(host.context, 'nonsense' as never);
    host.serve(host.context, answer('good'), { 'http.path': '/good' });
    expect(await get(`${host.url}/good`)).to.deep.equal([200, 'good /']);
    const reasons = states(host).map(({ reason }) => reason as string);
    expect(reasons.join())
      .to.contain('http.path must begin with a slash: no-slash')
      .and.to.contain('neither a router nor a middleware');
  });

  it('H4 a method that a router does not know is 405 with Allow', async () => {
    const host = await launchHttp();
    host.serve(host.context, new Router().get('/x', answer('x')));
    const response = await fetch(`${host.url}/x`, { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).to.deep.equal([405, 'HEAD, GET']);
    expect((await get(`${host.url}/y`))[0]).to.equal(404);
  });

  it('H5 middleware is around the routes of its bundle, by ranking; http.select widens it', async () => {
    const host = await launchHttp();
    const a = await host.start('a');
    const b = await host.start('b');
    const around = (text: string): HttpMiddleware => ({
      middleware: async (ctx, next) => {
        await next();
        ctx.body = `${text}(${String(ctx.body)})`;
      },
    });
    a.context!.registerService(HttpMiddleware, around('in'));
    a.context!.registerService(HttpMiddleware, around('out'), { 'service.ranking': 1 });
    a.context!.registerService(HttpMiddleware, around('all'), { 'service.ranking': 2, 'http.select': '(zone=public)' });
    host.serve(a.context!, answer('a'), { 'http.path': '/a' });
    host.serve(b.context!, answer('b'), { 'http.path': '/b', zone: 'public' });
    expect(await get(`${host.url}/a`)).to.deep.equal([200, 'out(in(a /))']);
    expect(await get(`${host.url}/b`)).to.deep.equal([200, 'all(b /)']);
  });

  it('H6 a route is there before REGISTERED listeners return, and gone before UNREGISTERING ones do', async () => {
    const host = await launchHttp();
    const seen: number[] = [];
    host.context.addServiceListener(
      () => void seen.push(host.front.whiteboard.table.candidates('/x').length),
      '(objectClass=host.HttpRoutes)',
    );
    host.serve(host.context, answer('x'), { 'http.path': '/x' }).unregister();
    expect(seen).to.deep.equal([1, 0]);
  });

  it('H7 H8 drains: calls onDrain, waits for what is in flight, then stops the activator', async () => {
    const host = await launchHttp();
    const log: string[] = [];
    const entered = deferred();
    const gate = deferred();
    const bundle = await host.start('a', {
      manifest: { http: { reserves: ['/a'] } },
      start: (context) =>
        void context.registerService(
          HttpRoutes,
          {
            routes: async (ctx) => {
              entered.resolve();
              await gate.promise;
              log.push('answered');
              ctx.body = 'done';
            },
            onDrain: () => {
              log.push('onDrain');
              gate.resolve();
            },
          },
          { 'http.path': '/a' },
        ),
      stop: () => void log.push('stopped'),
    });
    const waiting = get(`${host.url}/a`);
    await entered.promise;
    await bundle.stop();
    expect(await waiting).to.deep.equal([200, 'done']);
    expect(log).to.deep.equal(['onDrain', 'answered', 'stopped']);
  });

  it('H7 after the drain time the signal is aborted, then unanswered requests get 503, begun ones are cut', async () => {
    const host = await launchHttp({ 'host.http.drainTimeout': 5000 });
    const entered: string[] = [];
    const both = deferred();
    const aborted: string[] = [];
    const bundle = await host.start('a');
    host.serve(bundle.context!, async (ctx) => {
      const { signal } = ctx.state as { signal: AbortSignal };
      signal.addEventListener('abort', () => aborted.push((signal.reason as Error).message));
      if (ctx.path === '/begun') ctx.res.write('part');
      if (entered.push(ctx.path) === 2) both.resolve();
      await new Promise(() => undefined);
    });
    const silent = open(`${host.url}/silent`);
    const begun = open(`${host.url}/begun`);
    silent.sent.end();
    begun.sent.end();
    await both.promise;
    const stopping = bundle.stop();
    await host.clock.tick(4999);
    expect(aborted).to.deep.equal([]);
    await host.clock.tick(1);
    await stopping;
    expect(aborted).to.deep.equal(['the bundle stops', 'the bundle stops']);
    const response = await silent.answered;
    expect([response.statusCode, response.headers['retry-after']]).to.deep.equal([503, '30']);
    const broken = await begun.answered.then(
      (each) => new Promise((resolve) => each.once('close', () => resolve(each.complete))),
    );
    expect(broken).to.equal(false);
    expect(host.messages()).to.include('warn: requests were cut when the drain time was over');
  });

  it('H9 a stopped bundle answers 503 on its reserved paths, a disabled or uninstalled one 404', async () => {
    const host = await launchHttp({ 'host.http.retryAfter': 7 });
    const start = (context: BundleContext): void => void host.serve(context, answer('up'), { 'http.path': '/p' });
    const bundle = await host.start('a', { manifest: { http: { reserves: ['/p'] } }, start });
    expect(await get(`${host.url}/p/x`)).to.deep.equal([200, 'up /x']);
    await bundle.stop();
    const response = await fetch(`${host.url}/p/x`);
    expect([response.status, response.headers.get('retry-after')]).to.deep.equal([503, '7']);
    await host.framework.operator.setEnabled(bundle, false);
    expect((await get(`${host.url}/p/x`))[0]).to.equal(404);
    await host.framework.operator.setEnabled(bundle, true);
    await bundle.start();
    expect((await get(`${host.url}/p/x`))[0]).to.equal(200);
    await bundle.uninstall();
    expect((await get(`${host.url}/p/x`))[0]).to.equal(404);
  });

  it('H9 an active bundle whose routes are gone with their component answers 503 too', async () => {
    const host = await launchHttp();
    const bundle = await host.start('a', { manifest: { http: { reserves: ['/p'] } } });
    expect((await get(`${host.url}/p`))[0]).to.equal(503);
    host.serve(bundle.context!, new Router().get('/known', answer('x')), { 'http.path': '/p' });
    expect((await get(`${host.url}/p/known`))[0]).to.equal(200);
    expect((await get(`${host.url}/p/other`))[0]).to.equal(404);
  });

  it('U2 requests that come while a bundle is updated wait for the new generation', async () => {
    const host = await launchHttp();
    const gate = deferred();
    const version = (version: string): ReturnType<typeof inlineBundle> =>
      inlineBundle('a', {
        version,
        start: async (context) => {
          if (version === '2.0.0') await gate.promise;
          host.serve(context, answer(version), { 'http.path': '/p' });
        },
      });
    const bundle = await host.context.installBundle('test:a', version('1.0.0'));
    await bundle.start();
    expect(await get(`${host.url}/p`)).to.deep.equal([200, '1.0.0 /']);
    const updating = bundle.update(version('2.0.0'));
    while (bundle.state !== 'STARTING') await settle();
    const waiting = get(`${host.url}/p`);
    await settle();
    gate.resolve();
    await updating;
    expect(await waiting).to.deep.equal([200, '2.0.0 /']);
  });

  it('C12 a route of a component that is being activated waits for it; one that fails is reserved', async () => {
    const gate = deferred();
    const host = await launchHttp();
    @Component({ name: 'slow', provides: [HttpRoutes], properties: { 'http.path': '/slow' } })
    class Slow {
      readonly routes = answer('slow');
      @Activate() up(): Promise<void> {
        return gate.promise;
      }
    }
    @Component({ name: 'fails', provides: [HttpRoutes], properties: { 'http.path': '/fails' } })
    class Fails {
      readonly routes = answer('fails');
      @Activate() up(): void {
        throw new Error('broken');
      }
    }
    await host.run('a', { Slow, Fails }, { http: { reserves: ['/fails'] } });
    const waiting = get(`${host.url}/slow`);
    await settle();
    gate.resolve();
    expect(await waiting).to.deep.equal([200, 'slow /']);
    expect((await get(`${host.url}/fails`))[0]).to.equal(503);
    expect(states(host).find(({ state }) => state === 'failed')).to.include({ bundle: 'a' });
  });

  it('H10 maps errors: a client error as it is, another one without a word; both leave the host running', async () => {
    const host = await launchHttp();
    host.context.registerService(
      HttpContext,
      {
        handleError: (error, ctx) => {
          ctx.status = 418;
          ctx.body = (error as Error).message;
        },
      },
      { 'http.context.name': 'own', 'http.context.path': '/own' },
    );
    const routes = new Router()
      .get('/client', (ctx) => ctx.throw(409, 'already there'))
      .get('/server', () => {
        throw new Error('secret detail');
      });
    host.serve(host.context, routes, { 'http.select': '(http.context.name=*)' });
    expect(await get(`${host.url}/client`)).to.deep.equal([409, 'already there']);
    expect(await get(`${host.url}/server?password=geheim`)).to.deep.equal([500, 'Internal Server Error']);
    expect(await get(`${host.url}/own/server`)).to.deep.equal([418, 'secret detail']);
    const entry = host.logging.entries().find(({ message }) => message === 'request failed')!;
    expect(entry.fields).to.include({ path: '/server' });
    expect(entry.fields.requestId).to.be.a('string');
    expect(JSON.stringify(host.logging.entries())).to.not.contain('geheim');
  });

  it('H10 counts requests by bundle', async () => {
    const host = await launchHttp();
    const bundle = await host.start('a');
    host.serve(bundle.context!, answer('x'));
    await get(host.url);
    await settle();
    expect(await host.metrics.expose()).to.contain(
      'http_request_seconds_count{bundle="a",method="GET",status="200"} 1',
    );
  });

  it('H11 refuses a body over the limit, whether declared or not, and closes the connection', async () => {
    const host = await launchHttp();
    host.serve(
      host.context,
      async (ctx) => {
        let size = 0;
        for await (const chunk of ctx.req) size += (chunk as Buffer).length;
        ctx.body = String(size);
      },
      { 'http.maxBody': 10 },
    );
    expect(await get(host.url, { method: 'POST', body: '0123456789' })).to.deep.equal([200, '10']);
    expect((await get(host.url, { method: 'POST', body: '0123456789x' }))[0]).to.equal(413);
    const { sent, answered } = open(host.url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    sent.on('error', () => undefined);
    sent.write('012345678');
    sent.write('9x');
    const response = await answered;
    expect([response.statusCode, response.headers.connection]).to.deep.equal([413, 'close']);
    sent.destroy();
  });

  it('H11 a route with a time limit answers 503 when it is over', async () => {
    const host = await launchHttp();
    const entered = deferred();
    host.serve(
      host.context,
      async () => {
        entered.resolve();
        await new Promise(() => undefined);
      },
      { 'http.timeout': 1000 },
    );
    const waiting = get(host.url);
    await entered.promise;
    await host.clock.tick(1000);
    expect((await waiting)[0]).to.equal(503);
  });

  it('X4 serves no path that the manifest does not permit', async () => {
    const host = await launchHttp();
    const bundle = await host.start('a', { manifest: { permissions: { http: { paths: ['/mine/*'] } } } });
    host.serve(bundle.context!, answer('mine'), { 'http.path': '/mine/x' });
    host.serve(bundle.context!, answer('other'), { 'http.path': '/other' });
    expect((await get(`${host.url}/mine/x`))[0]).to.equal(200);
    expect((await get(`${host.url}/other`))[0]).to.equal(404);
    expect(states(host).find(({ state }) => state === 'failed')!.reason).to.contain('does not permit the path /other');
  });

  it('the signal tells when the client goes away', async () => {
    const host = await launchHttp();
    const entered = deferred();
    const gone = deferred<string>();
    host.serve(host.context, async (ctx) => {
      const { signal } = ctx.state as { signal: AbortSignal };
      signal.addEventListener('abort', () => gone.resolve((signal.reason as Error).message));
      entered.resolve();
      await gone.promise;
    });
    const { sent } = open(host.url);
    sent.on('error', () => undefined);
    sent.end();
    await entered.promise;
    sent.destroy();
    expect(await gone.promise).to.equal('the client went away');
  });

  it('serves files of a folder, and nothing outside it nor hidden', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'www'));
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'www', 'index.html'), '<p>hi');
    writeFileSync(join(folder, 'www', '.hidden'), 'hidden');
    const host = await launchHttp();
    host.context.registerService(HttpResources, { folder: join(folder, 'www'), maxAge: 60 }, { 'http.path': '/ui' });
    const response = await fetch(`${host.url}/ui/`);
    expect([await response.text(), response.headers.get('cache-control')]).to.deep.equal(['<p>hi', 'max-age=60']);
    for (const path of ['/ui/..%2fsecret.txt', '/ui/.hidden', '/ui/none'])
      expect((await get(host.url + path))[0], path).to.be.within(400, 404);
    expect((await get(`${host.url}/ui/`, { method: 'POST' }))[0]).to.equal(404);
  });

  it('hands an upgrade to the bundle of the longest path, and ends it with the bundle', async () => {
    const host = await launchHttp();
    const bundle = await host.start('a');
    const upgrade = (registered: string): HttpUpgrade => ({
      upgrade: (request, socket) =>
        void socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${registered}${request.url}\r\n\r\n`,
        ),
    });
    const registrations: ServiceRegistration<HttpUpgrade>[] = ['/', '/ws'].map((path) =>
      bundle.context!.registerService(HttpUpgrade, upgrade(path), { 'http.path': path }),
    );
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.write('GET /ws/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const head = await firstChunk(socket);
    expect(head).to.contain('Upgrade: /ws/x');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await bundle.stop();
    await closed;
    expect(registrations).to.have.length(2);
    const other = connect(Number(new URL(host.url).port), '127.0.0.1');
    other.write('GET /ws/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const refused = await firstChunk(other);
    expect(refused).to.match(/^HTTP\/1.1 404/);
    other.destroy();
  });

  describe('an upgrade that fails', () => {
    /** Head of the answer, and everything that came, when the connection is over. */
    async function upgraded(url: string, path: string): Promise<string> {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      const chunks: string[] = [];
      socket.setEncoding('latin1').on('data', (chunk: string) => chunks.push(chunk));
      socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      await once(socket, 'close');
      return chunks.join('');
    }

    const cases: Record<string, [HttpUpgrade['upgrade'], RegExp]> = {
      'by throwing is answered 500': [
        () => {
          throw new Error('no upgrade');
        },
        /^HTTP\/1\.1 500 /,
      ],
      'by rejecting is answered 500': [() => Promise.reject(new Error('no upgrade')), /^HTTP\/1\.1 500 /],
      'after it answered is cut': [
        (_, socket) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
          throw new Error('no upgrade');
        },
        /^(HTTP\/1\.1 101 [^]*)?$/,
      ],
    };
    for (const [name, [upgrade, answer]] of Object.entries(cases)) {
      it(`H10 ${name}, closed, and logged for its bundle`, async () => {
        const host = await launchHttp();
        const bundle = await host.start('a');
        bundle.context!.registerService(HttpUpgrade, { upgrade }, { 'http.path': '/ws' });
        expect(await upgraded(host.url, '/ws/x')).to.match(answer);
        const line = host.logging.entries().find(({ message }) => message.startsWith('the upgrade of a connection'));
        expect(line?.fields).to.deep.include({ path: '/ws/x' });
      });
    }

    it('H9 for want of its bundle, which reserves the path, is answered 503', async () => {
      const host = await launchHttp();
      const bundle = await host.start('a', { manifest: { http: { reserves: ['/ws'] } } });
      await bundle.stop();
      expect(await upgraded(host.url, '/ws/x')).to.match(/^HTTP\/1\.1 503 [^]*Retry-After: \d+/);
    });
  });
});
