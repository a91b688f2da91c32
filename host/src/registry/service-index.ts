import type { Filter, FilterNode, ServiceReference, ServiceToken } from '@oxtender/bundle-api';
import type { Properties } from './properties';
import type { PropertyLayout } from './property-layout';
import { byRank, RankedList } from './ranked-list';
import type { ServiceRecord } from './service-record';
import { ServiceTable } from './service-table';

/** What narrows a search down before the filter is asked. */
interface Criterion {
  readonly attribute: 'objectclass' | 'service.id' | 'service.pid';
  readonly value: string;
}

/**
 * The services of one token id, by the contract's major version (rule S10). Usually there is one. Kept when the last
 * service goes: contracts are few, and theirs come back.
 */
class TokenRecords extends RankedList<ServiceRecord> {
  /** Of the first: among very many services each step to another object costs. */
  reference: ServiceReference | undefined;
  readonly #version: string;
  readonly #major: number;

  constructor(
    token: ServiceToken<unknown>,
    /** Those of another major version. */
    readonly next: TokenRecords | undefined,
  ) {
    super();
    this.#version = token.version;
    this.#major = majorOf(token);
  }

  override add(record: ServiceRecord): void {
    super.add(record);
    this.reference = this.first?.reference;
  }

  override delete(record: ServiceRecord): void {
    super.delete(record);
    this.reference = this.first?.reference;
  }

  /** Of the token's major version. */
  serve(token: ServiceToken<unknown>): boolean {
    return token.version === this.#version || majorOf(token) === this.#major;
  }
}

/** Finds records by token, id or PID without looking at the others (rule S11). */
export class ServiceIndex {
  readonly #byId = new Map<number, ServiceRecord>();
  readonly #byTokenId = new Map<string, TokenRecords>();
  /** The same by the token itself: a look-up that neither reads its id nor compares versions. */
  readonly #byToken = new WeakMap<ServiceToken<unknown>, TokenRecords>();
  readonly #byPid = new Map<string, RankedList<ServiceRecord>>();
  /** What a search without a better criterion goes through. Kept empty for services that come back, as tokens are. */
  readonly #byLayout = new Map<PropertyLayout, ServiceTable>();

  add(record: ServiceRecord): void {
    this.#byId.set(record.id, record);
    this.#enter(record);
  }

  delete(record: ServiceRecord): void {
    this.#byId.delete(record.id);
    this.#forget(record);
  }

  /** The record has its old place until it is found there by its old ranking: nobody else sets its properties. */
  replaceProperties(record: ServiceRecord, properties: Properties): void {
    this.#forget(record);
    record.properties = properties;
    record.ranking = properties.ranking;
    this.#enter(record);
  }

  /** Of the best service of a token; constant time. */
  bestReference(token: ServiceToken<unknown>): ServiceReference | undefined {
    return this.#ofToken(token)?.reference;
  }

  /** Candidates in the order of S8; the filter is still to be asked. */
  candidates(token: ServiceToken<unknown> | undefined, filter?: Filter, anyMajor = false): Iterable<ServiceRecord> {
    const criterion = filter && criterionOf(filter.node);
    if (token && (!criterion || criterion.attribute === 'objectclass')) {
      return (anyMajor ? this.#ofId(token.id) : this.#ofToken(token)) ?? [];
    }
    const narrow = criterion && this.#narrow(criterion);
    if (!token) return narrow ?? [...this.#byId.values()].sort(byRank);
    return [...(narrow ?? [])].filter((record) => provides(record, token, anyMajor));
  }

  /**
   * All that match, in no order, where nothing narrows the search: sorting comes cheaper afterwards. Services that lack
   * a property which the filter needs are not looked at.
   */
  scan(filter: Filter): ServiceRecord[] | undefined {
    if (criterionOf(filter.node)) return undefined;
    const found: ServiceRecord[] = [];
    for (const table of this.#byLayout.values()) table.collect(filter, found);
    return found;
  }

  #ofToken(token: ServiceToken<unknown>): TokenRecords | undefined {
    const known = this.#byToken.get(token);
    if (known) return known;
    let records = this.#byTokenId.get(token.id);
    while (records && !records.serve(token)) records = records.next;
    if (records) this.#byToken.set(token, records);
    return records;
  }

  /** Of all major versions. */
  #ofId(tokenId: string): Iterable<ServiceRecord> {
    const first = this.#byTokenId.get(tokenId);
    if (!first?.next) return first ?? [];
    const all = new Set<ServiceRecord>();
    for (let each: TokenRecords | undefined = first; each; each = each.next) {
      for (const record of each) all.add(record);
    }
    return [...all].sort(byRank);
  }

  #narrow({ attribute, value }: Criterion): Iterable<ServiceRecord> {
    if (attribute === 'service.pid') return this.#byPid.get(value) ?? [];
    if (attribute === 'objectclass') return this.#ofId(value);
    const record = this.#byId.get(Number(value.trim()));
    return record ? [record] : [];
  }

