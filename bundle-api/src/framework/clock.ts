import { serviceToken } from './token';

/**
 * Time as a service, so that nothing waits in a test. No code of the project touches the global timers
 * or `Date.now` where behaviour depends on them.
 *
 * @public
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** The callback runs once, unless disposed before. */
  setTimeout(callback: () => void, milliseconds: number): Disposable;
  /** As `setTimeout`, again and again until it is disposed. */
  setInterval(callback: () => void, milliseconds: number): Disposable;
  /** Resolves after the time, or rejects with the signal's reason. */
  sleep(milliseconds: number, options?: { signal?: AbortSignal }): Promise<void>;
}

/** Host constant: `@Inject(Clock)`. Also a service of the system bundle. @public */
export const Clock = serviceToken<Clock>('host.Clock');
