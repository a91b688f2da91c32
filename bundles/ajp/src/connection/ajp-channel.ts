import type { Clock } from '@oxtender/bundle-api';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { AjpError } from '../ajp-error';
import { Frames } from '../protocol/frames';

export interface ChannelOptions {
  readonly clock: Clock;
  readonly packetSize: number;
  /** Milliseconds that a packet is waited for. */
  readonly patience: number;
}

/** A request and the first piece of its body come unasked, everything else one by one. */
const unasked = 2;

/** Milliseconds. */
const farewell = 2000;

/** Packets on a connection of the web server. It is always read, so that its end is seen while a request waits for its answer. */
export class AjpChannel implements Disposable {
  readonly #frames: Frames;
  readonly #queue: Buffer[] = [];
  readonly #gone = new AbortController();
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly options: ChannelOptions,
  ) {
    this.#frames = new Frames(options.packetSize);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
  }

  /** Aborted when the web server is gone, or says what cannot be understood. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** @returns undefined when the web server closed the connection. @throws AjpError CONNECTION_LOST, MALFORMED_PACKET, UNEXPECTED_PACKET */
  async next(): Promise<Buffer | undefined> {
    if (this.#queue.length === 0 && !this.#ended) await this.#packet();
    const packet = this.#queue.shift();
    if (packet) return packet;
    if (this.signal.reason instanceof AjpError && this.signal.reason.code !== 'CONNECTION_LOST')
      throw this.signal.reason;
    if (this.#frames.isWithin) throw new AjpError('CONNECTION_LOST', 'the connection ended within a packet');
    return undefined;
  }

  /** Resolves when there is room for more. @throws the signal's reason */
  async write(...packets: readonly Buffer[]): Promise<void> {
    this.signal.throwIfAborted();
    const full = packets.map((packet) => this.socket.write(packet)).includes(false);
    if (full) await once(this.socket, 'drain', { signal: this.signal });
  }

  /** What was written is sent; then the web server has a moment to close the connection. */
  [Symbol.dispose](): void {
    this.#end();
    if (this.socket.destroyed) return;
    const limit = this.options.clock.setTimeout(() => this.socket.destroy(), farewell);
    this.socket.once('close', () => limit[Symbol.dispose]());
    this.socket.end();
  }

  #take(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      this.#queue.push(...this.#frames.push(chunk));
      if (this.#queue.length > unasked) throw new AjpError('UNEXPECTED_PACKET', 'packets that nobody asked for');
    } catch (error) {
      this.#queue.length = 0;
      this.#end(error);
    }
    this.#wake?.();
  }

  #end(reason: unknown = new AjpError('CONNECTION_LOST', 'the web server closed the connection')): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#gone.abort(reason);
    this.#wake?.();
  }

  async #packet(): Promise<void> {
    const limit = this.options.clock.setTimeout(() => this.#end(silence()), this.options.patience);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    limit[Symbol.dispose]();
    this.#wake = undefined;
  }
}

function silence(): AjpError {
  return new AjpError('CONNECTION_LOST', 'nothing came from the web server for ajp.idle_timeout');
}
