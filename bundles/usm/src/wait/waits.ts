import { randomUUID } from 'node:crypto';
import type { Clock, ClusterBus, Logger } from '@oxtender/bundle-api';
import type { SessionAddress } from '../tables/collection-address';
import { Turns } from './turns';
import { type Settle, type Wait, Waiter, type WaiterHost } from './waiter';

/** On the bus: a {@link WaitNotice}. */
const topic = 'usm.wait';
/** Looks at a time that nothing was announced for: when all devices come back at once, news still overtake them. */
const unhurried = 16;

/** A device began to wait on a host. */
interface WaitNotice extends SessionAddress {
  readonly origin: string;
  /** When it began: the notice of an older wait may be late. */
  readonly since: number;
}

/** Devices that wait for changes: one wait per device, on whichever host. */
export class Waits implements WaiterHost, Disposable {
  readonly #waiters = new Map<string, Waiter>();
  readonly #turns = new Turns(unhurried);
  /** By the signal that ends them: one listener for all. */
  readonly #ends = new Map<AbortSignal, Set<Waiter>>();
  readonly #origin = randomUUID();
  readonly #subscription: Disposable;

  constructor(
    private readonly bus: ClusterBus,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.#subscription = bus.subscribe(topic, (message) => {
      const notice = message as WaitNotice;
      const waiter = this.#waiters.get(keyOf(notice));
      if (notice.origin !== this.#origin && waiter && waiter.since <= notice.since) waiter.end('superseded');
    });
  }

  get count(): number {
    return this.#waiters.size;
  }

  /** Settled when it is over. A promise of its own would be one more for each device. */
  begin(wait: Wait, settle: Settle): void {
    const { session, timeout, end } = wait;
    const since = this.clock.now();
    const key = keyOf(session);
    const waiter = new Waiter(wait, this, since);
    this.#waiters.get(key)?.end('superseded');
    this.#waiters.set(key, waiter);
    const notice: WaitNotice = { ...session, origin: this.#origin, since };
    this.bus.publish(topic, notice);
    waiter.run(settle, (over) => this.clock.setTimeout(over, timeout));
    if (end && this.#waiters.get(key) === waiter) this.#endWith(end, waiter);
  }

  takeTurn({ wait }: Waiter, look: () => Promise<void>): Disposable {
    return this.#turns.take(wait.user, look);
  }

  postponed({ wait }: Waiter, error: unknown): void {
    this.log.warn('changes cannot be looked at while a device waits', { ...wait.session, error });
  }

  ended(waiter: Waiter): void {
    const { session, end } = waiter.wait;
    const key = keyOf(session);
    if (this.#waiters.get(key) === waiter) this.#waiters.delete(key);
    if (end) this.#ends.get(end)?.delete(waiter);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const waiter of this.#waiters.values()) waiter.end('timeout');
  }

  #endWith(signal: AbortSignal, waiter: Waiter): void {
    if (signal.aborted) {
      waiter.end('timeout');
      return;
    }
    let waiters = this.#ends.get(signal);
    if (!waiters) {
      const all = (waiters = new Set<Waiter>());
      this.#ends.set(signal, all);
      signal.addEventListener(
        'abort',
        () => {
          this.#ends.delete(signal);
          for (const each of [...all]) each.end('timeout');
        },
        { once: true },
      );
    }
    waiters.add(waiter);
  }
}

function keyOf({ contextId, sessionId }: SessionAddress): string {
  return `${contextId}/${sessionId}`;
}
