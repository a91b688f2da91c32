import type { Clock, ClusterLock } from '@oxtender/bundle-api';
import { OxtenderError } from '@oxtender/bundle-api';

/** Why `ClusterLock.signal` fired. */
export class LockLostError extends OxtenderError<'LOCK_LOST'> {
  constructor(name: string) {
    super('LOCK_LOST', `lock ${name} was lost: it could not be renewed in time`, { retryable: true });
  }
}

export interface RedisLockOptions {
  readonly clock: Clock;
  readonly name: string;
  readonly fence: number;
  /** Milliseconds since 1970 before which the lock was taken. */
  readonly taken: number;
  readonly ttl: number;
  /** False when it is somebody else's. Rejects when Redis can't be asked. */
  readonly renew: () => Promise<boolean>;
  /** Gives it back. Never rejects. */
  readonly release: () => Promise<void>;
}

/** A lock that lives in Redis as long as it is renewed. */
export class RedisLock implements ClusterLock {
  readonly #options: RedisLockOptions;
  readonly #lost = new AbortController();
  readonly #renewal: Disposable;
  #expiry: Disposable;
  #released = false;

  constructor(options: RedisLockOptions) {
    this.#options = options;
    this.#expiry = this.#expireAt(options.taken + options.ttl);
    this.#renewal = options.clock.setInterval(() => void this.#renew(), options.ttl / 3);
  }

  get fence(): number {
    return this.#options.fence;
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#released) return;
    this.#stop();
    await this.#options.release();
  }

  /** Tells the holder, and gives back what may still be held. */
  async lose(): Promise<void> {
    if (this.#released) return;
    this.#stop();
    this.#lost.abort(new LockLostError(this.#options.name));
    await this.#options.release();
  }

  async #renew(): Promise<void> {
    const { clock, renew, ttl } = this.#options;
    const asked = clock.now();
    // No answer is no loss yet: the lock is ours until its time is out.
    const renewed = await renew().catch(() => undefined);
    if (this.#released || renewed === undefined) return;
    this.#expiry[Symbol.dispose]();
    if (renewed) this.#expiry = this.#expireAt(asked + ttl);
    else await this.lose();
  }

  #expireAt(time: number): Disposable {
    const { clock } = this.#options;
    return clock.setTimeout(() => void this.lose(), Math.max(0, time - clock.now()));
  }

  #stop(): void {
    this.#released = true;
    this.#renewal[Symbol.dispose]();
    this.#expiry[Symbol.dispose]();
  }
}
