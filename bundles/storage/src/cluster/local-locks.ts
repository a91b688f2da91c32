import type { Clock, ClusterLock } from '@oxtender/bundle-api';
import { Permits } from '../permits';
import { FenceCounter } from './fence-counter';

/** Locks by name inside this process. */
export class LocalLocks {
  readonly #locks = new Map<string, Permits>();
  readonly #fences: FenceCounter;

  constructor(clock: Clock) {
    this.#fences = new FenceCounter(clock);
  }

  async lock(name: string, signal: AbortSignal): Promise<ClusterLock> {
    return this.held(await this.acquire(name, signal));
  }

  tryLock(name: string): ClusterLock | undefined {
    const release = this.tryAcquire(name);
    return release && this.held(release);
  }

  /** A lock that nobody outside this process knows of. */
  held(release: () => void): ClusterLock {
    return new LocalLock(this.#fences.next(), release);
  }

  /** @returns what gives the lock back, once */
  async acquire(name: string, signal: AbortSignal): Promise<() => void> {
    const lock = this.#named(name);
    try {
      await lock.acquire({ signal });
    } finally {
      if (lock.idle) this.#locks.delete(name);
    }
    return this.#releaseOnce(name, lock);
  }

  tryAcquire(name: string): (() => void) | undefined {
    const lock = this.#named(name);
    return lock.tryAcquire() ? this.#releaseOnce(name, lock) : undefined;
  }

  #named(name: string): Permits {
    let lock = this.#locks.get(name);
    if (!lock) this.#locks.set(name, (lock = new Permits()));
    return lock;
  }

  #releaseOnce(name: string, lock: Permits): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      lock.release();
      if (lock.idle) this.#locks.delete(name);
    };
  }
}

class LocalLock implements ClusterLock {
  #signal: AbortSignal | undefined;

  constructor(
    readonly fence: number,
    private readonly release: () => void,
  ) {}

  /** Never aborted, since what this process holds it cannot lose; made for who asks, which few do. */
  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.release();
    return Promise.resolve();
  }
}
