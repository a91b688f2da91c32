import type { Clock } from '../../framework/clock';

interface Timer {
  readonly order: number;
  readonly callback: () => void;
  readonly interval: number | undefined;
  due: number;
}

/**
 * A clock that a test moves: nothing waits. Timers fire in the order of their times, and between two of them all
 * promises that can settle do.
 *
 * @public
 */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now: number;
  #order = 0;

  /** @param now - milliseconds since 1970 */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that wait: a test compares it before and after to find what was left behind. */
  get pending(): number {
    return this.#timers.size;
  }

  setTimeout(callback: () => void, milliseconds: number): Disposable {
    return this.#add(callback, milliseconds, undefined);
  }

  /** As `setTimeout`, again and again as the time is advanced. */
  setInterval(callback: () => void, milliseconds: number): Disposable {
    return this.#add(callback, milliseconds, Math.max(1, milliseconds));
  }

  sleep(milliseconds: number, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        timer[Symbol.dispose]();
        reject(signal?.reason as Error);
      };
      const timer = this.setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, milliseconds);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Lets the time pass. */
  async tick(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#now = timer.due;
      if (timer.interval === undefined) this.#timers.delete(timer);
      else timer.due += timer.interval;
      timer.callback();
      await settle();
    }
    this.#now = end;
  }

  #add(callback: () => void, milliseconds: number, interval: number | undefined): Disposable {
    const timer: Timer = { order: this.#order++, callback, interval, due: this.#now + Math.max(0, milliseconds) };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!next || timer.due < next.due || (timer.due === next.due && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

/** Resolves when the promises that can settle without time or input have settled. @public */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
