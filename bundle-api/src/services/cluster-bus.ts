import { serviceToken } from '../framework/token';
import type { Cancellable } from './groupware-bridge';

/** A lock that is held. Dispose to give it back. @public */
export interface ClusterLock extends AsyncDisposable {
  /** Grows with each holder of this name: what is written under it can be told from a late writer's. */
  readonly fence: number;
  /** Aborted when the lock was lost: its time ran out while the holder could not renew it. */
  readonly signal: AbortSignal;
}

/**
 * What hosts that share the load say to each other. In process by default, over Redis or Valkey by configuration.
 *
 * @public
 */
export interface ClusterBus {
  /** False while the connection to the other hosts is down: notices may be missed, so look for yourself. */
  readonly connected: boolean;
  /** At most once, in order per publisher. Delivered on this host too. `message` is plain JSON data under 64 KiB. */
  publish(topic: string, message: unknown): void;
  subscribe(topic: string, listener: (message: unknown) => void): Disposable;
  /** Waits until the lock is free. */
  lock(name: string, options: Cancellable): Promise<ClusterLock>;
  /** Undefined when somebody else holds it. */
  tryLock(name: string): Promise<ClusterLock | undefined>;
  /** Adds to a shared counter that forgets after `window` milliseconds from its first increment; returns the sum. */
  count(name: string, amount: number, window: number): Promise<number>;
}

/** @public */
export const ClusterBus = serviceToken<ClusterBus>('storage.ClusterBus');
