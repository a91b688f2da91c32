import type { Cancellable, Clock, ClusterBus, ClusterLock, Logger } from '@oxtender/bundle-api';
import { LocalLocks } from './local-locks';
import { encodeMessage, Topics } from './topics';
import { WindowCounters } from './window-counters';

/** The bus of a host that carries the load alone. */
export class InProcessClusterBus implements ClusterBus {
  readonly connected = true;
  readonly #topics: Topics;
  readonly #locks: LocalLocks;
  readonly #counters: WindowCounters;

  constructor({ clock, logger }: { clock: Clock; logger: Logger }) {
    this.#topics = new Topics(logger);
    this.#locks = new LocalLocks(clock);
    this.#counters = new WindowCounters(clock);
  }

  onConnectedChange(): Disposable {
    // There is nobody to lose: it never changes.
    return { [Symbol.dispose]: () => undefined };
  }

  publish(topic: string, message: unknown): void {
    const json = encodeMessage(topic, message);
    queueMicrotask(() => this.#topics.deliver(topic, json));
  }

  subscribe(topic: string, listener: (message: unknown) => void): Disposable {
    return this.#topics.subscribe(topic, listener);
  }

  lock(name: string, { signal }: Cancellable): Promise<ClusterLock> {
    return this.#locks.lock(name, signal);
  }

  tryLock(name: string): Promise<ClusterLock | undefined> {
    return Promise.resolve(this.#locks.tryLock(name));
  }

  count(name: string, amount: number, window: number): Promise<number> {
    return Promise.resolve(this.#counters.add(name, amount, window));
  }
}
