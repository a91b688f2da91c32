import type { Clock } from '@oxtender/bundle-api';

/** A timer that can be stopped. Thousands run: it has no more than it needs. */
class Timer implements Disposable {
  constructor(private readonly timer: NodeJS.Timeout) {}

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
  }
}

/** The machine's time. The only place that names the global timers. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  setTimeout(callback: () => void, milliseconds: number) {
    return new Timer(setTimeout(callback, milliseconds));
  },
  setInterval(callback: () => void, milliseconds: number) {
    return new Timer(setInterval(callback, milliseconds));
  },
  sleep(milliseconds: number, { signal }: { signal?: AbortSignal } = {}) {
    return sleepWith(systemClock, milliseconds, signal);
  },
});

/** `sleep` for any clock that has `setTimeout`. */
export function sleepWith(clock: Pick<Clock, 'setTimeout'>, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    const abort = (): void => {
      timer[Symbol.dispose]();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** `'timeout'` when the time (milliseconds; 0: never) is over before the promise settles, which goes on unheard. */
export async function within<T>(clock: Clock, milliseconds: number, promise: Promise<T>): Promise<T | 'timeout'> {
  if (milliseconds === 0) return promise;
  let timer: Disposable | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = clock.setTimeout(() => resolve('timeout'), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    timer?.[Symbol.dispose]();
  }
}
