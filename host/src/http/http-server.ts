import type { HttpConnection, HttpConnections, Logger } from '@oxtender/bundle-api';
import type { Middleware } from 'koa';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions, SecureVersion } from 'node:tls';
import { PatientKoa } from './patient-koa';
import { limitSilence } from './silent-body';
import { TrustedProxies } from './trusted-proxies';

export interface HttpServerOptions {
  readonly middleware: Middleware;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly log: Logger;
  /** Proxies in front whose X-Forwarded-* headers are trusted; 0: none. */
  readonly proxies: number;
  /** Where they are: addresses and networks. Default: this machine. */
  readonly trusted?: readonly string[];
  readonly limits?: HttpLimits;
}

/** What keeps clients from holding connections for nothing. Times in milliseconds. */
export interface HttpLimits {
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeout: number;
  /** Without a byte of a body that is not complete; 0: any. */
  readonly bodySilence: number;
  /** Bytes of all headers of a request. */
  readonly headerSize: number;
}

/** As the settings have them by default. */
export const defaultLimits: HttpLimits = { headersTimeout: 30_000, bodySilence: 60_000, headerSize: 16_384 };

/** Where the host speaks TLS itself. */
export interface TlsPlace {
  readonly port: number;
  readonly address: string;
  readonly minVersion: SecureVersion;
}

/** Connections that may wait to be taken: after a restart all phones come back at once. The kernel allows no more than its own limit. */
const backlog = 65_535;

/** The listening sockets, and one koa application on them. */
export class HttpServer implements HttpConnections {
  readonly #server: Server;
  readonly #options: HttpServerOptions;
  readonly #handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly #trusted: TrustedProxies;
  #tls: TlsServer | undefined;
  #closing = false;

  constructor(options: HttpServerOptions) {
    const { middleware, log, proxies, trusted = ['127.0.0.0/8', '::1'] } = options;
    this.#options = options;
    this.#trusted = new TrustedProxies(trusted);
    // Each proxy adds the address that it was called from; the ones before could be anybody's words.
    const app = new PatientKoa({ proxy: proxies > 0, maxIpsCount: proxies });
    app.use(middleware);
    app.on('error', (error: Error & { code?: string }) => {
      // The client went away while its answer was written: nobody is there to be told.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
      log.warn('answer could not be written', { error });
    });
    this.#handle = app.callback();
    this.#server = this.#serving(createServer(this.#serverOptions));
  }

  /** @returns the URL to reach it by, without a slash at the end */
  async listen(port: number, address: string): Promise<string> {
    this.#closing = false;
    return `http://${await listening(this.#server, port, address)}`;
  }

  /**
   * Listens with TLS as well. The next call changes the certificate for connections to come; those that are open go on.
   *
   * @returns the URL of the first call; undefined of the others
   */
  async useCertificate(certificate: SecureContextOptions, place: TlsPlace): Promise<string | undefined> {
    const { port, address, minVersion } = place;
    if (this.#tls) {
      this.#tls.setSecureContext({ ...certificate, minVersion });
      return undefined;
    }
    if (this.#closing) return undefined;
    const server = this.#serving(createTlsServer({ ...this.#serverOptions, ...certificate, minVersion }));
    this.#tls = server;
    return `https://${await listening(server, port, address)}`;
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
    for (const server of this.#servers) NetServer.prototype.close.call(server);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#servers.map(ended));
    this.#tls = undefined;
  }

  get #servers(): (Server | TlsServer)[] {
    return [this.#server, ...(this.#tls ? [this.#tls] : [])];
  }

  get #serverOptions(): ServerOptions {
    const { headersTimeout, headerSize } = this.#options.limits ?? defaultLimits;
    return {
      // Longer than the usual minute of a proxy, so that the proxy is the one that closes an idle connection.
      keepAliveTimeout: 65_000,
      // A large mail over a slow network takes longer than Node's five minutes; the proxy hands it on as it comes.
      requestTimeout: 30 * 60_000,
      headersTimeout,
      maxHeaderSize: headerSize,
      // How often both are looked at.
      connectionsCheckingInterval: Math.min(5000, headersTimeout),
    };
  }

  #serving<S extends Server | TlsServer>(server: S): S {
    const { onUpgrade, limits = defaultLimits } = this.#options;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#closing) response.shouldKeepAlive = false;
      this.#trusted.clean(request);
      limitSilence(request, response, limits.bodySilence);
      void this.#handle(request, response);
    });
    server.on('upgrade', onUpgrade);
    return server;
  }
}

/** @returns name and port by which a program on this machine reaches it */
async function listening(server: Server | TlsServer, port: number, address: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: address, backlog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.address() as AddressInfo;
  return `${reachable(bound)}:${bound.port}`;
}

async function ended(server: Server | TlsServer): Promise<void> {
  if (!server.listening && !server.address()) server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** An address that a program on this machine can connect to. */
function reachable({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return family === 'IPv6' ? `[${address}]` : address;
}
