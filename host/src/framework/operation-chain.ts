import { AsyncLocalStorage } from 'node:async_hooks';
import { BundleError } from '@oxtender/bundle-api';
import type { Bundle, Clock } from '@oxtender/bundle-api';
import { within } from './clock';

/** One lifecycle operation: waiting for its turn, running, or over. */
class Link {
  running = false;
  #over = false;
  #ended: Promise<void> | undefined;
  #end: (() => void) | undefined;

  constructor(
    readonly bundle: Bundle,
    readonly operation: string,
    /** The one inside which it was called. */
    readonly parent: Link | undefined,
  ) {}

  /** Resolves when it is over. Made for those who ask: most operations have the bundle to themselves. */
  get ended(): Promise<void> {
    return (this.#ended ??= this.#over ? Promise.resolve() : new Promise((resolve) => (this.#end = resolve)));
  }

  end(): void {
    this.running = false;
    this.#over = true;
    this.#end?.();
  }
}

/**
 * Serialises the operations on each bundle (rule L7) and follows the asynchronous call chain, so that an operation
 * that waits for itself is refused at once (rule L8).
 */
export class OperationChain {
  readonly #storage = new AsyncLocalStorage<Link>();
  /** By bundle, the last in its queue. */
  readonly #queues = new Map<Bundle, Link>();
  readonly #clock: Clock;
  readonly #lockTimeout: number;
  #running = 0;
  #ending = false;

  constructor(clock: Clock, lockTimeout: number) {
    this.#clock = clock;
    this.#lockTimeout = lockTimeout;
  }

  /** True inside any operation: what would wait for it to end must be queued instead (rule P7). */
  get inside(): boolean {
    return this.#current !== undefined;
  }

  /** Resolves when the outermost operation that the caller is part of has ended; at once outside of any. */
  afterwards(): Promise<void> {
    let outermost = this.#current;
    for (let link = outermost; link; link = link.parent) if (link.running) outermost = link;
    return outermost?.ended ?? Promise.resolve();
  }

  /** The bundle whose operation the caller is part of, innermost first. */
  get bundle(): Bundle | undefined {
    return this.#current?.bundle;
  }

  /**
   * Runs when all operations on the bundle that were called before have ended.
   *
   * @throws BundleError STATECHANGE_ERROR when the chain already changes this bundle, or after the lock time-out
   */
  async run<T>(bundle: Bundle, operation: string, work: () => Promise<T>): Promise<T> {
    const parent = this.#current;
    assertNotInside(parent, bundle, operation);
    const link = new Link(bundle, operation, parent);
    const before = this.#queues.get(bundle);
    this.#queues.set(bundle, link);
    if (before) await this.#awaitTurn(before, link);
    link.running = true;
    this.#running++;
    try {
      return await this.#storage.run(link, work);
    } finally {
      this.#running--;
      this.#leave(link);
      if (this.#running === 0) this.#unfollow();
    }
  }

  /** Runs outside any chain: what is queued belongs to nobody's call. */
  outside<T>(work: () => T): T {
    return this.#storage.exit(work);
  }

  /** @throws BundleError STATECHANGE_ERROR when it takes too long; who comes after it still waits for those before */
  async #awaitTurn(before: Link, link: Link): Promise<void> {
    if ((await within(this.#clock, this.#lockTimeout, before.ended)) !== 'timeout') return;
    void before.ended.then(() => this.#leave(link));
    const text = `${link.bundle.symbolicName}: ${link.operation} waited ${this.#lockTimeout} ms for another operation to end`;
    throw new BundleError('STATECHANGE_ERROR', text);
  }

  #leave(link: Link): void {
    link.end();
    if (this.#queues.get(link.bundle) === link) this.#queues.delete(link.bundle);
  }

  /**
   * Following chains makes every promise of the process dearer, so it is off while no operation runs: not before the
   * next turn of the event loop, for operations come in rows.
   */
  #unfollow(): void {
    if (this.#ending) return;
    this.#ending = true;
    setImmediate(() => {
      this.#ending = false;
      if (this.#running === 0) this.#storage.disable();
    });
  }

  get #current(): Link | undefined {
    let link = this.#storage.getStore();
    while (link && !link.running) link = link.parent;
    return link;
  }
}

function assertNotInside(current: Link | undefined, bundle: Bundle, operation: string): void {
  if (!current) return;
  const chain = [`${bundle.symbolicName}.${operation}`];
  let own = false;
  for (let link: Link | undefined = current; link; link = link.parent) {
    if (!link.running) continue;
    own ||= link.bundle === bundle;
    chain.unshift(`${link.bundle.symbolicName}.${link.operation}`);
  }
  if (own) {
    throw new BundleError('STATECHANGE_ERROR', `the operation waits for itself: ${chain.join(' -> ')}`, {
      details: chain,
    });
  }
}
