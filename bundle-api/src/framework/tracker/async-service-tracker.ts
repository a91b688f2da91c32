import type { BundleContext } from '../bundle';
import type { ServiceQuery, ServiceReference } from '../registry';
import { ServiceTracker } from './service-tracker';

/** As `ServiceTrackerCustomizer`, with callbacks that wait. @consumer @public */
export interface AsyncServiceTrackerCustomizer<S, T> {
  /** Undefined or null: the service is not tracked. */
  adding(reference: ServiceReference<S>): Promise<T | undefined | null>;
  /** The properties have changed; after `adding` has ended. */
  modified?(reference: ServiceReference<S>, tracked: T): void | Promise<void>;
  /** The service goes; after `adding` has ended (rule T11). */
  removed?(reference: ServiceReference<S>, tracked: T): void | Promise<void>;
}

/** One service: what its callbacks did so far, and the one that runs. */
class Slot<T> {
  tracked: T | undefined | null;
  last: Promise<void> = Promise.resolve();
}

/**
 * A tracker whose callbacks wait: those of one service run one after the other, so a service that vanishes while it is
 * being added is removed as soon as adding has settled (rule T11).
 *
 * @public
 */
export class AsyncServiceTracker<S, T> implements AsyncDisposable {
  readonly #tracker: ServiceTracker<S, Slot<T>>;
  readonly #context: BundleContext;

  constructor(context: BundleContext, query: ServiceQuery<S>, customizer: AsyncServiceTrackerCustomizer<S, T>) {
    this.#context = context;
    this.#tracker = new ServiceTracker<S, Slot<T>>(context, query, {
      adding: (reference) => {
        const slot = new Slot<T>();
        slot.last = this.#guarded(async () => {
          slot.tracked = await customizer.adding(reference);
        });
        return slot;
      },
      modified: (reference, slot) => void this.#next(slot, (tracked) => customizer.modified?.(reference, tracked)),
      removed: (reference, slot) =>
        this.#next(slot, (tracked) => {
          slot.tracked = undefined;
          return customizer.removed?.(reference, tracked);
        }),
    });
  }

  /** Begins to track; opening twice does nothing. */
  open(): this {
    this.#tracker.open();
    return this;
  }

  /** Resolves when all callbacks have settled. */
  async close(): Promise<void> {
    await this.#tracker.close();
  }

  /** Closes it, and waits for the calls that run. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Objects whose adding has settled, best service first. */
  getServices(): T[] {
    return this.#tracker
      .getServices()
      .flatMap(({ tracked }) => (tracked === undefined || tracked === null ? [] : [tracked]));
  }

  /** Resolves when no callback of the services tracked now runs. */
  async idle(): Promise<void> {
    await Promise.all(this.#tracker.getServices().map(({ last }) => last));
  }

  /** After the slot's callback that runs. Without a `tracked`, adding failed or gave nothing: nothing to call. */
  #next(slot: Slot<T>, call: (tracked: T) => void | Promise<void>): Promise<void> {
    slot.last = slot.last.then(() => {
      const { tracked } = slot;
      return tracked === undefined || tracked === null ? undefined : this.#guarded(() => call(tracked));
    });
    return slot.last;
  }

  async #guarded(call: () => void | Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#context.reportError(error, 'service tracker');
    }
  }
}
