import { setMaxListeners } from 'node:events';

/** Waits for a promise that others wait for too, and leaves when the signal fires; the promise goes on. */
export async function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let leave = (): void => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason as Error);
    // Many calls of one request may wait at once; each takes its listener away.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([promise, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
