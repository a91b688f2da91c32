import { AsyncLocalStorage } from 'node:async_hooks';
import { BundleError } from '@oxtender/bundle-api';
import type { Bundle, Clock } from '@oxtender/bundle-api';
import { within } from './clock';

/** One lifecycle operation that runs, and the one inside which it was called. */
interface Link {
  readonly bundle: Bundle;
  readonly operation: string;
  readonly parent: Link | undefined;
  running: boolean;
  /** Called when it has ended. */
  readonly waiting: (() => void)[];
}

/**
 * Serialises the operations on each bundle (rule L7) and follows the asynchronous call chain, so that an operation
 * that waits for itself is refused at once (rule L8).
 */
export class OperationChain {
  readonly #storage = new AsyncLocalStorage<Link>();
  /** By bundle, the end of its queue. */
  readonly #queues = new Map<Bundle, Promise<void>>();
  readonly #clock: Clock;
  readonly #lockTimeout: number;
  #running = 0;

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
    return new Promise((resolve) => (outermost ? outermost.waiting.push(resolve) : resolve()));
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
    const link: Link = { bundle, operation, parent, running: true, waiting: [] };
    const before = this.#queues.get(bundle);
    let release: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => (release = resolve));
    const end = before ? before.then(() => turn) : turn;
    this.#queues.set(bundle, end);
    try {
      if (before) await this.#awaitTurn(before, bundle, operation);
      this.#running++;
      try {
        return await this.#storage.run(link, work);
      } finally {
        link.running = false;
        for (const resolve of link.waiting) resolve();
        if (this.#queues.get(bundle) === end) this.#queues.delete(bundle);
        this.#ended();
      }
    } finally {
      release();
    }
  }

  /** Runs outside any chain: what is queued belongs to nobody's call. */
  outside<T>(work: () => T): T {
    return this.#storage.exit(work);
  }

  async #awaitTurn(before: Promise<void>, bundle: Bundle, operation: string): Promise<void> {
    if ((await within(this.#clock, this.#lockTimeout, before)) === 'timeout') {
      const text = `${bundle.symbolicName}: ${operation} waited ${this.#lockTimeout} ms for another operation to end`;
      throw new BundleError('STATECHANGE_ERROR', text);
    }
  }

  /** Following chains makes every promise of the process dearer, so it is off while no operation runs. */
  #ended(): void {
    this.#running--;
    if (this.#running === 0) this.#storage.disable();
  }

  get #current(): Link | undefined {
    let link = this.#storage.getStore();
    while (link && !link.running) link = link.parent;
    return link;
  }
}

function assertNotInside(current: Link | undefined, bundle: Bundle, operation: string): void {
  const chain = [`${bundle.symbolicName}.${operation}`];
  let own = false;
  for (let link = current; link; link = link.parent) {
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
