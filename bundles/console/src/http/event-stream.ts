import type { Clock } from '@oxtender/bundle-api';
import type { Context } from 'koa';
import { PassThrough } from 'node:stream';

/** Bytes that wait for a slow browser before events are left out. */
const patience = 1024 * 1024;

/** Milliseconds between two signs of life: a proxy in front closes a connection on which nothing comes. */
const heartbeat = 20_000;

/** Server-sent events (HTML Standard, "Server-sent events") as the answer of a request. */
export class EventStream {
  readonly #body = new PassThrough();
  #missed = 0;

  constructor(context: Context, { clock, signal }: { clock: Clock; signal: AbortSignal }) {
    context.type = 'text/event-stream';
    context.set('X-Accel-Buffering', 'no');
    context.body = this.#body;
    this.#body.write(': the console\n\n');
    const end = (): void => void this.#body.end();
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    const beat = clock.setInterval(() => this.#body.write(': still here\n\n'), heartbeat);
    this.#body.once('close', () => {
      signal.removeEventListener('abort', end);
      beat[Symbol.dispose]();
    });
  }

  /** Called when the browser has gone, or the stream has ended. */
  onClose(callback: () => void): void {
    this.#body.once('close', callback);
  }

  /** A browser that does not keep up gets later events, and how many it missed. */
  send(event: string, data: unknown): void {
    if (this.#body.writableEnded || this.#body.destroyed) return;
    if (this.#body.writableLength > patience) {
      this.#missed += 1;
      return;
    }
    if (this.#missed > 0) this.#write('missed', { count: this.#missed });
    this.#missed = 0;
    this.#write(event, data);
  }

  #write(event: string, data: unknown): void {
    this.#body.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
