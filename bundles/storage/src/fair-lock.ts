/** A lock inside this process. Waiters get it in the order in which they asked. */
export class FairLock {
  readonly #waiting = new Set<() => void>();
  #held = false;

  /** True when nobody holds it or waits for it. */
  get free(): boolean {
    return !this.#held;
  }

  /** True when it was free; it is held then. */
  tryAcquire(): boolean {
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  /** @throws the signal's reason */
  async acquire(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.tryAcquire()) return;
    await new Promise<void>((resolve, reject) => {
      const abandon = (): void => {
        this.#waiting.delete(enter);
        reject(signal?.reason as Error);
      };
      const enter = (): void => {
        signal?.removeEventListener('abort', abandon);
        resolve();
      };
      this.#waiting.add(enter);
      signal?.addEventListener('abort', abandon, { once: true });
    });
  }

  /** Hands the lock to the one who waits longest. */
  release(): void {
    for (const enter of this.#waiting) {
      this.#waiting.delete(enter);
      enter();
      return;
    }
    this.#held = false;
  }
}
