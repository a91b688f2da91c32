import type { HttpState } from '@oxtender/bundle-api';
import type { ServerResponse } from 'node:http';

/** `ctx.state` of one request. Its signal costs nothing until somebody asks for it. */
export class RequestScope implements HttpState {
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;

  constructor(
    readonly requestId: string,
    readonly response: ServerResponse,
  ) {}

  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.#abortReason) controller.abort(this.#abortReason);
      this.response.on('close', () => {
        if (!this.response.writableFinished) controller.abort(new Error('the client went away'));
      });
    }
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(reason);
  }

  /** Ends the exchange whatever its handler does: 503 while that can still be said, else by cutting the connection. */
  cut(retryAfter: number): void {
    if (this.response.writableEnded) return;
    if (this.response.headersSent) this.response.destroy();
    else this.response.writeHead(503, { 'Retry-After': retryAfter, Connection: 'close' }).end();
  }
}
