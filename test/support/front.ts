import { DisposableStore } from '@oxtender/bundle-api';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IssuedCertificate } from './certificates';

/** What can be wrong with what stands in front of a host. */
export interface FrontFaults {
  /** Milliseconds after which a request that waits is cut. */
  readonly cutAfter?: number;
  /** Bytes of the largest body. */
  readonly largestBody?: number;
  /** Answered to every request in place of the host's answer. */
  readonly status?: number;
  /** Headers of requests that are not passed on. */
  readonly swallows?: readonly string[];
  /** Headers of answers that are not passed on. */
  readonly hides?: readonly string[];
  /** The host is not told that it was https. */
  readonly silent?: boolean;
}

/** A small TLS proxy whose faults can be chosen. */
export class Front implements AsyncDisposable {
  faults: FrontFaults = {};
  readonly #held = new DisposableStore();

  private constructor(
    private readonly server: Server,
    private readonly host: string,
  ) {}

  static async start(host: string, { certificate, key }: IssuedCertificate): Promise<Front> {
    const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) });
    const front = new Front(server, host);
    server.on('request', (from, to) => front.#pass(from, to));
    server.on('checkContinue', (from, to: ServerResponse) => {
      const most = front.faults.largestBody ?? Infinity;
      if (Number(from.headers['content-length']) > most) to.writeHead(413, { Connection: 'close' }).end();
      else to.writeContinue();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return front;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @param name - as the certificate has it */
  url(name = 'localhost'): string {
    return `https://${name}:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#held.dispose();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #pass(from: IncomingMessage, to: ServerResponse): void {
    const { cutAfter, status, swallows = [], hides = [], silent = false } = this.faults;
    if (status !== undefined) return void to.writeHead(status).end();
    const told = silent ? {} : { 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' };
    const headers = without({ ...from.headers, ...told }, swallows);
    const onward = request(`${this.host}${from.url ?? ''}`, { method: from.method ?? 'GET', headers });
    onward.on('error', () => to.destroy());
    onward.on('response', (answer) => {
      to.writeHead(answer.statusCode ?? 502, without(answer.headers, hides));
      answer.pipe(to);
    });
    to.on('close', () => onward.destroy());
    if (cutAfter !== undefined) this.#held.add(timer(() => to.destroy(), cutAfter));
    from.pipe(onward);
  }
}

function without(headers: OutgoingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function timer(work: () => void, milliseconds: number): Disposable {
  const handle = setTimeout(work, milliseconds);
  return { [Symbol.dispose]: () => clearTimeout(handle) };
}
