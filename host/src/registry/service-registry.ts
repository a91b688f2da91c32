import { createFilter } from '@oxtender/bundle-api';
import type {
  Bundle,
  BundleContext,
  Clock,
  Filter,
  ServiceEvent,
  ServiceEventType,
  ServiceListener,
  ServiceProperties,
  ServiceReference,
  ServiceToken,
} from '@oxtender/bundle-api';
import { Hooks } from './hooks';
import { type ListenerEntry, ListenerIndex } from './listener-index';
import type { Properties } from './properties';
import { byRank } from './ranked-list';
import { provides, sameMajor, ServiceIndex } from './service-index';
import type { ServiceLedger } from './service-ledger';
import { type OfferedService, ServiceRecord } from './service-record';
import { ServiceUse } from './service-use';

/** Tells the framework of a failure in a bundle's code. */
export type Report = (type: 'ERROR' | 'WARNING', bundle: Bundle, error: unknown) => void;

/** A look-up: of a token, by a filter, or both. */
export interface ServiceSearch {
  readonly token?: ServiceToken<unknown> | undefined;
  readonly filter?: string | undefined;
  /** Other major versions of the contract too (rule S10). */
  readonly anyMajor?: boolean;
  /** For listeners: which services the bundle may know of; undefined: all. */
  readonly permits?: ((record: ServiceRecord) => boolean) | undefined;
}

/** The service registry of one framework. OSGi Core, "Service Layer"; reference section 6. All of it synchronous (S7). */
export class ServiceRegistry {
  readonly report: Report;
  readonly #clock: Clock;
  readonly #index = new ServiceIndex();
  readonly #listeners = new ListenerIndex();
  readonly #hooks: Hooks;
  #nextId = 1;

  constructor(options: { system: ServiceLedger; clock: Clock; report: Report }) {
    this.report = options.report;
    this.#clock = options.clock;
    this.#hooks = new Hooks(this, options.system);
  }

  // --- registering -------------------------------------------------------------------------------------------