  #enter(record: ServiceRecord): void {
    for (const token of record.tokens) this.#recordsOf(token).add(record);
    for (const pid of record.properties.pids) {
      let list = this.#byPid.get(pid);
      if (!list) this.#byPid.set(pid, (list = new RankedList()));
      list.add(record);
    }
    this.#tableOf(record).add(record);
  }

  #tableOf({ properties: { layout } }: ServiceRecord): ServiceTable {
    let table = this.#byLayout.get(layout);
    if (!table) this.#byLayout.set(layout, (table = new ServiceTable(layout)));
    return table;
  }

  #recordsOf(token: ServiceToken<unknown>): TokenRecords {
    const known = this.#ofToken(token);
    if (known) return known;
    const records = new TokenRecords(token, this.#byTokenId.get(token.id));
    this.#byTokenId.set(token.id, records);
    this.#byToken.set(token, records);
    return records;
  }

  #forget(record: ServiceRecord): void {
    for (const token of record.tokens) this.#ofToken(token)?.delete(record);
    for (const pid of record.properties.pids) {
      const list = this.#byPid.get(pid);
      list?.delete(record);
      if (list?.size === 0) this.#byPid.delete(pid);
    }
    const table = this.#tableOf(record);
    table.delete(record);
    if (table.records.length === 0 && !record.properties.layout.shared) this.#byLayout.delete(record.properties.layout);
  }
}

function majorOf(token: ServiceToken<unknown>): number {
  return Number.parseInt(token.version, 10);
}

/** Of the same major version of a contract, if it is the same (rule S10). */
export function sameMajor(a: ServiceToken<unknown>, b: ServiceToken<unknown>): boolean {
  return a.version === b.version || majorOf(a) === majorOf(b);
}

/** Whether the service is one of the contract's. */
export function provides({ tokens }: ServiceRecord, token: ServiceToken<unknown>, anyMajor = false): boolean {
  for (const each of tokens) if (each.id === token.id && (anyMajor || sameMajor(each, token))) return true;
  return false;
}

const criteria = new WeakMap<FilterNode, { readonly narrowest: Criterion | undefined }>();

/** The equality that every match must fulfil, the narrowest first. */
function criterionOf(node: FilterNode): Criterion | undefined {
  let known = criteria.get(node);
  if (!known) criteria.set(node, (known = { narrowest: narrowestOf(equalities(node)) }));
  return known.narrowest;
}

function narrowestOf(found: readonly Criterion[]): Criterion | undefined {
  const order = ['service.id', 'service.pid', 'objectclass'] as const;
  return order
    .map((attribute) => found.find((each) => each.attribute === attribute))
    .find((each) => each !== undefined);
}

function equalities(node: FilterNode): Criterion[] {
  if (node.kind === 'and') return node.operands.flatMap(equalities);
  if (node.kind !== 'equal') return [];
  const attribute = node.attribute.toLowerCase();
  const indexed = attribute === 'objectclass' || attribute === 'service.id' || attribute === 'service.pid';
  return indexed ? [{ attribute, value: node.value }] : [];
}
