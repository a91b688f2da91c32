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
  readonly #bundleListeners = new Map<Bundle, Map<BundleListener, Entry<BundleListener>>>();
  readonly #frameworkListeners = new Map<Bundle, Map<FrameworkListener, Entry<FrameworkListener>>>();
  #queue: (() => void)[] = [];
  #draining: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  addBundleListener(owner: Bundle, listener: BundleListener, synchronous: boolean): void {
    add(this.#bundleListeners, { owner, listener, synchronous, active: true });
  }

  removeBundleListener(owner: Bundle, listener: BundleListener): void {
    remove(this.#bundleListeners, owner, listener);
  }

  addFrameworkListener(owner: Bundle, listener: FrameworkListener): void {
    add(this.#frameworkListeners, { owner, listener, synchronous: false, active: true });
  }

  removeFrameworkListener(owner: Bundle, listener: FrameworkListener): void {
    remove(this.#frameworkListeners, owner, listener);
  }

  /** A listener dies with the context that added it. */
  removeAllOf(owner: Bundle): void {
    for (const entry of this.#bundleListeners.get(owner)?.values() ?? []) entry.active = false;
    for (const entry of this.#frameworkListeners.get(owner)?.values() ?? []) entry.active = false;
    this.#bundleListeners.delete(owner);
    this.#frameworkListeners.delete(owner);
  }

  /** Synchronous listeners at once, all others later, in the order of firing. */
  bundleEvent(type: BundleEventType, bundle: Bundle, origin: Bundle = bundle): void {
    const event: BundleEvent = Object.freeze({ type, bundle, origin });
    const entries = all(this.#bundleListeners);
    for (const entry of entries) if (entry.synchronous) this.#call(entry, event);
    if (synchronousOnly.has(type)) return;
    const later = entries.filter((entry) => !entry.synchronous);
    if (later.length > 0) this.#later(() => later.forEach((entry) => this.#call(entry, event)));
  }

  /** To all framework listeners, later; and to the log. @param extra - listeners of this one event (rule P3) */
  frameworkEvent(event: FrameworkEvent, extra: readonly FrameworkListener[] = []): void {
    Object.freeze(event);
    this.#write(event);
    const entries = [...all(this.#frameworkListeners), ...extra.map((listener) => callOnce(event.bundle, listener))];
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

function add<L>(listeners: Map<Bundle, Map<L, Entry<L>>>, entry: Entry<L>): void {
  let own = listeners.get(entry.owner);
  if (!own) listeners.set(entry.owner, (own = new Map<L, Entry<L>>()));
  const known = own.get(entry.listener);
  if (known) known.active = false;
  own.set(entry.listener, entry);
}

function remove<L>(listeners: Map<Bundle, Map<L, Entry<L>>>, owner: Bundle, listener: L): void {
  const own = listeners.get(owner);
  const entry = own?.get(listener);
  if (!own || !entry) return;
  entry.active = false;
  own.delete(listener);
  if (own.size === 0) listeners.delete(owner);
}

function all<L>(listeners: ReadonlyMap<Bundle, ReadonlyMap<L, Entry<L>>>): Entry<L>[] {
  const entries: Entry<L>[] = [];
  for (const own of listeners.values()) entries.push(...own.values());
  return entries;
}

const callOnce = (owner: Bundle, listener: FrameworkListener): Entry<FrameworkListener> => ({
  owner,
  listener,
  synchronous: false,
  active: true,
});
