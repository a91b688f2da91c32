import type { BundleContext, ServiceEvent, ServiceReference } from '@oxtender/bundle-api';
import { createFilter } from '@oxtender/bundle-api';
import type { ReferenceDeclaration } from './declaration';

export interface ReferenceObserver {
  arrived(tracker: ReferenceTracker, reference: ServiceReference): void;
  /** The promise takes part in draining (rule S23). */
  left(tracker: ReferenceTracker, reference: ServiceReference): void | Promise<void>;
  changed(tracker: ReferenceTracker, reference: ServiceReference): void;
}

/** The services that match one reference of one component configuration. */
export class ReferenceTracker {
  readonly #matches = new Set<ServiceReference>();
  readonly #listener = (event: ServiceEvent): void | Promise<void> => this.#onEvent(event);
  #filter: string | undefined;
  #minimum: number;
  /** Why nothing can match: the target does not parse. */
  fault: string | undefined;
  target: string | undefined;
  /** The component gets handles that end with the binding (rule S24). */
  guarded: boolean;

  constructor(
    readonly declaration: ReferenceDeclaration,
    private readonly context: BundleContext,
    private readonly observer: ReferenceObserver,
    /** `component.id` of the component itself, which is no candidate (rule C21). */
    private readonly ownId: number,
  ) {
    this.#minimum = declaration.minimum;
    this.guarded = declaration.guarded;
  }

  /** Begins to track with what the component's properties say of the reference (rules C15, S24). */
  open(properties: Readonly<Record<string, unknown>>): void {
    const { name, token } = this.declaration;
    this.#minimum = minimumOf(this.declaration, properties[`${name}.cardinality.minimum`]);
    this.target = targetOf(this.declaration, properties);
    this.guarded = guardedOf(this.declaration, properties);
    try {
      if (this.target !== undefined) createFilter(this.target);
      this.#filter = createFilter(`(&(objectClass=${token.id})${this.target ?? ''})`).toString();
      this.fault = undefined;
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
      return;
    }
    this.context.addServiceListener(this.#listener, this.#filter);
    for (const reference of this.context.getServiceReferences(token, this.#filter)) {
      if (this.#acceptable(reference)) this.#matches.add(reference);
    }
  }

  close(): void {
    this.context.removeServiceListener(this.#listener);
    this.#matches.clear();
  }

  /** True when the properties ask for other services than those tracked now, or for others of their handles. */
  differsFrom(properties: Readonly<Record<string, unknown>>): boolean {
    const minimum = minimumOf(this.declaration, properties[`${this.declaration.name}.cardinality.minimum`]);
    if (targetOf(this.declaration, properties) !== this.target || minimum !== this.#minimum) return true;
    return guardedOf(this.declaration, properties) !== this.guarded;
  }

  get satisfied(): boolean {
    return this.fault === undefined && this.#matches.size >= this.#minimum;
  }

  /** How many services it wants at least. */
  get minimum(): number {
    return this.#minimum;
  }

  get size(): number {
    return this.#matches.size;
  }

  has(reference: ServiceReference): boolean {
    return this.#matches.has(reference);
  }

  /** Best first (rule S8). */
  matches(): ServiceReference[] {
    return [...this.#matches].sort((a, b) => b.compareTo(a));
  }

  #onEvent({ type, reference }: ServiceEvent): void | Promise<void> {
    if (type === 'UNREGISTERING' || type === 'MODIFIED_ENDMATCH') {
      if (this.#matches.delete(reference)) return this.observer.left(this, reference);
    } else if (this.#matches.has(reference)) {
      this.observer.changed(this, reference);
    } else if (this.#acceptable(reference) && this.#visible(reference)) {
      this.#matches.add(reference);
      this.observer.arrived(this, reference);
    }
  }

  #acceptable(reference: ServiceReference): boolean {
    if (reference.getProperty('component.id') === this.ownId) return false;
    return this.declaration.scope !== 'prototypeRequired' || reference.getProperty('service.scope') === 'prototype';
  }

  /** The registry hides services of another major version of the contract, and those that hooks take away. */
  #visible(reference: ServiceReference): boolean {
    const id = reference.getProperty('service.id') as number;
    return this.context.getServiceReference(this.declaration.token, `(service.id=${id})`) !== undefined;
  }
}

function targetOf(
  { name, target }: ReferenceDeclaration,
  properties: Readonly<Record<string, unknown>>,
): string | undefined {
  const configured = properties[`${name}.target`];
  return typeof configured === 'string' && configured !== '' ? configured : target;
}

/** As text where no schema gives it a type. */
function guardedOf({ name, guarded }: ReferenceDeclaration, properties: Readonly<Record<string, unknown>>): boolean {
  const configured = properties[`${name}.guarded`];
  return configured === undefined ? guarded : configured === true || configured === 'true';
}

/** May only be raised, and to 1 at most where one service is bound. */
function minimumOf({ minimum, many }: ReferenceDeclaration, configured: unknown): number {
  const asked = typeof configured === 'number' && Number.isInteger(configured) ? configured : Number(configured ?? 0);
  if (!Number.isInteger(asked) || asked <= minimum) return minimum;
  return many ? asked : 1;
}
