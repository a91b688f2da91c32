import { serviceToken } from '../framework/token';
import type { Cancellable } from './groupware/calls';

/** A lock that is held. Dispose to give it back; again, or after it was lost, does nothing. @public */
export interface ClusterLock extends AsyncDisposable {
  /**
   * Grows with each holder of this name, also over restarts of hosts and of Redis: what is written under it can be told
   * from a late writer's. A safe integer; it holds the time, so clocks of hosts must not differ by more than they
   * take to hand over a lock.
   */
  readonly fence: number;
  /** Aborted when the lock was lost: its time ran out while the holder could not renew it. */
  readonly signal: AbortSignal;
}

/**
 * What hosts that share the load say to each other. In process by default, over Redis or Valkey by configuration.
 *
 * While Redis is away a host goes on alone: notices, locks and counters reach no further than itself. Correctness must
 * therefore rest on the database; the bus saves work and waiting.
 *
 * @public
 */
export interface ClusterBus {
  /** False while the connection to the other hosts is down: notices may be missed, so look for yourself. */
  readonly connected: boolean;
  /**
   * Told when `connected` changed. After a change to true, look once more: what was said in between was missed.
   *
   * @returns dispose to hear no more
   */
  onConnectedChange(listener: (connected: boolean) => void): Disposable;
  /**
   * At most once, in order per publisher, never within the call. Delivered on this host too.
   *
   * @param topic - any text without line breaks
   * @param message - plain JSON data under 64 KiB; listeners get a copy
   * @throws RangeError when it is larger; TypeError when it is no JSON data
   */
  publish(topic: string, message: unknown): void;
  /** Effective at once. An error that the listener throws is logged. */
  subscribe(topic: string, listener: (message: unknown) => void): Disposable;
  /** Waits until the lock is free. On one host in the order of the calls. @throws the signal's reason */
  lock(name: string, options: Cancellable): Promise<ClusterLock>;
  /** Undefined when somebody else holds it. */
  tryLock(name: string): Promise<ClusterLock | undefined>;
  /**
   * Adds to a shared counter, and returns the sum.
   *
   * @param window - milliseconds from the first increment after which the counter starts again at 0
   */
  count(name: string, amount: number, window: number): Promise<number>;
}

/** Its token: what it is registered and found by. @public */
export const ClusterBus = serviceToken<ClusterBus>('storage.ClusterBus');
