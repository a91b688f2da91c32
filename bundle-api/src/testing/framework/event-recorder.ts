import type { BundleContext, BundleEvent, FrameworkEvent } from '../../framework/bundle';
import type { ServiceEvent } from '../../framework/registry';

/** One event in short, in the order in which it came. @public */
export type RecordedEvent =
  | { readonly kind: 'bundle'; readonly event: BundleEvent }
  | { readonly kind: 'service'; readonly event: ServiceEvent }
  | { readonly kind: 'framework'; readonly event: FrameworkEvent };

/** Records the events of a framework, bundle events synchronously. @public */
export class EventRecorder implements Disposable {
  readonly #context: BundleContext;
  #events: RecordedEvent[] = [];

  /** Begins to record at once. */
  constructor(context: BundleContext) {
    this.#context = context;
    context.addBundleListener(this.#onBundle, { synchronous: true });
    context.addServiceListener(this.#onService);
    context.addFrameworkListener(this.#onFramework);
  }

  /** Bundle and service events so far, in order. */
  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  /** Bundle events as `STARTED a`. */
  get bundleEvents(): string[] {
    return this.#events.flatMap((each) =>
      each.kind === 'bundle' ? [`${each.event.type} ${each.event.bundle.symbolicName}`] : [],
    );
  }

  /** Service events as `REGISTERED token.Id`. */
  get serviceEvents(): string[] {
    return this.#events.flatMap((each) => {
      if (each.kind !== 'service') return [];
      return [`${each.event.type} ${(each.event.reference.getProperty('objectClass') as string[]).join(',')}`];
    });
  }

  /** Framework events so far, in order. */
  get frameworkEvents(): FrameworkEvent[] {
    return this.#events.flatMap((each) => (each.kind === 'framework' ? [each.event] : []));
  }

  /** Framework events of type ERROR: their errors. */
  get errors(): unknown[] {
    return this.frameworkEvents.filter(({ type }) => type === 'ERROR').map(({ error }) => error);
  }

  /** Forgets what was recorded. */
  clear(): void {
    this.#events = [];
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    this.#context.removeBundleListener(this.#onBundle);
    this.#context.removeServiceListener(this.#onService);
    this.#context.removeFrameworkListener(this.#onFramework);
  }

  readonly #onBundle = (event: BundleEvent): void => void this.#events.push({ kind: 'bundle', event });
  readonly #onService = (event: ServiceEvent): void => void this.#events.push({ kind: 'service', event });
  readonly #onFramework = (event: FrameworkEvent): void => void this.#events.push({ kind: 'framework', event });
}