  /** @throws TypeError for no token, no service, or one that a token's guard refuses (rule S1) */
  register(owner: ServiceLedger, offered: OfferedService): ServiceRecord {
    if (offered.tokens.length === 0) throw new TypeError('a service needs a token');
    if (offered.service === undefined || offered.service === null)
      throw new TypeError('a service cannot be undefined or null');
    const record = new ServiceRecord(this, this.#nextId, owner, withoutDuplicates(offered));
    if (!record.factory) assertGuards(record);
    this.#nextId++;
    owner.registered.add(record);
    this.#index.add(record);
    this.#hooks.registered(record, this.#listeners);
    void this.#fire('REGISTERED', record);
    return record;
  }

  /** Replaces the properties and tells those whose filters match now, or did before (rules S5, S19, S20). */
  modify(record: ServiceRecord, given: ServiceProperties): void {
    const old = record.properties;
    this.#index.replaceProperties(record, record.makeProperties(given));
    void this.#fire('MODIFIED', record, old);
  }

  /** Takes the service away at once; promises of listeners are not awaited. */
  unregister(record: ServiceRecord): void {
    void this.#withdraw(record);
    this.#release(record);
  }

  /** Withdraws all of them, waits for those who hold them, then takes them away (rule S23). */
  async drain(records: readonly ServiceRecord[], milliseconds: number): Promise<void> {
    const waiting = records.flatMap((record) => this.#withdraw(record));
    try {
      if (waiting.length > 0) await settledWithin(waiting, milliseconds, this.#clock);
    } finally {
      for (const record of records) this.#release(record);
    }
  }

  // --- finding -----------------------------------------------------------------------------------------------

  /** The best service of a token by S8: what is asked most, and as quick as can be. */
  bestReference(consumer: ServiceLedger, token: ServiceToken<unknown>): ServiceReference | undefined {
    if (this.#hooks.narrowFindings) return this.find(consumer, { token })[0]?.reference;
    return this.#index.bestReference(token);
  }

  /** The best match by S8. @throws InvalidSyntaxError */
  findFirst(consumer: ServiceLedger, search: ServiceSearch): ServiceRecord | undefined {
    const { token, filter: text } = search;
    const filter = text === undefined ? undefined : createFilter(text);
    if (this.#hooks.narrowFindings) return this.find(consumer, search)[0];
    for (const record of this.#index.candidates(token, filter)) {
      if (!filter || filter.matchSource(record.properties)) return record;
    }
    return undefined;
  }

  /** All matches in the order of S8. @throws InvalidSyntaxError */
  find(consumer: ServiceLedger, { token, filter: text, anyMajor }: ServiceSearch): ServiceRecord[] {
    const filter = text === undefined ? undefined : createFilter(text);
    const scanned = filter && !token ? this.#index.scan(filter)?.sort(byRank) : undefined;
    return this.#hooks.found(consumer, token, text, scanned ?? this.#matches(token, filter, anyMajor));
  }

  /** Past the hooks: for the framework itself. */
  recordsOf(token: ServiceToken<unknown>): ServiceRecord[] {
    return [...this.#index.candidates(token)];
  }

  // --- using -------------------------------------------------------------------------------------------------

  get(consumer: ServiceLedger, record: ServiceRecord): unknown {
    return record.state === 'gone' ? undefined : ServiceUse.of(record, consumer).get();
  }

  async getAsync(consumer: ServiceLedger, record: ServiceRecord): Promise<unknown> {
    return record.state === 'gone' ? undefined : ServiceUse.of(record, consumer).getAsync();
  }

  unget(consumer: ServiceLedger, record: ServiceRecord): boolean {
    return record.uses?.get(consumer)?.unget() ?? false;
  }

  getObject(consumer: ServiceLedger, record: ServiceRecord): unknown {
    return record.state === 'gone' ? undefined : ServiceUse.of(record, consumer).getObject();
  }

  async getObjectAsync(consumer: ServiceLedger, record: ServiceRecord, wanted: () => boolean): Promise<unknown> {
    return record.state === 'gone' ? undefined : ServiceUse.of(record, consumer).getObjectAsync(wanted);
  }

  /** @throws TypeError for an object that the consumer does not hold (rule S14) */
  ungetObject(consumer: ServiceLedger, record: ServiceRecord, object: unknown): void {
    const use = record.uses?.get(consumer);
    if (!use) throw new TypeError('the service object was not got here, or is released already');
    use.ungetObject(object);
  }

  // --- listening ---------------------------------------------------------------------------------------------

  /** @throws InvalidSyntaxError */
  addListener(ledger: ServiceLedger, context: BundleContext, listener: ServiceListener, search: ServiceSearch): void {
    const filter = search.filter === undefined ? undefined : createFilter(search.filter);
    const entry = { ledger, context, listener, filter, token: search.token, permits: search.permits };
    const { added, replaced } = this.#listeners.add(entry);
    if (replaced) this.#hooks.listenersRemoved([replaced]);
    this.#hooks.listenersAdded([added]);
  }

  removeListener(ledger: ServiceLedger, listener: ServiceListener): void {
    const removed = this.#listeners.remove(ledger, listener);
    if (removed) this.#hooks.listenersRemoved([removed]);
  }

  // --- a bundle stops (rule L20) -----------------------------------------------------------------------------

  /** Newest first; holders may finish within the time. */
  async unregisterAll(ledger: ServiceLedger, drain: number): Promise<void> {
    await this.drain([...ledger.registered].reverse(), drain);
  }

  releaseAll(ledger: ServiceLedger): void {
    for (const record of [...ledger.used]) record.uses?.get(ledger)?.release();
  }

  removeListeners(ledger: ServiceLedger): void {
    const removed = [...ledger.listeners];
    for (const entry of removed) this.#listeners.delete(entry);
    if (removed.length > 0) this.#hooks.listenersRemoved(removed);
  }

  // -----------------------------------------------------------------------------------------------------------

  #matches(token: ServiceToken<unknown> | undefined, filter: Filter | undefined, anyMajor?: boolean): ServiceRecord[] {
    const found: ServiceRecord[] = [];
    for (const record of this.#index.candidates(token, filter, anyMajor)) {
      if (!filter || filter.matchSource(record.properties)) found.push(record);
    }
    return found;
  }

  /** New look-ups no longer find it, holders still use it during the event (rule S19). */
  #withdraw(record: ServiceRecord): readonly Promise<void>[] {
    if (record.state !== 'registered') return none;
    record.state = 'unregistering';
    this.#index.delete(record);
    this.#hooks.unregistered(record);
    return this.#fire('UNREGISTERING', record);
  }

  #release(record: ServiceRecord): void {
    if (record.state === 'gone') return;
    if (record.uses) for (const use of [...record.uses.values()]) use.release();
    record.state = 'gone';
    record.owner.registered.delete(record);
  }

  /** In the stack of the changer; a listener that throws harms nobody (rules S21, M7). Returns promises to drain. */
  #fire(type: ServiceEventType, record: ServiceRecord, old?: Properties): readonly Promise<void>[] {
    const candidates = this.#listeners.candidates(record);
    if (candidates.length === 0) return none;
    const { properties } = record; // a listener may set others
    const event: ServiceEvent = Object.freeze({ type, reference: record.reference });
    const promises = this.#deliver(event, candidates, { record, properties });
    if (!old) return promises;
    const end: ServiceEvent = Object.freeze({ type: 'MODIFIED_ENDMATCH', reference: record.reference });
    return [...promises, ...this.#deliver(end, candidates, { record, properties, old })];
  }

  #deliver(event: ServiceEvent, candidates: readonly ListenerEntry[], change: Change): readonly Promise<void>[] {
    let promises: Promise<void>[] | undefined;
    for (const entry of this.#hooks.narrowEvents ? this.#narrowed(event, candidates, change) : candidates) {
      if (!entry.active || !concerns(change, entry)) continue;
      const pending = this.#call(entry, event);
      if (pending) (promises ??= []).push(pending);
    }
    return promises ?? none;
  }

  #narrowed(event: ServiceEvent, candidates: readonly ListenerEntry[], change: Change): readonly ListenerEntry[] {
    const entries = candidates.filter((entry) => concerns(change, entry));
    return entries.length > 0 ? this.#hooks.listeners(event, entries) : entries;
  }

  #call({ listener, ledger: { bundle } }: ListenerEntry, event: ServiceEvent): Promise<void> | undefined {
    try {
      const result = listener(event);
      return result instanceof Promise
        ? result.catch((error: unknown) => this.report('ERROR', bundle, error))
        : undefined;
    } catch (error) {
      this.report('ERROR', bundle, error);
      return undefined;
    }
  }
}

