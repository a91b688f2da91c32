import type { BundleContext, Clock, Logger, ServiceObjects, ServiceReference } from '@oxtender/bundle-api';
import type { Activations } from './activations';
import type { ReferencePlace } from './declaration';
import { type GuardedService, guardService } from './guarded-service';
import { type Steps, wait } from './maybe-async';
import { onArrival, onDeparture, type Reaction } from './policy';
import type { ReferenceTracker } from './reference-tracker';

interface Obtained {
  readonly reference: ServiceReference;
  /** As the registry has it. */
  readonly original: unknown;
  readonly objects: ServiceObjects<unknown> | undefined;
}

interface Bound extends Obtained {
  /** What the component gets: the original, or a handle on it (rule S24). */
  readonly service: unknown;
  readonly guard: GuardedService | undefined;
}

type Target = Record<string | symbol, unknown>;

export interface BindingTools {
  readonly context: BundleContext;
  readonly log: Logger;
  readonly clock: Clock;
  readonly activations: Activations;
  /** Asks to bind a service once its component, which is being activated now, is there. */
  later(reference: ServiceReference): void;
}

/** The services that one instance has by one reference (rules C15 to C20). */
export class Binding {
  #bound: Bound[] = [];
  #target: Target | undefined;
  readonly #collection: unknown[] = [];

  constructor(
    readonly tracker: ReferenceTracker,
    private readonly tools: BindingTools,
  ) {}

  /** `service.id` of the services bound. */
  get boundIds(): number[] {
    return this.#bound.map(({ reference }) => reference.getProperty('service.id') as number);
  }

  isBound(reference: ServiceReference): boolean {
    return this.#bound.some((each) => each.reference === reference);
  }

