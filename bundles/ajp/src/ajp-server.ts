import type { Clock, HttpConnections, Logger } from '@oxtender/bundle-api';
import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, type Socket } from 'node:net';
import { AjpError } from './ajp-error';
import type { AjpConfig } from './config';
import { AjpChannel } from './connection/ajp-channel';
import { AjpConnection } from './connection/ajp-connection';
import { Secret } from './connection/secret';

export interface AjpServerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: AjpConfig;
  readonly connections: HttpConnections;
}

/** Milliseconds that requests have to finish when the connector stops. */
const grace = 2000;

/** Listens for the web server. */
export class AjpServer implements AsyncDisposable {
  readonly #server = createServer((socket) => void this.#serve(socket));
  readonly #running = new Map<AjpConnection, Promise<void>>();
  readonly #secret: Secret;

  constructor(private readonly options: AjpServerOptions) {
    this.#secret = new Secret(options.config['ajp.secret']);
    this.#server.maxConnections = options.config['ajp.max_connections'];
    this.#server.on('drop', () => options.log.warn('too many AJP connections: raise ajp.max_connections'));
  }

  get connectionCount(): number {
    return this.#running.size;
  }

  /** @returns the port. @throws AjpError NOT_SAFE; Error when it cannot listen there */
  async listen(): Promise<number> {
    const { config, log } = this.options;
    const address = config['ajp.address'];
    if (config['ajp.secret'] === '' && !isLoopback(address)) {
      throw new AjpError('NOT_SAFE', `ajp.address = ${address} can be reached by others: set ajp.secret`);
    }
    this.#server.listen({ port: config['ajp.port'], host: address, backlog: config['ajp.max_connections'] });
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    log.info('listens for AJP', { address, port });
    return port;
  }

  /** Requests finish, for a moment; those that wait longer are told to come again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    const busy = [...this.#running.keys()].filter((connection) => !connection.finish());
    const timer = this.options.clock.setTimeout(() => {
      for (const connection of busy) connection.abort();
    }, grace);
    await Promise.all(this.#running.values());
    timer[Symbol.dispose]();
  }

  async #serve(socket: Socket): Promise<void> {
    const { clock, config, connections, log } = this.options;
    const packetSize = config['ajp.packet_size'];
    const channel = new AjpChannel(socket, { clock, packetSize, patience: config['ajp.idle_timeout'] * 1000 });
    const connection = new AjpConnection({ channel, connections, secret: this.#secret, packetSize, log });
    const run = connection.run().catch((error: unknown) => log.debug('an AJP connection broke', { error }));
    this.#running.set(connection, run);
    await run;
    this.#running.delete(connection);
  }
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
