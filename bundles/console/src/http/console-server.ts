import type Router from '@koa/router';
import type { Clock, Logger } from '@oxtender/bundle-api';
import Koa, { type Context } from 'koa';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConsoleError } from '../console-error';
import type { ConsoleAddress } from './console-address';
import { failureOf } from './failure';
import { checkHost } from './origin-check';
import { sendPage } from './page-files';
import { securityHeaders } from './security-headers';

export interface ConsoleServerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Given the port that is listened on. */
  readonly addressOf: (port: number) => ConsoleAddress;
  readonly routers: (address: ConsoleAddress) => readonly Router[];
}

/** Milliseconds that requests have to finish when the console stops. */
const grace = 1000;

/** The console's own listening socket: nothing of it is to be had on the port of the devices. */
export class ConsoleServer implements AsyncDisposable {
  readonly #server: Server = createServer({ keepAliveTimeout: 65_000 });

  constructor(private readonly options: ConsoleServerOptions) {}

  /** @throws Error, with the code of the system, when it cannot listen there */
  async listen(port: number, host: string): Promise<ConsoleAddress> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    const address = this.options.addressOf((this.#server.address() as AddressInfo).port);
    const handle = this.#application(address).callback();
    this.#server.on('request', (request, response) => void handle(request, response));
    return address;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    const timer = this.options.clock.setTimeout(() => this.#server.closeAllConnections(), grace);
    await closed;
    timer[Symbol.dispose]();
  }

  #application(address: ConsoleAddress): Koa {
    const app = new Koa();
    app.on('error', (error: Error) => this.options.log.debug('answer could not be written', { error }));
    app.use(async (context, next) => {
      context.set(securityHeaders);
      try {
        checkHost(context, address);
        await next();
      } catch (error) {
        this.#fail(context, error);
      }
    });
    for (const router of this.options.routers(address)) app.use(router.routes() as Koa.Middleware);
    app.use(async (context) => {
      const isPage =
        (context.method === 'GET' || context.method === 'HEAD') && !/^\/(api|oidc)(\/|$)/.test(context.path);
      if (!isPage) throw new ConsoleError('NOT_FOUND', 'there is nothing there');
      await sendPage(context);
    });
    return app;
  }

  #fail(context: Context, error: unknown): void {
    const { status, code, message } = failureOf(error);
    const { method, path } = context;
    if (status === 500) this.options.log.error('console request failed', { method, path, error });
    else if (status !== 401) this.options.log.info('console request refused', { method, path, status, code, message });
    context.set('Cache-Control', 'no-store');
    context.status = status;
    context.body = { error: { code, message } };
  }
}
