import type { HttpConnections } from '@oxtender/bundle-api';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import { AjpError } from '../ajp-error';
import { endResponse, getBodyChunk, sendBodyChunks, sendHeaders } from '../protocol/answer-packets';
import { decodeBodyChunk } from '../protocol/body-chunk';
import type { AjpChannel } from './ajp-channel';
import type { HttpRequest } from './http-request';

export interface ExchangeOptions {
  readonly channel: AjpChannel;
  readonly connections: HttpConnections;
  readonly packetSize: number;
  /** False when the connection is to end with this answer. */
  readonly mayReuse: () => boolean;
}

/** Bytes that wait between the two sides of a connection. */
const window = 65_536;

/** Headers that are between the host and this connector. */
const dropped = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'upgrade']);

/**
 * One request and its answer. The host gets it as HTTP on a connection within the process, so that bodies, limits, aborts and
 * back-pressure are those of every request; each request has one of its own, as each may come from another client.
 */
export class Exchange {
  #bodyTaken = false;
  #near: Duplex | undefined;
  /** The web server has been told the answer's head. */
  isAnswered = false;

  constructor(private readonly options: ExchangeOptions) {}

  /**
   * @param signal - ends the request, whether it was answered or not
   * @returns true when the connection can take another request
   * @throws AjpError, or the signal's reason
   */
  async run(request: HttpRequest, signal: AbortSignal): Promise<boolean> {
    const outgoing = this.#open(request);
    const abort = (): void => void outgoing.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const answered = this.#answer(outgoing);
      const taken = this.#passBody(outgoing, request.body);
      // An answer may come before the body is read, and then nobody reads it.
      await Promise.race([answered, taken.then(() => answered)]);
      const reuse = this.#bodyTaken && this.options.mayReuse();
      await this.options.channel.write(endResponse(reuse));
      return reuse;
    } finally {
      signal.removeEventListener('abort', abort);
      outgoing.destroy();
      this.#near?.destroy();
    }
  }

  /** @throws AjpError BAD_REQUEST for what HTTP cannot say */
  #open({ options, remoteAddress, encrypted }: HttpRequest): ClientRequest {
    const createConnection = (): Duplex => this.#connect({ remoteAddress, encrypted });
    try {
      const headers = options.headers as unknown as readonly string[];
      const outgoing = httpRequest({ ...options, headers, setHost: false, createConnection });
      outgoing.on('error', () => outgoing.destroy());
      return outgoing;
    } catch (error) {
      throw new AjpError('BAD_REQUEST', 'a request that HTTP cannot say', { cause: error });
    }
  }

  #connect(client: { remoteAddress: string | undefined; encrypted: boolean }): Duplex {
    const [near, far] = duplexPair({ highWaterMark: window });
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
    this.#near = near;
    this.options.connections.accept(Object.assign(far, client));
    return near;
  }

  /** The first piece comes unasked where the length is known, each other one when the host has taken the one before. */
  async #passBody(outgoing: ClientRequest, length: number | 'chunked'): Promise<void> {
    const { channel, packetSize } = this.options;
    let rest = length === 'chunked' ? Infinity : length;
    for (let asked = length !== 'chunked'; rest > 0; asked = false) {
      if (!asked) await channel.write(getBodyChunk(packetSize));
      const chunk = await this.#piece();
      if (chunk.length === 0 && length === 'chunked') break;
      if (chunk.length === 0) throw new AjpError('CONNECTION_LOST', 'the client went away within its body');
      if (chunk.length > rest) throw new AjpError('MALFORMED_PACKET', 'a body that is longer than its Content-Length');
      rest -= chunk.length;
      if (!outgoing.write(chunk)) await once(outgoing, 'drain', { signal: channel.signal });
    }
    this.#bodyTaken = true;
    outgoing.end();
  }

  async #piece(): Promise<Buffer> {
    const payload = await this.options.channel.next();
    if (!payload) throw new AjpError('CONNECTION_LOST', 'the web server closed the connection within a body');
    return decodeBodyChunk(payload);
  }

  async #answer(outgoing: ClientRequest): Promise<void> {
    const { channel, packetSize } = this.options;
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const head = { status: answer.statusCode ?? 500, message: answer.statusMessage ?? '', headers: headersOf(answer) };
    const packet = sendHeaders(head, packetSize);
    this.isAnswered = true;
    await channel.write(packet);
    for await (const chunk of answer as AsyncIterable<Buffer>)
      await channel.write(...sendBodyChunks(chunk, packetSize));
  }
}

function headersOf({ rawHeaders }: IncomingMessage): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!dropped.has(name.toLowerCase())) headers.push([name, value]);
  }
  return headers;
}
