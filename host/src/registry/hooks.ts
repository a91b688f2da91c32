import { EventListenerHook, FindHook, ListenerHook } from '@oxtender/bundle-api';
import type {
  Bundle,
  ListenerInfo,
  RemoveOnlySet,
  ServiceEvent,
  ServiceReference,
  ServiceToken,
} from '@oxtender/bundle-api';
import type { ListenerEntry } from './listener-index';
import type { ServiceLedger } from './service-ledger';
import type { ServiceRecord } from './service-record';
import type { ServiceRegistry } from './service-registry';

/** At hand for every registration. */
const ids = { find: FindHook.id, event: EventListenerHook.id, listener: ListenerHook.id } as const;

/** Calls the hooks, best first; one that throws is reported and skipped (rule S25). */
export class Hooks {
  readonly #registry: ServiceRegistry;
  readonly #system: ServiceLedger;
  /** How many are registered: fields of their own, for every look-up and event asks. */
  #findHooks = 0;
  #eventHooks = 0;
  #listenerHooks = 0;

  constructor(registry: ServiceRegistry, system: ServiceLedger) {
    this.#registry = registry;
    this.#system = system;
  }

  /** Whether {@link Hooks.found} may take something away. */
  get narrowFindings(): boolean {
    return this.#findHooks > 0;
  }

  /** Whether {@link Hooks.listeners} may take somebody away. */
  get narrowEvents(): boolean {
    return this.#eventHooks > 0;
  }

  /** What the find hooks leave of the result. The system bundle is never filtered. */
  found(
    consumer: ServiceLedger,
    token: ServiceToken<unknown> | undefined,
    filter: string | undefined,
    records: ServiceRecord[],
  ): ServiceRecord[] {
    if (consumer === this.#system || !this.narrowFindings) return records;
    const left = new Map(records.map((record) => [record.reference as ServiceReference, record]));
    const references = removeOnly(left);
    this.#each(FindHook, (hook) => hook.find(consumer.bundle, token?.id, filter, references));
    return [...left.values()];
  }

  /** What the event hooks leave of the listeners. */
  listeners(event: ServiceEvent, entries: readonly ListenerEntry[]): readonly ListenerEntry[] {
    const left = new Map(entries.map((entry) => [infoOf(entry), entry]));
    const own = entries.filter((entry) => entry.ledger === this.#system);
    const infos = removeOnly(left);
    this.#each(EventListenerHook, (hook) => hook.event(event, infos));
    const kept = new Set(left.values());
    for (const entry of own) kept.add(entry);
    return entries.filter((entry) => kept.has(entry));
  }

  listenersAdded(entries: readonly ListenerEntry[]): void {
    if (this.#listenerHooks > 0) this.#each(ListenerHook, (hook) => hook.added(entries.map(infoOf)));
  }

  listenersRemoved(entries: readonly ListenerEntry[]): void {
    if (this.#listenerHooks > 0) this.#each(ListenerHook, (hook) => hook.removed(entries.map(infoOf)));
  }

  /** A new listener hook is told of those that listen already. */
  registered(record: ServiceRecord, existing: Iterable<ListenerEntry>): void {
    if (!this.#count(record, 1)) return;
    const infos = Array.from(existing, infoOf);
    if (infos.length > 0) this.#call<ListenerHook>(record, (hook) => hook.added(infos));
  }

  unregistered(record: ServiceRecord): void {
    this.#count(record, -1);
  }

  /** True for a listener hook. */
  #count({ tokens }: ServiceRecord, change: 1 | -1): boolean {
    let listens = false;
    for (const { id } of tokens) {
      if (id === ids.find) this.#findHooks += change;
      else if (id === ids.event) this.#eventHooks += change;
      else if (id === ids.listener) {
        this.#listenerHooks += change;
        listens = true;
      }
    }
    return listens;
  }

  #each<T>(token: ServiceToken<T>, call: (hook: T) => void): void {
    for (const record of this.#registry.recordsOf(token)) this.#call(record, call);
  }

  #call<T>(record: ServiceRecord, call: (hook: T) => void): void {
    const bundle: Bundle = record.owner.bundle;
    try {
      const hook = this.#registry.get(this.#system, record) as T | undefined;
      if (hook !== undefined) call(hook);
    } catch (error) {
      this.#registry.report('ERROR', bundle, error);
    } finally {
      this.#registry.unget(this.#system, record);
    }
  }
}

const infos = new WeakMap<ListenerEntry, ListenerInfo>();

/** Always the same object for the same listener, so that hooks can tell them apart. */
function infoOf(entry: ListenerEntry): ListenerInfo {
  let info = infos.get(entry);
  if (!info) {
    const { ledger, context, listener, filter } = entry;
    info = Object.freeze({ bundle: ledger.bundle, context, listener, filter: filter?.toString() });
    infos.set(entry, info);
  }
  return info;
}

function removeOnly<T>(left: Map<T, unknown>): RemoveOnlySet<T> {
  return Object.freeze({
    get size() {
      return left.size;
    },
    has: (element: T) => left.has(element),
    delete: (element: T) => left.delete(element),
    add(): never {
      throw new TypeError('a hook may only take away');
    },
    [Symbol.iterator]: () => [...left.keys()][Symbol.iterator](),
  });
}
