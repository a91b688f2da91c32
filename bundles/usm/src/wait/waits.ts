import { randomUUID } from 'node:crypto';
import {
  type Cancellable,
  type Clock,
  type ClusterBus,
  isOxtenderError,
  type Logger,
  type WaitResult,
} from '@oxtender/bundle-api';
import type { Collection } from '../sync/collection';
import type { SessionAddress } from '../tables/collection-address';
import type { UserWatch } from './user-watch';
import { type Due, Waiter } from './waiter';

/** On the bus: a {@link WaitNotice}. */
const topic = 'usm.wait';

/** A device began to wait on a host. */
interface WaitNotice extends SessionAddress {
  readonly origin: string;
  /** When it began: the notice of an older wait may be late. */
  readonly since: number;
}

/** What a wait watches, and how to look. */
export interface WaitContext extends Cancellable {
  readonly session: SessionAddress;
  readonly watch: UserWatch;
  readonly collections: readonly Collection[];
  readonly hierarchy: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** True when there is something for the device in the collection. */
  hasChanges(collection: Collection): Promise<boolean>;
  hasHierarchyChanges(): Promise<boolean>;
}

/** Devices that wait for changes: one wait per device, on whichever host. */
export class Waits implements Disposable {
  readonly #waiters = new Map<string, Waiter>();
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

  async wait(context: WaitContext): Promise<WaitResult> {
    const since = this.clock.now();
    const waiter = new Waiter(context.collections, context.hierarchy, since);
    const key = keyOf(context.session);
    this.#waiters.get(key)?.end('superseded');
    this.#waiters.set(key, waiter);
    const notice: WaitNotice = { ...context.session, origin: this.#origin, since };
    this.bus.publish(topic, notice);
    const attached = waiter.attach(context.watch, this.clock, context.timeout);
    try {
      return await this.#watchUntilChange(waiter, context);
    } finally {
      attached[Symbol.dispose]();
      if (this.#waiters.get(key) === waiter) this.#waiters.delete(key);
    }
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const waiter of this.#waiters.values()) waiter.end('timeout');
  }

  async #watchUntilChange(waiter: Waiter, context: WaitContext): Promise<WaitResult> {
    let due: Due = { collections: new Set(context.collections), hierarchy: context.hierarchy };
    for (let isFirst = true; ; isFirst = false) {
      try {
        const found = await this.#look(due, context);
        if (found) return found;
      } catch (error) {
        // What was answered at the beginning stands until the groupware can be asked again.
        const isPassing =
          isOxtenderError(error, 'COLLECTION_BUSY') || (!isFirst && isOxtenderError(error, 'UNAVAILABLE'));
        if (!isPassing) throw error;
        this.log.warn('changes cannot be looked at while a device waits', { ...context.session, error });
        waiter.postpone(due);
      }
      const next = await waiter.next(context);
      if (typeof next === 'string') return { reason: next, collections: [], hierarchy: false };
      due = next;
    }
  }

  async #look(due: Due, context: WaitContext): Promise<WaitResult | undefined> {
    const hierarchy = due.hierarchy && context.hierarchy && (await context.hasHierarchyChanges());
    const changed = [];
    for (const collection of due.collections) {
      if (await context.hasChanges(collection)) changed.push(collection.id);
    }
    return hierarchy || changed.length > 0 ? { reason: 'changes', collections: changed, hierarchy } : undefined;
  }
}

function keyOf({ contextId, sessionId }: SessionAddress): string {
  return `${contextId}/${sessionId}`;
}
