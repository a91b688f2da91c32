import { lookup as systemLookup } from 'node:dns';
import { Resolver, resolveSrv } from 'node:dns/promises';
import { type IncomingHttpHeaders, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

/** What somebody outside is answered. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Address of this machine that the request went out from. */
  readonly from: string | undefined;
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Says that a body of so many bytes comes, and sends none: status 100 means that it would be taken. */
  readonly announced?: number;
  readonly signal: AbortSignal;
}

/** Bytes of an answer that are looked at. */
const longestBody = 65_536;

/** The network as a device sees it: names by the name server that the operator chose, no patience of its own, TLS verified. */
export class Outside {
  readonly #resolver: Resolver | undefined;

  /** @param server - address of a name server; undefined: what the system asks */
  constructor(server: string | undefined) {
    if (server === undefined) return;
    this.#resolver = new Resolver({ timeout: 5000, tries: 2 });
    this.#resolver.setServers([server]);
  }

  /** Addresses of a name; none when there is no such name. */
  async addresses(name: string): Promise<string[]> {
    const resolver = this.#resolver;
    if (!resolver) return this.#systemAddresses(name);
    const found = await Promise.all([
      noneWhenUnknown(resolver.resolve4(name)),
      noneWhenUnknown(resolver.resolve6(name)),
    ]);
    return found.flat();
  }

  /** Places that a SRV record names, best first. */
  async services(name: string): Promise<{ name: string; port: number }[]> {
    const records = await noneWhenUnknown(this.#resolver ? this.#resolver.resolveSrv(name) : resolveSrv(name));
    return records
      .toSorted((a, b) => a.priority - b.priority)
      .map((record) => ({ name: record.name, port: record.port }));
  }

  /** @throws Error with the code of what went wrong: ECONNREFUSED, CERT_HAS_EXPIRED, ECONNRESET … */
  ask(url: string, { method = 'GET', headers = {}, body, announced, signal }: Question): Promise<Reply> {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const options: RequestOptions = {
      method,
      signal,
      agent: false,
      lookup: this.#lookup,
      headers: {
        ...headers,
        ...(announced !== undefined && { 'Content-Length': String(announced), Expect: '100-continue' }),
      },
    };
    return new Promise((resolve, reject) => {
      const request = send(url, options);
      let from: string | undefined;
      request.once('socket', (socket) => socket.once('connect', () => (from = socket.localAddress)));
      request.once('error', reject);
      request.once('continue', () => {
        resolve({ status: 100, headers: {}, body: '', from });
        request.destroy();
      });
      request.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text = (text + chunk).slice(0, longestBody)));
        response.once('error', reject);
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, from });
          request.destroy();
        });
      });
      if (announced === undefined) request.end(body);
      else request.flushHeaders();
    });
  }

  #systemAddresses(name: string): Promise<string[]> {
    return new Promise((resolve) =>
      systemLookup(name, { all: true }, (error, found) => resolve(error ? [] : found.map(({ address }) => address))),
    );
  }

  readonly #lookup: LookupFunction = (name, options, callback) => {
    this.addresses(name).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (!first) callback(Object.assign(new Error(`there is no name ${name}`), { code: 'ENOTFOUND' }), '', 0);
        else if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

async function noneWhenUnknown<T>(records: Promise<T[]>): Promise<T[]> {
  try {
    return await records;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENODATA' || code === 'ENOTFOUND' || code === 'NXDOMAIN') return [];
    throw error;
  }
}

export function basic({ login, password }: { login: string; password: string }): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}
