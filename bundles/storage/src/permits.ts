import type { Clock } from '@oxtender/bundle-api';

/** How waiting for a permit ends without one. */
export interface WaitLimits {
  readonly signal?: AbortSignal | undefined;
  readonly time?: { readonly clock: Clock; readonly milliseconds: number; readonly error: () => Error };
}

/**
 * As many holders at a time as there are permits, inside this process. Waiters get theirs in the order in which they asked. One
 * permit is a lock.
 */
export class Permits {
  readonly #waiting = new Set<() => void>();
  #left: number;

  constructor(private readonly total = 1) {
    this.#left = total;
  }

  /** True when nobody holds one. */
  get idle(): boolean {
    return this.#left === this.total;
  }

  get held(): number {
    return this.total - this.#left;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** True when there was one; it is held then. */
  tryAcquire(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  /** @throws the signal's reason; the error of the time limit */
  acquire({ signal, time }: WaitLimits = {}): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.tryAcquire()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(enter);
        signal?.removeEventListener('abort', abandon);
        timer?.[Symbol.dispose]();
      };
      const enter = (): void => {
        settle();
        resolve();
      };
      const abandon = (): void => {
        settle();
        reject(signal?.reason as Error);
      };
      const giveUp = (): void => {
        settle();
        reject(time?.error() ?? new Error('too late'));
      };
      const timer = time?.clock.setTimeout(giveUp, time.milliseconds);
      signal?.addEventListener('abort', abandon, { once: true });
      this.#waiting.add(enter);
    });
  }

  /** Hands the permit to the one who waits longest. */
  release(): void {
    for (const enter of this.#waiting) {
      enter();
      return;
    }
    this.#left++;
  }
}
