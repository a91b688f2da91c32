import { randomUUID } from 'node:crypto';
import { type BundleContext, type Clock, HttpRoutes, type HttpState } from '@oxtender/bundle-api';
import type { Context } from 'koa';

/** What the host saw of a request to the probe. */
export interface Seen {
  readonly address: string;
  readonly protocol: string;
}

/** A day would be too long to hold anything. */
const longestHold = 3_600_000;

/**
 * A route that is there only while it is looked at, below a path that proxies pass on and that nobody can guess: tells that a
 * request came to this very host, as what, and holds it as long as a Ping.
 */
export class Probe implements Disposable {
  readonly path: string;
  readonly #registration: Disposable;

  constructor(
    context: BundleContext,
    private readonly clock: Clock,
    alias: string,
  ) {
    this.path = `${alias}/doctor-${randomUUID()}`;
    const registration = context.registerService(HttpRoutes, { routes: this.#answer }, { 'http.path': this.path });
    this.#registration = { [Symbol.dispose]: () => registration.unregister() };
  }

  [Symbol.dispose](): void {
    this.#registration[Symbol.dispose]();
  }

  readonly #answer = async (context: Context): Promise<void> => {
    const hold = Math.min(Number(context.query['hold'] ?? 0) || 0, longestHold);
    const { signal } = context.state as HttpState;
    if (hold > 0) await this.clock.sleep(hold, { signal });
    context.set('Cache-Control', 'no-store');
    context.body = { address: context.ip, protocol: context.protocol } satisfies Seen;
  };
}

/** Undefined when the answer is somebody else's. */
export function seenIn(body: string): Seen | undefined {
  try {
    const seen = JSON.parse(body) as Partial<Seen> | null;
    if (typeof seen?.address === 'string' && typeof seen.protocol === 'string')
      return { address: seen.address, protocol: seen.protocol };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}
