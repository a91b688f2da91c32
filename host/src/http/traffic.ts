import type { Clock } from '@oxtender/bundle-api';
import type { RequestScope } from './request-scope';

/** What one published service has in flight (rule H7). */
export class Traffic {
  readonly #requests = new Set<RequestScope>();
  #idle: (() => void) | undefined;

  get inFlight(): number {
    return this.#requests.size;
  }

  enter(scope: RequestScope): void {
    this.#requests.add(scope);
  }

  leave(scope: RequestScope): void {
    this.#requests.delete(scope);
    if (this.#requests.size === 0) this.#idle?.();
  }

  /** The last answer of each connection says so: a client opens a new one for its next request. */
  closeConnections(): void {
    for (const { response } of this.#requests) response.shouldKeepAlive = false;
  }

  /**
   * Waits until nothing is in flight. When the time is over, aborts what is left, gives its handlers one turn to
   * answer by themselves, and cuts the rest.
   *
   * @returns how many requests were cut
   */
  async drain(options: { clock: Clock; timeout: number; retryAfter: number }): Promise<number> {
    if (this.#requests.size > 0) await this.#untilIdle(options);
    const late = [...this.#requests];
    for (const scope of late) scope.abort(new Error('the bundle stops'));
    if (late.length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    for (const scope of late) scope.cut(options.retryAfter);
    return late.length;
  }

  async #untilIdle({ clock, timeout }: { clock: Clock; timeout: number }): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, timeout);
      this.#idle = () => {
        timer[Symbol.dispose]();
        resolve();
      };
    });
    this.#idle = undefined;
  }
}