  /** Gets what matches now. @throws when a mandatory reference gets nothing */
  *acquire(): Steps<void> {
    const { many, minimum, name } = this.tracker.declaration;
    for (const reference of this.tracker.matches()) {
      const bound = yield* this.#obtain(reference);
      if (bound) this.#bound.push(bound);
      if (bound && !many) break;
    }
    if (this.#bound.length < minimum) throw new Error(`reference ${name}: its service could not be had`);
  }

  /** What a constructor parameter gets, and what a property holds. */
  value(): unknown {
    const { many } = this.tracker.declaration;
    if (!many) return this.#bound[0]?.service;
    const sorted = this.#bound.toSorted((a, b) => b.reference.compareTo(a.reference)).map(({ service }) => service);
    if (this.#place?.mutate !== true) return Object.freeze(sorted);
    this.#collection.splice(0, this.#collection.length, ...sorted);
    return this.#collection;
  }

  /** Sets the property of the new instance. */
  setField(instance: object): void {
    this.#target = instance as Target;
    this.#refresh();
  }

  /** Each service is bound once (rule C17). */
  *bindAll(): Steps<void> {
    for (const bound of this.#bound) yield* this.#call('bind', bound);
  }

  reactionToArrival(reference: ServiceReference): Reaction {
    const best = this.#bound[0];
    const better = best !== undefined && reference.compareTo(best.reference) > 0;
    return onArrival(this.tracker.declaration, { bound: this.#bound.length, better });
  }

  reactionToDeparture(reference: ServiceReference): Reaction {
    return this.isBound(reference) ? onDeparture(this.tracker.declaration) : 'ignore';
  }

  *bind(reference: ServiceReference): Steps<void> {
    if (this.isBound(reference) || !this.tracker.has(reference)) return;
    // Asked for before the activation bound another one.
    if (!this.tracker.declaration.many && this.#bound.length > 0) return;
    const bound = yield* this.#obtain(reference);
    if (!bound) return;
    this.#bound.push(bound);
    this.#refresh();
    yield* this.#call('bind', bound);
  }

  *unbind(reference: ServiceReference): Steps<void> {
    const index = this.#bound.findIndex((each) => each.reference === reference);
    const [bound] = index < 0 ? [] : this.#bound.splice(index, 1);
    if (!bound) return;
    this.#refresh();
    yield* this.#call('unbind', bound);
    this.#giveBack(bound);
  }

  /** The new one is bound and visible before the old one is unbound (rules C15, C18). */
  *replace(old: ServiceReference | undefined): Steps<void> {
    const former = this.#bound.find(({ reference }) => reference === (old ?? this.#bound[0]?.reference));
    for (const reference of this.tracker.matches()) {
      if (reference === former?.reference) continue;
      const bound = yield* this.#obtain(reference);
      if (!bound) continue;
      this.#bound.unshift(bound);
      this.#refresh();
      yield* this.#call('bind', bound);
      break;
    }
    if (former) yield* this.unbind(former.reference);
  }

  *updated(reference: ServiceReference): Steps<void> {
    const bound = this.#bound.find((each) => each.reference === reference);
    if (bound) yield* this.#call('updated', bound);
  }

  *unbindAll(): Steps<void> {
    for (const bound of this.#bound.toReversed()) yield* this.#call('unbind', bound);
  }

  /** Empties the property and gives every service back. */
  release(): void {
    const released = this.#bound;
    this.#bound = [];
    this.#refresh();
    this.#target = undefined;
    for (const bound of released) this.#giveBack(bound);
  }

  get #place(): Extract<ReferencePlace, { kind: 'property' }> | undefined {
    const { place } = this.tracker.declaration;
    return place.kind === 'property' ? place : undefined;
  }

  #refresh(): void {
    if (this.#target && this.#place) this.#target[this.#place.key] = this.value();
  }

  *#obtain(reference: ServiceReference): Steps<Bound | undefined> {
    if (this.#mustWait(reference)) {
      this.tools.later(reference);
      return undefined;
    }
    const { context } = this.tools;
    if (this.tracker.declaration.scope !== 'bundle') {
      const objects = context.getServiceObjects(reference);
      const service = objects.getService() ?? (yield* wait(objects.getServiceAsync()));
      return service === undefined ? undefined : this.#handOut({ reference, original: service, objects });
    }
    let service = context.getService(reference);
    if (service === undefined && reference.getProperty('service.scope') !== 'singleton')
      service = yield* wait(context.getServiceAsync(reference));
    return service === undefined ? undefined : this.#handOut({ reference, original: service, objects: undefined });
  }

  #handOut(obtained: Obtained): Bound {
    const { token } = this.tracker.declaration;
    if (!this.tracker.guarded) return { ...obtained, service: obtained.original, guard: undefined };
    const guard = guardService(obtained.original, { reference: obtained.reference, token, clock: this.tools.clock });
    return { ...obtained, service: guard.handle, guard };
  }

  /**
   * An optional dynamic reference does not wait for a component that is being activated: that one may be waiting for
   * this one (rule C22). Any other reference that would close a cycle fails.
   */
  #mustWait(reference: ServiceReference): boolean {
    const { activations } = this.tools;
    const id = reference.getProperty('component.id');
    if (typeof id !== 'number') return false;
    const { dynamic, minimum } = this.tracker.declaration;
    if (dynamic && minimum === 0) return activations.pending(id) !== undefined || activations.wouldCycle(id);
    activations.assertNoCycle(id);
    return false;
  }

  *#call(role: 'bind' | 'unbind' | 'updated', { service, reference }: Bound): Steps<void> {
    const method = this.#place?.[role];
    if (method === undefined || !this.#target) return;
    try {
      const call = this.#target[method] as (service: unknown, properties: object) => unknown;
      yield* wait(call.call(this.#target, service, reference.getProperties()));
    } catch (error) {
      this.tools.log.error('a method of a reference failed', {
        reference: this.tracker.declaration.name,
        role,
        method,
        error,
      });
    }
  }

  #giveBack({ reference, original, objects, guard }: Bound): void {
    guard?.[Symbol.dispose]();
    if (objects) objects.ungetService(original);
    else this.tools.context.ungetService(reference);
  }
}
