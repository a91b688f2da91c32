import { type Clock, GroupwareError } from '@oxtender/bundle-api';
import type { Dispatcher } from 'undici';

/** A complete answer. */
export interface NodeAnswer {
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly status: number;
  readonly text: string;
}

/** Who waits for the answer, and for how long. */
export interface AnswerWaiter {
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds that an answer may take once it has begun: a server that sends a little now and then never ends. */
  readonly limit: number;
  resolve(answer: NodeAnswer): void;
  /** With the signal's reason; UNAVAILABLE for an answer that takes too long; errors of undici. */
  reject(error: unknown): void;
}

const utf8 = new TextDecoder();

/** Takes an answer as a whole, without the stream that undici's `request` makes of it, which costs more than the request. */
export class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #waiter: AnswerWaiter;
  readonly #chunks: Buffer[] = [];
  readonly #abort = (): void => {
    this.#controller?.abort(this.#waiter.signal.reason as Error);
    // While the request waits for a connection nobody else would say so.
    this.onResponseError(undefined, this.#waiter.signal.reason as Error);
  };
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #end = 0;
  #headers: NodeAnswer['headers'] = {};

  constructor(waiter: AnswerWaiter) {
    this.#waiter = waiter;
    waiter.signal.addEventListener('abort', this.#abort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#waiter.signal.aborted) this.#abort();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: NodeAnswer['headers']): void {
    this.#end = this.#waiter.clock.now() + this.#waiter.limit;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (this.#waiter.clock.now() < this.#end) return;
    controller.abort(new GroupwareError('UNAVAILABLE', 'OX takes too long to answer'));
  }

  onResponseEnd(): void {
    this.#waiter.signal.removeEventListener('abort', this.#abort);
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#waiter.resolve({ status: this.#status, headers: this.#headers, text: utf8.decode(bytes) });
  }

  onResponseError(_: unknown, error: Error): void {
    this.#waiter.signal.removeEventListener('abort', this.#abort);
    this.#waiter.reject(error);
  }
}
