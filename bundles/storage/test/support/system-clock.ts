import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@oxtender/bundle-api';

/** The real time, for tests with real servers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => disposable(setTimeout(callback, milliseconds)),
  setInterval: (callback, milliseconds) => disposable(setInterval(callback, milliseconds)),
  sleep: async (milliseconds, options = {}) => {
    await sleep(milliseconds, undefined, options).catch((error: unknown) => {
      throw options.signal?.aborted ? options.signal.reason : error;
    });
  },
};

function disposable(timer: NodeJS.Timeout): Disposable {
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
