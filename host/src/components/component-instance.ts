import type { ComponentContext, DeactivationReason, ServiceReference } from '@oxtender/bundle-api';
import { Binding, type BindingTools } from './binding';
import type { BundleContainer } from './bundle-container';
import type { ComponentDeclaration } from './declaration';
import { run, type Steps, wait } from './maybe-async';
import type { Reaction } from './policy';
import type { ReferenceTracker } from './reference-tracker';

export interface InstanceTools extends Omit<BindingTools, 'later'> {
  readonly container: BundleContainer;
  readonly declaration: ComponentDeclaration;
}

/** One object of a component's class: made, bound, activated, and taken apart again (rule C11). */
export class ComponentInstance {
  readonly bindings: readonly Binding[];
  #object: object | undefined;
  #disposed = false;
  /** Changes of dynamic references wait for each other, and for the activation. */
  #tail: Promise<void> | undefined;

  constructor(
    trackers: readonly ReferenceTracker[],
    private readonly tools: InstanceTools,
  ) {
    this.bindings = trackers.map((tracker) => {
      const later = (reference: ServiceReference): void => this.#bindLater(binding, reference);
      const binding: Binding = new Binding(tracker, { ...tools, later });
      return binding;
    });
  }

  /** @throws IllegalStateError before {@link ComponentInstance.activate} made it */
  get object(): object {
    if (!this.#object) throw new Error(`component ${this.tools.declaration.name} is not constructed`);
    return this.#object;
  }

  /** Makes and activates the object; on failure everything is given back. */
  *activate(properties: Readonly<Record<string, unknown>>): Steps<void> {
    const { declaration, context, container } = this.tools;
    let open: () => void = () => undefined;
    this.#tail = new Promise((resolve) => (open = resolve));
    try {
      for (const binding of this.bindings) yield* binding.acquire();
      const values = new Map(this.bindings.map((binding) => [binding.tracker.declaration.place, binding.value()]));
      this.#object = container.construct(declaration, { values, configuration: properties });
      for (const binding of this.bindings) binding.setField(this.#object);
      for (const binding of this.bindings) yield* binding.bindAll();
      const componentContext: ComponentContext = { name: declaration.name, properties, bundleContext: context };
      yield* this.#call(declaration.activate, componentContext);
    } catch (error) {
      this.#disposed = true;
      for (const binding of [...this.bindings].reverse()) binding.release();
      throw error;
    } finally {
      this.#tail = undefined;
      open();
    }
  }

  *modified(configuration: Readonly<Record<string, unknown>>): Steps<void> {
    yield* this.#call(this.tools.declaration.modified, configuration);
  }

  /** A failing `deactivate` is logged, and the rest is done all the same (rule C14). */
  *dispose(reason: DeactivationReason): Steps<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#tail) yield* wait(this.#tail);
    const { declaration, log } = this.tools;
    try {
      yield* this.#call(declaration.deactivate, reason);
    } catch (error) {
      log.error('deactivation failed', { component: declaration.name, error });
    }
    const reversed = [...this.bindings].reverse();
    for (const binding of reversed) yield* binding.unbindAll();
    for (const binding of reversed) binding.release();
    try {
      yield* disposeObject(this.object);
    } catch (error) {
      log.error('disposal failed', { component: declaration.name, error });
    }
  }

  reactionToArrival(tracker: ReferenceTracker, reference: ServiceReference): Reaction {
    return this.#bindingOf(tracker).reactionToArrival(reference);
  }

  reactionToDeparture(tracker: ReferenceTracker, reference: ServiceReference): Reaction {
    return this.#bindingOf(tracker).reactionToDeparture(reference);
  }

  /** Does what the policy of a dynamic reference asks for. */
  react(reaction: Reaction, tracker: ReferenceTracker, reference: ServiceReference): void | Promise<void> {
    const binding = this.#bindingOf(tracker);
    if (reaction === 'bind') return this.#enqueue(() => binding.bind(reference));
    if (reaction === 'unbind') return this.#enqueue(() => binding.unbind(reference));
    if (reaction === 'replace')
      return this.#enqueue(() => binding.replace(tracker.has(reference) ? undefined : reference));
  }

  /** The properties of a bound service changed. */
  update(tracker: ReferenceTracker, reference: ServiceReference): void {
    const binding = this.#bindingOf(tracker);
    if (tracker.declaration.dynamic && binding.isBound(reference)) void this.#enqueue(() => binding.updated(reference));
  }

  #bindingOf(tracker: ReferenceTracker): Binding {
    const binding = this.bindings.find((each) => each.tracker === tracker);
    if (!binding) throw new Error(`no binding of ${tracker.declaration.name}`);
    return binding;
  }

  #bindLater(binding: Binding, reference: ServiceReference): void {
    const { activations } = this.tools;
    const pending = activations.pending(reference.getProperty('component.id') as number);
    activations.outside(() => {
      void (pending ?? Promise.resolve()).then(() => this.#enqueue(() => binding.bind(reference)));
    });
  }

  #enqueue(steps: () => Steps<void>): void | Promise<void> {
    const guarded = (): Steps<void> => (this.#disposed ? nothing() : steps());
    const result = this.#tail ? this.#tail.then(() => run(guarded())) : run(guarded());
    if (!(result instanceof Promise)) return;
    const tail: Promise<void> = result
      .catch((error: unknown) => this.tools.log.error('a reference could not be changed', { error }))
      .finally(() => {
        if (this.#tail === tail) this.#tail = undefined;
      });
    this.#tail = tail;
    return tail;
  }

  *#call(method: string | symbol | undefined, argument: unknown): Steps<void> {
    if (method === undefined) return;
    const call = (this.object as Record<string | symbol, unknown>)[method] as (argument: unknown) => unknown;
    yield* wait(call.call(this.object, argument));
  }
}

function* nothing(): Steps<void> {
  // The instance is gone.
}

function* disposeObject(object: object): Steps<void> {
  if (Symbol.asyncDispose in object) yield* wait((object as AsyncDisposable)[Symbol.asyncDispose]());
  else if (Symbol.dispose in object) (object as Disposable)[Symbol.dispose]();
}
