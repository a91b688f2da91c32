import type { BundleContext, ServiceEvent, ServiceReference, ServiceToken } from '@oxtender/bundle-api';
import { errorText } from '../log/error-fields';

/** A service in use by the host. A delayed component may still be on its way, or have failed to come. */
export interface LiveService<T> {
  readonly reference: ServiceReference<T>;
  readonly service: T | undefined;
  /** While a delayed component is being activated. */
  readonly pending: Promise<void> | undefined;
  readonly failure: string | undefined;
}

export interface LiveServiceObserver<T> {
  /** The service is there, or begins to come. Called in the stack of the registration. */
  added?(live: LiveService<T>): void;
  /** Its properties changed, or a delayed component has come or failed. */
  changed?(live: LiveService<T>): void;
  /** In the stack of the un-registration; the promise takes part in draining (rule S23). */
  removed?(live: LiveService<T>): void | Promise<void>;
}

class Tracked<T> implements LiveService<T> {
  service: T | undefined;
  pending: Promise<void> | undefined;
  failure: string | undefined;

  constructor(readonly reference: ServiceReference<T>) {}
}

/**
 * All services of a token as they come and go, with those of delayed components awaited. What the host's extenders
 * serve is in sets like this one; each service is held while it is in the set.
 */
export class LiveServices<T> implements Disposable {
  readonly #tracked = new Map<ServiceReference, Tracked<T>>();
  #sorted: readonly LiveService<T>[] | undefined;
  readonly #listener = (event: ServiceEvent): void | Promise<void> => this.#onEvent(event);

  constructor(
    private readonly context: BundleContext,
    token: ServiceToken<T>,
    private readonly observer: LiveServiceObserver<T> = {},
  ) {
    context.addServiceListener(this.#listener, `(objectClass=${token.id})`);
    for (const reference of context.getAllServiceReferences(token)) this.#add(reference);
  }

  /** Best first (rule S8). */
  values(): readonly LiveService<T>[] {
    return (this.#sorted ??= [...this.#tracked.values()].sort((a, b) => b.reference.compareTo(a.reference)));
  }

  /** The service objects that are there, best first. */
  services(): T[] {
    return this.values().flatMap(({ service }) => (service === undefined ? [] : [service]));
  }

  [Symbol.dispose](): void {
    this.context.removeServiceListener(this.#listener);
    for (const reference of [...this.#tracked.keys()]) void this.#remove(reference as ServiceReference<T>);
  }

  #onEvent({ type, reference }: ServiceEvent): void | Promise<void> {
    const typed = reference as ServiceReference<T>;
    if (type === 'REGISTERED') this.#add(typed);
    else if (type === 'UNREGISTERING' || type === 'MODIFIED_ENDMATCH') return this.#remove(typed);
    else this.#change(typed);
  }

  #add(reference: ServiceReference<T>): void {
    if (this.#tracked.has(reference)) return;
    const tracked = new Tracked(reference);
    this.#tracked.set(reference, tracked);
    this.#sorted = undefined;
    tracked.service = this.context.getService(reference);
    if (tracked.service === undefined) tracked.pending = this.#await(tracked);
    this.observer.added?.(tracked);
  }

  async #await(tracked: Tracked<T>): Promise<void> {
    try {
      tracked.service = await this.context.getServiceAsync(tracked.reference);
      if (tracked.service === undefined) tracked.failure = 'the component could not be activated';
    } catch (error) {
      tracked.failure = errorText(error);
    }
    tracked.pending = undefined;
    this.#change(tracked.reference);
  }

  #change(reference: ServiceReference<T>): void {
    const tracked = this.#tracked.get(reference);
    if (!tracked) return;
    this.#sorted = undefined;
    this.observer.changed?.(tracked);
  }

  #remove(reference: ServiceReference<T>): void | Promise<void> {
    const tracked = this.#tracked.get(reference);
    if (!tracked) return;
    this.#tracked.delete(reference);
    this.#sorted = undefined;
    const drained = this.observer.removed?.(tracked);
    if (drained) return drained.finally(() => void this.context.ungetService(reference));
    this.context.ungetService(reference);
  }
}
