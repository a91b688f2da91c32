import type {
  Bundle,
  FactoryRegistration,
  ServiceFactory,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
  ServiceToken,
} from '@oxtender/bundle-api';
import { IllegalStateError } from '@oxtender/bundle-api';
import { Properties } from './properties';
import { byRank } from './ranked-list';
import type { ServiceLedger } from './service-ledger';
import type { ServiceRegistry } from './service-registry';
import type { ServiceUse } from './service-use';

export type ServiceScope = 'singleton' | 'bundle' | 'prototype';

/** What a bundle registers. */
export interface OfferedService {
  readonly tokens: readonly ServiceToken<unknown>[];
  readonly service: unknown;
  readonly properties: ServiceProperties;
}

/** One registration, as the registry knows it. */
export class ServiceRecord {
  readonly reference: HostServiceReference;
  readonly registration: HostServiceRegistration;
  readonly tokens: readonly ServiceToken<unknown>[];
  readonly scope: ServiceScope;
  /** The service of a singleton. */
  readonly service: unknown;
  readonly factory: ServiceFactory<unknown> | undefined;
  /** By consuming bundle (rule S12); many services are never used. */
  uses: Map<ServiceLedger, ServiceUse> | undefined;
  properties: Properties;
  ranking: number;
  /** Among the services with the same property names; the index's. */
  row = 0;
  /** `unregistering`: not found any more, still to be had through its reference (rule S19). */
  state: 'registered' | 'unregistering' | 'gone' = 'registered';

  constructor(
    readonly registry: ServiceRegistry,
    readonly id: number,
    readonly owner: ServiceLedger,
    { tokens, service, properties }: OfferedService,
  ) {
    this.tokens = tokens;
    const factory = factoryOf(service);
    this.scope = factory?.scope ?? 'singleton';
    this.factory = factory?.factory;
    this.service = factory ? undefined : service;
    this.properties = this.makeProperties(properties);
    this.ranking = this.properties.ranking;
    this.reference = new HostServiceReference(this);
    this.registration = new HostServiceRegistration(this);
  }

  /** Other properties for the record, which it does not have yet. @throws TypeError when two keys differ only by case */
  makeProperties(given: ServiceProperties): Properties {
    const objectClass = this.tokens.map((token) => token.id);
    return new Properties(given, { objectClass, id: this.id, bundleId: this.owner.bundle.id, scope: this.scope });
  }
}

/** A record's face to those who look for services. */
export class HostServiceReference implements ServiceReference {
  readonly #record: ServiceRecord;

  constructor(record: ServiceRecord) {
    this.#record = record;
    Object.freeze(this);
  }

  /** @throws TypeError for a reference of something else than this host's registries */
  static recordOf(reference: ServiceReference): ServiceRecord {
    if (!(reference instanceof HostServiceReference)) throw new TypeError('not a service reference of this framework');
    return reference.#record;
  }

  get bundle(): Bundle | undefined {
    return this.#record.state === 'gone' ? undefined : this.#record.owner.bundle;
  }

  getProperty(key: string): unknown {
    return this.#record.properties.read(key);
  }

  getPropertyKeys(): string[] {
    return [...this.#record.properties.keys];
  }

  getProperties(): Record<string, unknown> {
    return this.#record.properties.toRecord();
  }

  getUsingBundles(): Bundle[] {
    return Array.from(this.#record.uses?.keys() ?? [], (ledger) => ledger.bundle);
  }

  compareTo(other: ServiceReference): number {
    const record = HostServiceReference.recordOf(other);
    if (record.registry !== this.#record.registry) throw new TypeError('references of two frameworks do not compare');
    return byRank(record, this.#record);
  }

  toString(): string {
    const { tokens, id, owner } = this.#record;
    return `${tokens.map((token) => token.id).join(',')}#${id} (${owner.bundle.symbolicName})`;
  }
}

/** A record's face to the bundle that registered it. */
export class HostServiceRegistration implements ServiceRegistration {
  readonly #record: ServiceRecord;

  constructor(record: ServiceRecord) {
    this.#record = record;
    Object.freeze(this);
  }

  get reference(): ServiceReference {
    return this.#record.reference;
  }

  setProperties(properties: ServiceProperties): void {
    this.#assertRegistered();
    this.#record.registry.modify(this.#record, properties);
  }

  unregister(): void;
  unregister(options: { drain: number }): Promise<void>;
  unregister(options?: { drain: number }): void | Promise<void> {
    this.#assertRegistered();
    if (options) return this.#record.registry.drain([this.#record], options.drain);
    this.#record.registry.unregister(this.#record);
  }

  /** As `unregister`, but nothing when that was done already. */
  [Symbol.dispose](): void {
    if (this.#record.state === 'registered') this.unregister();
  }

  #assertRegistered(): void {
    if (this.#record.state !== 'registered') {
      throw new IllegalStateError(`service ${this.#record.reference.toString()} is unregistered`);
    }
  }
}

function factoryOf(service: unknown): FactoryRegistration<unknown> | undefined {
  if (typeof service !== 'object' || service === null) return undefined;
  const { scope, factory } = service as Partial<FactoryRegistration<unknown>>;
  if (scope !== 'bundle' && scope !== 'prototype') return undefined;
  const conforms = typeof factory?.getService === 'function' && typeof factory.ungetService === 'function';
  return conforms ? { scope, factory } : undefined;
}
