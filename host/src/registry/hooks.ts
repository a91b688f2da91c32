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

/** Calls the hooks, best first; one that throws is reported and skipped (rule S25). */
export class Hooks {
  readonly #registry: ServiceRegistry;
  readonly #system: ServiceLedger;
  /** Hooks that are registered, by token: every look-up and event asks. */
  readonly #counts = new Map<string, number>([FindHook, EventListenerHook, ListenerHook].map(({ id }) => [id, 0]));

  constructor(registry: ServiceRegistry, system: ServiceLedger) {
    this.#registry = registry;
    this.#system = system;
  }

  any({ id }: ServiceToken<unknown>): boolean {
    return this.#counts.get(id) !== 0;
  }

  /** What the find hooks leave of the result. The system bundle is never filtered. */
  found(
    consumer: ServiceLedger,
    token: ServiceToken<unknown> | undefined,
    filter: string | undefined,
    records: ServiceRecord[],
  ): ServiceRecord[] {
    if (consumer === this.#system || !this.any(FindHook)) return records;
    const left = new Map(records.map((record) => [record.reference as ServiceReference, record]));
    const references = removeOnly(left);
    this.#each(FindHook, (hook) => hook.find(consumer.bundle, token?.id, filter, references));
    return [...left.values()];
  }

  /** What the event hooks leave of the listeners. */
  listeners(event: ServiceEvent, entries: ListenerEntry[]): ListenerEntry[] {
    if (entries.length === 0 || !this.any(EventListenerHook)) return entries;
    const left = new Map(entries.map((entry) => [infoOf(entry), entry]));
    const own = entries.filter((entry) => entry.ledger === this.#system);
    const infos = removeOnly(left);
    this.#each(EventListenerHook, (hook) => hook.event(event, infos));
    const kept = new Set(left.values());
    for (const entry of own) kept.add(entry);
    return entries.filter((entry) => kept.has(entry));
  }

  listenersAdded(entries: readonly ListenerEntry[]): void {
    if (this.any(ListenerHook)) this.#each(ListenerHook, (hook) => hook.added(entries.map(infoOf)));
  }

  listenersRemoved(entries: readonly ListenerEntry[]): void {
    if (this.any(ListenerHook)) this.#each(ListenerHook, (hook) => hook.removed(entries.map(infoOf)));
  }

  /** A new listener hook is told of those that listen already. */
  registered(record: ServiceRecord, existing: Iterable<ListenerEntry>): void {
    this.#count(record, 1);
    if (!record.tokens.some((token) => token.id === ListenerHook.id)) return;
    const infos = Array.from(existing, infoOf);
    if (infos.length > 0) this.#call<ListenerHook>(record, (hook) => hook.added(infos));
  }

  unregistered(record: ServiceRecord): void {
    this.#count(record, -1);
  }

  #count({ tokens }: ServiceRecord, change: 1 | -1): void {
    for (const { id } of tokens) {
      const count = this.#counts.get(id);
      if (count !== undefined) this.#counts.set(id, count + change);
    }
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
