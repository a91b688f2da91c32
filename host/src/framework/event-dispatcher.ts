import type {
  Bundle,
  BundleEvent,
  BundleEventType,
  BundleListener,
  FrameworkEvent,
  FrameworkListener,
  Logger,
} from '@oxtender/bundle-api';

interface Entry<L> {
  readonly owner: Bundle;
  readonly listener: L;
  readonly synchronous: boolean;
  active: boolean;
}

/** Only synchronous listeners hear of these (rule L25). */
const synchronousOnly: ReadonlySet<BundleEventType> = new Set(['STARTING', 'STOPPING', 'LAZY_ACTIVATION']);

/** Bundle and framework listeners of one framework (rules M6, M7, L25). */
export class EventDispatcher {
  readonly #log: Logger;
  readonly #bundleListeners = new Listeners<BundleListener>();
  readonly #frameworkListeners = new Listeners<FrameworkListener>();
  #queue: (() => void)[] = [];
  #draining: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  addBundleListener(owner: Bundle, listener: BundleListener, synchronous: boolean): void {
    this.#bundleListeners.add({ owner, listener, synchronous, active: true });
  }

  removeBundleListener(owner: Bundle, listener: BundleListener): void {
    this.#bundleListeners.remove(owner, listener);
  }

  addFrameworkListener(owner: Bundle, listener: FrameworkListener): void {
    this.#frameworkListeners.add({ owner, listener, synchronous: false, active: true });
  }

  removeFrameworkListener(owner: Bundle, listener: FrameworkListener): void {
    this.#frameworkListeners.remove(owner, listener);
  }

  /** A listener dies with the context that added it. */
  removeAllOf(owner: Bundle): void {
    this.#bundleListeners.removeAllOf(owner);
    this.#frameworkListeners.removeAllOf(owner);
  }

  /** Synchronous listeners at once, all others later, in the order of firing. */
  bundleEvent(type: BundleEventType, bundle: Bundle, origin: Bundle = bundle): void {
    const entries = this.#bundleListeners.all;
    if (entries.length === 0) return;
    const event: BundleEvent = Object.freeze({ type, bundle, origin });
    let others = 0;
    for (const entry of entries) {
      if (entry.synchronous) this.#call(entry, event);
      else others++;
    }
    if (others === 0 || synchronousOnly.has(type)) return;
    this.#later(() => entries.forEach((entry) => entry.synchronous || this.#call(entry, event)));
  }

  /** To all framework listeners, later; and to the log. @param extra - listeners of this one event (rule P3) */
  frameworkEvent(event: FrameworkEvent, extra: readonly FrameworkListener[] = []): void {
    Object.freeze(event);
    this.#write(event);
    const entries = [...this.#frameworkListeners.all, ...extra.map((listener) => callOnce(event.bundle, listener))];
    if (entries.length > 0) this.#later(() => entries.forEach((entry) => this.#call(entry, event)));
  }

  /** Resolves when every event fired so far has reached its listeners. */
  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  #later(deliver: () => void): void {
    this.#queue.push(deliver);
    this.#draining ??= Promise.resolve().then(() => {
      this.#draining = undefined;
      const queue = this.#queue;
      this.#queue = [];
      for (const each of queue) each();
    });
  }

  #call<E extends BundleEvent | FrameworkEvent>(entry: Entry<(event: E) => void | Promise<void>>, event: E): void {
    if (!entry.active) return;
    try {
      const result = entry.listener(event);
      if (result instanceof Promise) result.catch((error: unknown) => this.#failed(entry.owner, event, error));
    } catch (error) {
      this.#failed(entry.owner, event, error);
    }
  }

  /** A failing listener of ERROR events is only logged, or it would be called for ever (rule M7). */
  #failed(owner: Bundle, event: BundleEvent | FrameworkEvent, error: unknown): void {
    if (event.type === 'ERROR') {
      this.#log.error('listener of ERROR events failed', { bundle: owner.symbolicName, error });
    } else {
      this.frameworkEvent({ type: 'ERROR', bundle: owner, error, message: `listener of ${event.type} failed` });
    }
  }

  #write({ type, bundle, error, message }: FrameworkEvent): void {
    const fields = {
      event: type,
      bundle: bundle.symbolicName,
      ...(message && { detail: message }),
      ...(error !== undefined && { error }),
    };
    if (type === 'ERROR') this.#log.error('framework error', fields);
    else if (type === 'WARNING') this.#log.warn('framework warning', fields);
    else this.#log.debug('framework event', fields);
  }
}

/** The listeners of one kind. */
class Listeners<L> {
  readonly #byOwner = new Map<Bundle, Map<L, Entry<L>>>();
  /** Made again after a change: an event that is being delivered goes to those who were there. */
  #all: readonly Entry<L>[] | undefined;

  get all(): readonly Entry<L>[] {
    return (this.#all ??= [...this.#byOwner.values()].flatMap((own) => [...own.values()]));
  }

  /** The same listener again takes the place of the one before (rule M6). */
  add(entry: Entry<L>): void {
    let own = this.#byOwner.get(entry.owner);
    if (!own) this.#byOwner.set(entry.owner, (own = new Map<L, Entry<L>>()));
    const known = own.get(entry.listener);
    if (known) known.active = false;
    own.set(entry.listener, entry);
    this.#all = undefined;
  }

  remove(owner: Bundle, listener: L): void {
    const own = this.#byOwner.get(owner);
    const entry = own?.get(listener);
    if (!own || !entry) return;
    entry.active = false;
    own.delete(listener);
    if (own.size === 0) this.#byOwner.delete(owner);
    this.#all = undefined;
  }

  removeAllOf(owner: Bundle): void {
    const own = this.#byOwner.get(owner);
    if (!own) return;
    for (const entry of own.values()) entry.active = false;
    this.#byOwner.delete(owner);
    this.#all = undefined;
  }
}

const callOnce = (owner: Bundle, listener: FrameworkListener): Entry<FrameworkListener> => ({
  owner,
  listener,
  synchronous: false,
  active: true,
});
