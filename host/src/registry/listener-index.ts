import type { BundleContext, Filter, FilterNode, ServiceListener, ServiceToken } from '@oxtender/bundle-api';
import type { ServiceLedger } from './service-ledger';
import type { ServiceRecord } from './service-record';

/** One service listener of one bundle. */
export interface ListenerEntry {
  readonly ledger: ServiceLedger;
  readonly context: BundleContext;
  readonly listener: ServiceListener;
  readonly filter: Filter | undefined;
  readonly token: ServiceToken<unknown> | undefined;
  /** Whether the bundle may know of a service at all (rule X4). */
  readonly permits: ((record: ServiceRecord) => boolean) | undefined;
  /** Only services under one of these can match; undefined: any. */
  readonly tokenIds: readonly string[] | undefined;
  /** False once removed, also in the middle of an event (rule S21). */
  active: boolean;
}

/**
 * Listeners by the tokens that their filters ask for, so that an event costs only those interested (rule S11). A list
 * that was handed out stays as it is: a change makes another one.
 */
export class ListenerIndex {
  readonly #byToken = new Map<string, readonly ListenerEntry[]>();
  #unindexed: readonly ListenerEntry[] = [];

  /** The same listener added again by its bundle replaces its filter (rule M6). */
  add(entry: Omit<ListenerEntry, 'active' | 'tokenIds'>): {
    added: ListenerEntry;
    replaced: ListenerEntry | undefined;
  } {
    const replaced = this.remove(entry.ledger, entry.listener);
    if (replaced) replaced.active = true; // an event that is being delivered still goes to it
    const tokenIds = entry.token ? [entry.token.id] : entry.filter && tokenIdsOf(entry.filter.node);
    const added: ListenerEntry = { ...entry, tokenIds, active: true };
    entry.ledger.listeners.add(added);
    if (!tokenIds) this.#unindexed = [...this.#unindexed, added];
    for (const id of tokenIds ?? []) this.#byToken.set(id, [...(this.#byToken.get(id) ?? []), added]);
    return { added, replaced };
  }

  remove(ledger: ServiceLedger, listener: ServiceListener): ListenerEntry | undefined {
    for (const entry of ledger.listeners) {
      if (entry.listener === listener) {
        this.delete(entry);
        return entry;
      }
    }
    return undefined;
  }

  delete(entry: ListenerEntry): void {
    entry.active = false;
    entry.ledger.listeners.delete(entry);
    const others = (list: readonly ListenerEntry[] = []): ListenerEntry[] => list.filter((each) => each !== entry);
    if (!entry.tokenIds) this.#unindexed = others(this.#unindexed);
    for (const id of entry.tokenIds ?? []) {
      const left = others(this.#byToken.get(id));
      if (left.length > 0) this.#byToken.set(id, left);
      else this.#byToken.delete(id);
    }
  }

  /** Those who may be interested in the record, each once; their filters are still to be asked. */
  candidates({ tokens }: ServiceRecord): readonly ListenerEntry[] {
    let found = this.#unindexed;
    for (const { id } of tokens) found = joined(found, this.#byToken.get(id));
    return tokens.length > 1 ? [...new Set(found)] : found;
  }

  *[Symbol.iterator](): Iterator<ListenerEntry> {
    yield* new Set([...this.#unindexed, ...[...this.#byToken.values()].flat()]);
  }
}

/** Usually one of them is empty. */
function joined(a: readonly ListenerEntry[], b: readonly ListenerEntry[] | undefined): readonly ListenerEntry[] {
  if (!b) return a;
  return a.length === 0 ? b : [...a, ...b];
}

/** The tokens of which a match must have one; undefined when the filter does not say. */
function tokenIdsOf(node: FilterNode): readonly string[] | undefined {
  switch (node.kind) {
    case 'equal':
      return node.attribute.toLowerCase() === 'objectclass' ? [node.value] : undefined;
    case 'and':
      return node.operands.map(tokenIdsOf).find((ids) => ids !== undefined);
    case 'or': {
      const ids = node.operands.map(tokenIdsOf);
      return ids.every((each) => each !== undefined) ? [...new Set(ids.flat())] : undefined;
    }
    default:
      return undefined;
  }
}