const none: readonly never[] = [];

/** What listeners are told of. With `old` properties: to those whose filters matched them and do not match any more. */
interface Change {
  readonly record: ServiceRecord;
  readonly properties: Properties;
  readonly old?: Properties;
}

/** Whether the listener asked for services like this one, its bundle may know of them, and its filter matches. */
function concerns({ record, properties, old }: Change, { token, permits, filter }: ListenerEntry): boolean {
  if (token && !provides(record, token)) return false;
  if (permits && !permits(record)) return false;
  if (!filter) return !old;
  const matches = filter.matchSource(properties);
  return old ? !matches && filter.matchSource(old) : matches;
}

function withoutDuplicates(offered: OfferedService): OfferedService {
  const { tokens } = offered;
  if (tokens.length === 1) return offered;
  const isFirst = (token: ServiceToken<unknown>, index: number): boolean =>
    tokens.findIndex((other) => other.id === token.id && sameMajor(other, token)) === index;
  return { ...offered, tokens: tokens.filter(isFirst) };
}

function assertGuards(record: ServiceRecord): void {
  for (const { id, guard } of record.tokens) {
    if (guard && !guard(record.service)) throw new TypeError(`the service is no ${id}: its guard refuses it`);
  }
}

async function settledWithin(promises: readonly Promise<void>[], milliseconds: number, clock: Clock): Promise<void> {
  let timer: Disposable | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(promises), timeout]);
  timer?.[Symbol.dispose]();
}
