import type { HttpConnections, Logger } from '@oxtender/bundle-api';
import { AjpError, type AjpErrorCode } from '../ajp-error';
import { cpong, endResponse, sendHeaders } from '../protocol/answer-packets';
import { PacketType } from '../protocol/codes';
import { decodeForwardRequest } from '../protocol/forward-request';
import type { AjpChannel } from './ajp-channel';
import { Exchange } from './exchange';
import { httpRequestOf } from './http-request';
import type { Secret } from './secret';

export interface ConnectionOptions {
  readonly channel: AjpChannel;
  readonly connections: HttpConnections;
  readonly secret: Secret;
  readonly packetSize: number;
  readonly log: Logger;
}

/** What the client is told where nothing was answered yet. All else only ends the connection. */
const statuses: Partial<Record<AjpErrorCode, readonly [status: number, message: string]>> = {
  MALFORMED_PACKET: [400, 'Bad Request'],
  BAD_REQUEST: [400, 'Bad Request'],
  FORBIDDEN: [403, 'Forbidden'],
  ANSWER_TOO_LARGE: [500, 'Internal Server Error'],
};

/** A connection of the web server: requests one after the other, with CPings between them. */
export class AjpConnection {
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #exchange: Exchange | undefined;
  #isLast = false;

  constructor(private readonly options: ConnectionOptions) {
    this.#signal = AbortSignal.any([options.channel.signal, this.#stop.signal]);
  }

  /** Until the connection ends. */
  async run(): Promise<void> {
    const { channel, log } = this.options;
    try {
      while (!this.#isLast) {
        const packet = await channel.next();
        if (!packet || !(await this.#take(packet))) return;
      }
    } catch (error) {
      if (this.#stop.signal.aborted) await this.#refuse(503, 'Service Unavailable', [['Retry-After', '30']]);
      else if (error instanceof AjpError) await this.#fail(error);
      else log.debug('an answer of the host was cut off', { error });
    } finally {
      channel[Symbol.dispose]();
    }
  }

  /** No request after the one that runs; true when none runs. */
  finish(): boolean {
    this.#isLast = true;
    if (this.#exchange) return false;
    this.options.channel[Symbol.dispose]();
    return true;
  }

  /** Ends the request that runs: its client is told to ask again. */
  abort(): void {
    this.#stop.abort(new Error('the connector stops'));
  }

  /** @returns false when no other packet can follow */
  async #take(packet: Buffer): Promise<boolean> {
    const { channel, connections, packetSize, secret } = this.options;
    const [type] = packet;
    if (type === PacketType.CPing) {
      await channel.write(cpong());
      return true;
    }
    if (type === PacketType.Shutdown) throw new AjpError('UNEXPECTED_PACKET', 'a web server does not stop this host');
    if (type !== PacketType.ForwardRequest) {
      throw new AjpError('UNEXPECTED_PACKET', `a packet of the type ${type ?? 'none'} where a request should begin`);
    }
    this.#exchange = new Exchange({ channel, connections, packetSize, mayReuse: () => !this.#isLast });
    const request = decodeForwardRequest(packet);
    secret.check(request.secret);
    const reuse = await this.#exchange.run(httpRequestOf(request), this.#signal);
    this.#exchange = undefined;
    return reuse;
  }

  async #fail({ code, message, cause }: AjpError): Promise<void> {
    if (code === 'CONNECTION_LOST') this.options.log.debug('the web server went away', { reason: message });
    else this.options.log.warn('refused what came by AJP', { code, reason: message, ...(cause ? { cause } : {}) });
    const status = statuses[code];
    if (status) await this.#refuse(...status);
  }

  /** An answer without a body, if none has begun. */
  async #refuse(status: number, message: string, headers: readonly (readonly [string, string])[] = []): Promise<void> {
    const { channel, packetSize } = this.options;
    if (!this.#exchange || this.#exchange.isAnswered || channel.signal.aborted) return;
    const head = { status, message, headers: [...headers, ['Content-Length', '0'] as const] };
    await channel.write(sendHeaders(head, packetSize), endResponse(false));
  }
}
