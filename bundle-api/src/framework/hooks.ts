import type { Bundle, BundleContext } from './bundle';
import type { ServiceEvent, ServiceListener, ServiceReference } from './registry';
import { serviceToken } from './token';

/**
 * Sees what a look-up found and may take results away, never add (rule S25). OSGi Core, "Service Hook Service".
 *
 * @consumer @public
 */
export interface FindHook {
  /**
   * Called by every look-up but the framework's own.
   *
   * @param references - what was found: `delete` is allowed, `add` throws
   */
  find(consumer: Bundle, tokenId: string | undefined, filter: string | undefined, references: RemoveOnlySet): void;
}
/** Its token: what it is registered and found by. @public */
export const FindHook = serviceToken<FindHook>('host.FindHook');

/** May take listeners away from one event (rule S25). @consumer @public */
export interface EventListenerHook {
  /**
   * Called before an event is delivered.
   *
   * @param listeners - who would be called: `delete` is allowed, `add` throws
   */
  event(event: ServiceEvent, listeners: RemoveOnlySet<ListenerInfo>): void;
}
/** Its token: what it is registered and found by. @public */
export const EventListenerHook = serviceToken<EventListenerHook>('host.EventListenerHook');

/** Is told who listens for what: those that listen already when it is registered, too (rule S25). @consumer @public */
export interface ListenerHook {
  /** They listen now. */
  added(listeners: readonly ListenerInfo[]): void;
  /** They do not listen any more. */
  removed(listeners: readonly ListenerInfo[]): void;
}
/** Its token: what it is registered and found by. @public */
export const ListenerHook = serviceToken<ListenerHook>('host.ListenerHook');

/** One service listener as hooks see it. @public */
export interface ListenerInfo {
  readonly bundle: Bundle;
  readonly context: BundleContext;
  readonly filter: string | undefined;
  readonly listener: ServiceListener;
}

/** A set that only shrinks. @public */
export interface RemoveOnlySet<T = ServiceReference> extends Iterable<T> {
  readonly size: number;
  /** Whether the element is in the set. */
  has(element: T): boolean;
  /** Takes the element out; false when it was not in. */
  delete(element: T): boolean;
}
