import type { BundleContext } from '../bundle';
import { createFilter } from '../filter/filter';
import type { ServiceEvent, ServiceQuery, ServiceReference } from '../registry';
import { type Customizer, Tracked } from './tracked';

/**
 * What becomes of tracked services. A promise returned by `removed` takes part in draining (rule S23).
 *
 * @consumer @public
 */
export type ServiceTrackerCustomizer<S, T = S> = Customizer<ServiceReference<S>, T>;

/**
 * Follows the services of a token, of a filter, or one reference. OSGi Compendium, "Tracker Specification";
 * reference section 8. Closes by itself when the bundle stops.
 *
 * @public
 */
export class ServiceTracker<S, T = S> implements AsyncDisposable {
  readonly #context: BundleContext;
  readonly #query: ServiceQuery<S> | ServiceReference<S>;
  readonly #customizer: ServiceTrackerCustomizer<S, T>;
  readonly #waiting = new Set<() => void>();
  #tracked: Tracked<ServiceReference<S>, T> | undefined;

  /** @throws InvalidSyntaxError for a filter that does not parse */
  constructor(
    context: BundleContext,
    query: ServiceQuery<S> | ServiceReference<S>,
    customizer?: ServiceTrackerCustomizer<S, T>,
  ) {
    if (typeof query === 'string') createFilter(query);
    this.#context = context;
    this.#query = query;
    this.#customizer = customizer ?? getAndUnget<S, T>(context);
  }

  /** Adds what is there and whatever comes, without gap or duplicate (rule T2). Does nothing when open. */
  open(): this {
    if (this.#tracked) return this;
    const tracked = new Tracked(this.#customizer, (error) => this.#context.reportError(error, 'service tracker'));
    this.#tracked = tracked;
    const { filter, token } = this.#search();
    this.#context.addServiceListener(this.#listener, filter, token);
    this.#context.onDispose(this);
    const references = this.#context.getServiceReferences(token, filter);
    for (const reference of references) if (reference.bundle && !tracked.items.has(reference)) tracked.track(reference);
    this.#wake();
    return this;
  }

  /**
   * Removes everything and stops. Does nothing when closed; may be opened again.
   *
   * @returns when promises of `removed` are settled; all else is done before it returns
   */
  async close(): Promise<void> {
    const tracked = this.#tracked;
    if (!tracked) return;
    this.#tracked = undefined;
    this.#context.removeServiceListener(this.#listener);
    this.#context.subscriptions.remove(this);
    this.#wake();
    await Promise.all(tracked.close());
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The best tracked object, as the services' rankings are now (rule T6). */
  getService(): T | undefined {
    const best = this.getServiceReference();
    return best && this.#tracked?.items.get(best);
  }

  /** All tracked objects, best first. */
  getServices(): T[] {
    return [...this.getTracked().values()];
  }

  /** The best tracked one at the time of the call (rule T6). */
  getServiceReference(): ServiceReference<S> | undefined {
    let best: ServiceReference<S> | undefined;
    for (const reference of this.#tracked?.items.keys() ?? []) {
      if (!best || reference.compareTo(best) > 0) best = reference;
    }
    return best;
  }

  /** Best first. */
  getServiceReferences(): ServiceReference<S>[] {
    return [...this.getTracked().keys()];
  }

  /** Objects by reference, best first; a copy. */
  getTracked(): Map<ServiceReference<S>, T> {
    return new Map([...(this.#tracked?.items ?? [])].sort(([a], [b]) => b.compareTo(a)));
  }

  /** How many are tracked. */
  get size(): number {
    return this.#tracked?.items.size ?? 0;
  }

  /** Whether none is tracked. */
  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Removes one as if its service had gone. */
  remove(reference: ServiceReference<S>): void {
    void this.#tracked?.untrack(reference);
  }

  /** Grows with every change; -1 when closed: compare two to know whether anything happened. */
  getTrackingCount(): number {
    return this.#tracked?.count ?? -1;
  }

  /**
   * The best object as soon as there is one.
   *
   * @param milliseconds - 0: for ever
   * @returns undefined when the time is over, or the tracker is or gets closed
   * @throws RangeError for a negative time
   */
  async waitForService(milliseconds: number): Promise<T | undefined> {
    if (milliseconds < 0) throw new RangeError('the time to wait cannot be negative');
    if (!this.#tracked || !this.isEmpty) return this.getService();
    let timer: Disposable | undefined;
    let wake: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.add(resolve);
      if (milliseconds > 0) timer = this.#context.setTimeout(resolve, milliseconds);
    });
    this.#waiting.delete(wake);
    timer?.[Symbol.dispose]();
    return this.getService();
  }

  readonly #listener = ({ type, reference }: ServiceEvent): void | Promise<void> => {
    const tracked = this.#tracked;
    const typed = reference as ServiceReference<S>;
    if (type === 'UNREGISTERING' || type === 'MODIFIED_ENDMATCH') return tracked?.untrack(typed);
    tracked?.track(typed);
    this.#wake();
  };

  #search(): { filter: string | undefined; token: Exclude<ServiceQuery<S>, string> | undefined } {
    const query = this.#query;
    if (typeof query === 'string') return { filter: query, token: undefined };
    if ('getProperty' in query)
      return { filter: `(service.id=${String(query.getProperty('service.id'))})`, token: undefined };
    return { filter: undefined, token: query };
  }

  #wake(): void {
    if (this.#tracked && this.isEmpty) return;
    for (const wake of this.#waiting) wake();
  }
}

/** What a tracker does unless told otherwise (rule T5). */
function getAndUnget<S, T>(context: BundleContext): ServiceTrackerCustomizer<S, T> {
  return {
    adding: (reference) => context.getService(reference) as T | undefined,
    removed: (reference) => void context.ungetService(reference),
  };
}
