import type { Clock } from '@oxtender/bundle-api';

const disposable = (dispose: () => void): Disposable => ({ [Symbol.dispose]: dispose });

/** The machine's time. The only place that names the global timers. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  setTimeout(callback: () => void, milliseconds: number) {
    const timer = setTimeout(callback, milliseconds);
    return disposable(() => clearTimeout(timer));
  },
  setInterval(callback: () => void, milliseconds: number) {
    const timer = setInterval(callback, milliseconds);
    return disposable(() => clearInterval(timer));
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
