import type { HttpConnection, HttpConnections, Logger } from '@oxtender/bundle-api';
import Koa, { type Middleware } from 'koa';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';

export interface HttpServerOptions {
  readonly middleware: Middleware;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly log: Logger;
  /** Proxies in front whose X-Forwarded-* headers are trusted; 0: none. */
  readonly proxies: number;
}

/** The listening socket, and one koa application on it. */
export class HttpServer implements HttpConnections {
  readonly #server: Server;
  #closing = false;

  constructor({ middleware, onUpgrade, log, proxies }: HttpServerOptions) {
    // Each proxy adds the address that it was called from; the ones before could be anybody's words.
    const app = new Koa({ proxy: proxies > 0, maxIpsCount: proxies });
    app.use(middleware);
    app.on('error', (error: Error & { code?: string }) => {
      // The client went away while its answer was written: nobody is there to be told.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
      log.warn('answer could not be written', { error });
    });
    // Longer than the usual minute of a proxy, so that the proxy is the one that closes an idle connection.
    // A large mail over a slow network takes longer than Node's five minutes; the proxy hands it on as it comes.
    this.#server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 30 * 60_000 });
    const handle = app.callback();
    this.#server.on('request', (request, response) => {
      if (this.#closing) response.shouldKeepAlive = false;
      void handle(request, response);
    });
    this.#server.on('upgrade', onUpgrade);
  }

  /** @returns the URL to reach it by, without a slash at the end */
  async listen(port: number, address: string): Promise<string> {
    this.#closing = false;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, address, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const bound = this.#server.address() as AddressInfo;
    return `http://${reachable(bound)}:${bound.port}`;
  }

  accept(connection: HttpConnection): void {
    this.#server.emit('connection', connection);
  }

  /**
   * New connections are refused. Those that are open may ask once more, and are told that the connection ends with the
   * answer: closed here, an idle one would lose a request that its client is just sending.
   */
  stopListening(): void {
    this.#closing = true;
    NetServer.prototype.close.call(this.#server);
  }

  async close(): Promise<void> {
    if (!this.#server.listening && !this.#server.address()) this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** An address that a program on this machine can connect to. */
function reachable({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return family === 'IPv6' ? `[${address}]` : address;
}
