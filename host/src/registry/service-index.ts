import type { Filter, FilterNode, ServiceToken } from '@oxtender/bundle-api';
import { byRank, RankedSet } from './ranked-set';
import type { Properties } from './properties';
import type { ServiceRecord } from './service-record';

/** What narrows a search down before the filter is asked. */
interface Criterion {
  readonly attribute: 'objectclass' | 'service.id' | 'service.pid';
  readonly value: string;
}

/** Finds records by token, id or PID without looking at the others (rule S11). */
export class ServiceIndex {
  readonly #byId = new Map<number, ServiceRecord>();
  /** By token id, then by the contract's major version (rule S10). */
  readonly #byToken = new Map<string, Map<number, RankedSet<ServiceRecord>>>();
  readonly #byPid = new Map<string, RankedSet<ServiceRecord>>();

  add(record: ServiceRecord): void {
    this.#byId.set(record.id, record);
    for (const token of record.tokens) this.#addToken(record, token);
    for (const pid of record.properties.pids) entry(this.#byPid, pid).add(record);
  }

  delete(record: ServiceRecord): void {
    this.#byId.delete(record.id);
    this.#forget(record, record.properties);
  }

  /** After the record's properties were replaced. @param old - what was replaced */
  reorder(record: ServiceRecord, old: Properties): void {
    this.#forget(record, old);
    for (const token of record.tokens) this.#addToken(record, token);
    for (const pid of record.properties.pids) entry(this.#byPid, pid).add(record);
  }

  /** The best service of a token; constant time. */
  best(token: ServiceToken<unknown>): ServiceRecord | undefined {
    return this.#byToken.get(token.id)?.get(majorOf(token))?.first;
  }

  /** Candidates in the order of S8; the filter is still to be asked. */
  candidates(token: ServiceToken<unknown> | undefined, filter?: Filter, anyMajor = false): Iterable<ServiceRecord> {
    const criterion = filter && criterionOf(filter.node);
    const narrow = criterion && this.#narrow(criterion);
    if (!token) return narrow ?? this.#all();
    if (!narrow || criterion.attribute === 'objectclass') return this.#ofToken(token, anyMajor);
    return [...narrow].filter((record) => provides(record, token, anyMajor));
  }

  #ofToken(token: ServiceToken<unknown>, anyMajor: boolean): Iterable<ServiceRecord> {
    const majors = this.#byToken.get(token.id);
    if (!majors) return [];
    return anyMajor ? merged(majors) : (majors.get(majorOf(token)) ?? []);
  }

  #narrow({ attribute, value }: Criterion): Iterable<ServiceRecord> {
    if (attribute === 'service.pid') return this.#byPid.get(value) ?? [];
    if (attribute === 'objectclass') return merged(this.#byToken.get(value) ?? new Map());
    const record = this.#byId.get(Number(value.trim()));
    return record ? [record] : [];
  }

  #all(): ServiceRecord[] {
    return [...this.#byId.values()].sort(byRank);
  }

  #addToken(record: ServiceRecord, token: ServiceToken<unknown>): void {
    let majors = this.#byToken.get(token.id);
    if (!majors) this.#byToken.set(token.id, (majors = new Map<number, RankedSet<ServiceRecord>>()));
    entry(majors, majorOf(token)).add(record);
  }

  #forget(record: ServiceRecord, properties: Properties): void {
    const { ranking } = properties;
    for (const token of record.tokens) {
      const majors = this.#byToken.get(token.id);
      if (majors && deleteFrom(majors, majorOf(token), record, ranking) && majors.size === 0) {
        this.#byToken.delete(token.id);
      }
    }
    for (const pid of properties.pids) deleteFrom(this.#byPid, pid, record, ranking);
  }
}

/** Major version of a contract. */
export function majorOf(token: ServiceToken<unknown>): number {
  return Number.parseInt(token.version, 10);
}

function provides(record: ServiceRecord, token: ServiceToken<unknown>, anyMajor: boolean): boolean {
  return record.tokens.some(
    (provided) => provided.id === token.id && (anyMajor || majorOf(provided) === majorOf(token)),
  );
}

function entry<K>(map: Map<K, RankedSet<ServiceRecord>>, key: K): RankedSet<ServiceRecord> {
  let set = map.get(key);
  if (!set) map.set(key, (set = new RankedSet()));
  return set;
}

/** True when the key has gone with its last record. */
function deleteFrom<K>(map: Map<K, RankedSet<ServiceRecord>>, key: K, record: ServiceRecord, ranking: number): boolean {
  const set = map.get(key);
  set?.delete(record, ranking);
  return set?.size === 0 && map.delete(key);
}

function merged(majors: ReadonlyMap<number, RankedSet<ServiceRecord>>): Iterable<ServiceRecord> {
  if (majors.size <= 1) return majors.values().next().value ?? [];
  return [...new Set([...majors.values()].flatMap((set) => [...set]))].sort(byRank);
}

/** The equality that every match must fulfil, the narrowest first. */
function criterionOf(node: FilterNode): Criterion | undefined {
  const found = equalities(node);
  return (
    found.find(({ attribute }) => attribute === 'service.id') ??
    found.find(({ attribute }) => attribute === 'service.pid') ??
    found.find(({ attribute }) => attribute === 'objectclass')
  );
}

function equalities(node: FilterNode): Criterion[] {
  if (node.kind === 'and') return node.operands.flatMap(equalities);
  if (node.kind !== 'equal') return [];
  const attribute = node.attribute.toLowerCase();
  const indexed = attribute === 'objectclass' || attribute === 'service.id' || attribute === 'service.pid';
  return indexed ? [{ attribute, value: node.value }] : [];
}
