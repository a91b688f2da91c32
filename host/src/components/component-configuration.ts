import type {
  Bundle,
  BundleContext,
  Clock,
  ComponentState,
  DeactivationReason,
  FactoryRegistration,
  Logger,
  ServiceReference,
  ServiceRegistration,
} from '@oxtender/bundle-api';
import { errorText } from '../log/error-fields';
import type { Activations } from './activations';
import type { BundleContainer } from './bundle-container';
import { ComponentInstance } from './component-instance';
import type { ComponentDeclaration } from './declaration';
import { run, type Steps, wait } from './maybe-async';
import { type ComponentProperties, changedKeys, visibleProperties } from './properties';
import { ReferenceTracker } from './reference-tracker';
import { StormGuard } from './storm-guard';

/** What a component configuration lives in: one generation of its bundle. */
export interface ComponentHome {
  readonly context: BundleContext;
  readonly container: BundleContainer;
  readonly log: Logger;
  readonly clock: Clock;
  readonly activations: Activations;
  /** Milliseconds that holders of a component's service have to finish when it goes (rule S23). */
  readonly drain: number;
  nextId(): number;
  /** Keys of the configuration whose values are to be shown nowhere. */
  readonly secrets: ReadonlySet<string>;
  /** Keys whose change does not make the component anew. */
  readonly gentle: ReadonlySet<string>;
  /** Ends the waiting of a lazy bundle: its first use (rule L17). */
  activateBundle(): Promise<void> | undefined;
}

/**
 * A component with its properties: satisfied or not, registered or not, with its instances. Every change asks
 * {@link ComponentConfiguration.settle} to bring what is in line with what should be; one such run goes on at a time,
 * and begins in the stack of the change (rules C8 to C15).
 */
export class ComponentConfiguration {
  readonly id: number;
  readonly trackers: readonly ReferenceTracker[];
  readonly #storm: StormGuard;
  readonly #instances = new Map<object, { instance: ComponentInstance; users: number }>();
  #registration: ServiceRegistration | undefined;
  /** Registered, or active: what {@link ComponentConfiguration.settle} compares with what should be. */
  #up = false;
  #open = false;
  #restart: DeactivationReason | undefined;
  #settling: Promise<void> | undefined;
  #inSettle = false;
  #single: ComponentInstance | undefined;
  /** Activations that go on, by the key of the instance. */
  readonly #activating = new Map<object, Promise<ComponentInstance | undefined>>();
  #underway = 0;
  /** A synchronous get has just failed: the asynchronous one that follows it need not try again. */
  #justFailed = false;
  #failure: string | undefined;
  /** Set while a reference that was lost may be the reason of the next deactivation. */
  #reason: DeactivationReason = 'unspecified';
  #restartedBy: string | undefined;

  constructor(
    readonly declaration: ComponentDeclaration,
    private readonly home: ComponentHome,
    private current: ComponentProperties,
  ) {
    this.id = home.nextId();
    this.#storm = new StormGuard(home.clock);
    const observer = {
      arrived: (tracker: ReferenceTracker, reference: ServiceReference) => void this.#arrived(tracker, reference),
      left: (tracker: ReferenceTracker, reference: ServiceReference) => this.#left(tracker, reference),
      changed: (tracker: ReferenceTracker, reference: ServiceReference) => this.#changed(tracker, reference),
    };
    this.trackers = declaration.references.map(
      (reference) => new ReferenceTracker(reference, home.context, observer, this.id),
    );
  }

  /** Without secrets. */
  get properties(): ComponentProperties {
    return visibleProperties(this.current, this.home.secrets);
  }

  get state(): ComponentState {
    if (!this.#open) return 'disabled';
    if (!this.#satisfied) return 'unsatisfied-reference';
    if (this.#underway > 0) return 'activating';
    if (this.#failure !== undefined) return 'failed';
    return this.#instances.size > 0 || this.#single ? 'active' : 'satisfied';
  }

  /** Of the last activation. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** `service.id` of what the instances have by a reference. */
  boundIds(tracker: ReferenceTracker): number[] {
    const bindings = this.#everyInstance().flatMap(({ bindings }) =>
      bindings.filter((binding) => binding.tracker === tracker),
    );
    return [...new Set(bindings.flatMap((binding) => binding.boundIds))];
  }

  /** Tracks references from here on. Resolves when the component is as it should be. */
  open(): void | Promise<void> {
    this.#open = true;
    for (const tracker of this.trackers) this.#openTracker(tracker);
    return this.#settle();
  }

  close(reason: DeactivationReason): void | Promise<void> {
    this.#open = false;
    this.#reason = reason;
    const settled = this.#settle();
    const end = (): void => this.trackers.forEach((tracker) => tracker.close());
    if (settled instanceof Promise) return settled.then(end, end);
    end();
  }

  /** A new configuration (rule C27). */
  reconfigure(
    properties: ComponentProperties,
    reason: 'configuration-modified' | 'configuration-deleted',
  ): void | Promise<void> {
    const changed = changedKeys(properties, this.current);
    if (changed.length === 0) return;
    this.current = properties;
    this.#failure = undefined;
    const retargeted = this.trackers.filter((tracker) => tracker.differsFrom(properties));
    for (const tracker of retargeted) {
      tracker.close();
      this.#openTracker(tracker);
    }
    if (retargeted.length === 0 && !changed.some((key) => this.#watches(key))) return;
    const mayStay = this.declaration.modified !== undefined || changed.every((key) => this.home.gentle.has(key));
    if (!mayStay || retargeted.length > 0 || !this.#satisfied || this.#inSettle || !this.#up)
      return this.#requestRestart(reason, 'its configuration');
    return run(this.#modify());
  }

  /** Rule G19. What decides about references always matters. */
  #watches(key: string): boolean {
    const { watch } = this.declaration;
    return (
      !watch ||
      watch.some((pattern) => (pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern))
    );
  }

  /** The instance of a component without consumers: an immediate one, or one made by a ComponentFactory. */
  get instance(): object | undefined {
    return this.#single?.object;
  }

  /** Resolves when nothing is left to do. */
  get settled(): Promise<void> | undefined {
    return this.#settling;
  }

  get #satisfied(): boolean {
    return this.trackers.every((tracker) => tracker.satisfied);
  }

  get #immediate(): boolean {
    return this.declaration.immediate || this.declaration.factory !== undefined;
  }

  #openTracker(tracker: ReferenceTracker): void {
    tracker.open(this.current);
    const { fault, declaration } = tracker;
    if (fault !== undefined)
      this.home.log.error('the target of a reference is no filter', {
        ...this.#fields,
        reference: declaration.name,
        fault,
      });
  }

  get #fields(): Record<string, unknown> {
    return { component: this.declaration.name };
  }

  // --- changes among the services ----------------------------------------------------------------------------

  #arrived(tracker: ReferenceTracker, reference: ServiceReference): void | Promise<void> {
    this.#failure = undefined;
    for (const instance of this.#everyInstance()) {
      const reaction = instance.reactionToArrival(tracker, reference);
      if (reaction === 'restart') return this.#requestRestart('reference-lost', tracker.declaration.name);
      void instance.react(reaction, tracker, reference);
    }
    return this.#settle();
  }

  #left(tracker: ReferenceTracker, reference: ServiceReference): void | Promise<void> {
    if (!tracker.satisfied) {
      this.#reason = 'reference-lost';
      return this.#settle();
    }
    const pending: Promise<void>[] = [];
    for (const instance of this.#everyInstance()) {
      const reaction = instance.reactionToDeparture(tracker, reference);
      if (reaction === 'restart') return this.#requestRestart('reference-lost', tracker.declaration.name);
      const result = instance.react(reaction, tracker, reference);
      if (result) pending.push(result);
    }
    if (pending.length > 0) return Promise.all(pending).then(() => undefined);
  }

  /** A changed ranking may make a service the better one. */
  #changed(tracker: ReferenceTracker, reference: ServiceReference): void {
    for (const instance of this.#everyInstance()) {
      instance.update(tracker, reference);
      const binding = instance.bindings.find((each) => each.tracker === tracker);
      if (!binding?.isBound(reference)) void this.#arrived(tracker, reference);
      else if (tracker.declaration.greedy && !tracker.declaration.many) {
        const [best] = tracker.matches();
        if (best && best !== reference) void this.#arrived(tracker, best);
      }
    }
  }

  #everyInstance(): ComponentInstance[] {
    return [...(this.#single ? [this.#single] : []), ...[...this.#instances.values()].map(({ instance }) => instance)];
  }

  #requestRestart(reason: DeactivationReason, cause: string): void | Promise<void> {
    if (this.#up || this.#inSettle) {
      this.#restart = reason;
      this.#restartedBy = cause;
    }
    return this.#settle();
  }

  // --- bringing what is in line with what should be ----------------------------------------------------------

  #settle(): void | Promise<void> {
    if (this.#inSettle) return this.#settling;
    this.#inSettle = true;
    const settled = run(this.#steps());
    if (!(settled instanceof Promise)) return;
    this.#settling = settled;
    return settled;
  }

  *#steps(): Steps<void> {
    try {
      for (;;) {
        const wanted = this.#open && this.#satisfied;
        if (this.#up && (!wanted || this.#restart !== undefined)) {
          yield* this.#takeDown(wanted);
        } else if (!this.#up && wanted && this.#failure === undefined) {
          yield* this.#bringUp();
        } else {
          return;
        }
      }
    } catch (error) {
      this.home.log.error('component could not be brought in line', { ...this.#fields, error });
    } finally {
      this.#inSettle = false;
      this.#settling = undefined;
    }
  }

  *#bringUp(): Steps<void> {
    this.#restart = undefined;
    if (this.#immediate) {
      const lazy = this.home.activateBundle();
      if (lazy) yield* wait(lazy);
      const instance = yield* this.#activate();
      if (!instance) return;
      this.#single = instance;
      this.#up = true;
      if (this.declaration.provides.length > 0 && this.declaration.factory === undefined)
        this.#register(instance.object);
    } else {
      this.#up = true;
      this.#register(this.#factory());
    }
  }

  #register(service: object): void {
    const { declaration, home } = this;
    const properties = this.#serviceProperties;
    this.#registration = home.context.registerService(declaration.provides, service, properties);
  }

  get #serviceProperties(): ComponentProperties {
    return { ...this.properties, 'component.name': this.declaration.name, 'component.id': this.id };
  }

  *#takeDown(again: boolean): Steps<void> {
    const reason = this.#restart ?? this.#reason;
    this.#restart = undefined;
    this.#reason = 'unspecified';
    this.#up = false;
    const registration = this.#registration;
    this.#registration = undefined;
    if (registration) yield* wait(registration.unregister({ drain: this.home.drain }));
    if (this.#activating.size > 0) yield* wait(Promise.all(this.#activating.values()));
    const instances = this.#everyInstance();
    this.#single = undefined;
    this.#instances.clear();
    for (const instance of instances) yield* instance.dispose(reason);
    if (again) yield* this.#backOff();
  }

  *#backOff(): Steps<void> {
    const delay = this.#storm.delay();
    if (delay === 0) return;
    this.home.log.warn('component is made anew again and again', {
      ...this.#fields,
      because: this.#restartedBy,
      delay,
    });
    yield* wait(this.home.clock.sleep(delay, { signal: this.home.context.signal }).catch(() => undefined));
  }

  *#modify(): Steps<void> {
    try {
      for (const instance of this.#everyInstance()) yield* instance.modified(this.current);
      this.#registration?.setProperties(this.#serviceProperties);
    } catch (error) {
      this.home.log.error('modified failed: the component is made anew', { ...this.#fields, error });
      yield* wait(this.#requestRestart('configuration-modified', 'its configuration'));
    }
  }

  // --- instances ---------------------------------------------------------------------------------------------

  /** Undefined when it fails; the failure is kept for those who ask why (rule C13). */
  *#activate(): Steps<ComponentInstance | undefined> {
    const { declaration, home } = this;
    const instance = new ComponentInstance(this.trackers, { ...home, declaration });
    this.#underway++;
    try {
      const activation = home.activations.enter(this.id, declaration.name, () => run(instance.activate(this.current)));
      if (activation instanceof Promise) {
        home.activations.track(this.id, activation);
        yield* wait(activation);
      }
      this.#failure = undefined;
      return instance;
    } catch (error) {
      this.#failure = errorText(error);
      home.log.error('activation failed', { ...this.#fields, error });
      return undefined;
    } finally {
      this.#underway--;
    }
  }

  /** What the registry asks for a delayed component's instance: one for all, one for each bundle, or one each time. */
  #factory(): FactoryRegistration<object> {
    const { scope } = this.declaration;
    const shared = {};
    const keyFor = (bundle: Bundle): object => (scope === 'singleton' ? shared : scope === 'bundle' ? bundle : {});
    return {
      scope: scope === 'prototype' ? 'prototype' : 'bundle',
      factory: {
        getService: (bundle) => {
          const made = this.#obtain(keyFor(bundle));
          return made instanceof Promise ? undefined : made;
        },
        getServiceAsync: async (bundle) => this.#obtain(keyFor(bundle)),
        ungetService: (_bundle, _registration, object) => void this.#giveBack(object),
      },
    };
  }

  /** Two concurrent first gets activate once (rule C12). @throws ComponentCycleError */
  #obtain(key: object): object | undefined | Promise<object | undefined> {
    const held = this.#instances.get(key);
    if (held) return this.#use(key);
    if (this.#justFailed) return undefined;
    const { activations } = this.home;
    activations.assertNoCycle(this.id);
    const done = activations.waitFor(this.id);
    const activation = this.#activating.get(key) ?? run(this.#first(key));
    if (!(activation instanceof Promise)) {
      done();
      if (!activation) this.#failForThisTurn();
      return this.#use(key);
    }
    if (!this.#activating.has(key)) {
      this.#activating.set(key, activation);
      void activation.finally(() => this.#activating.delete(key));
    }
    return activation.then(() => this.#use(key)).finally(done);
  }

  #failForThisTurn(): void {
    this.#justFailed = true;
    queueMicrotask(() => (this.#justFailed = false));
  }

  *#first(key: object): Steps<ComponentInstance | undefined> {
    const lazy = this.home.activateBundle();
    if (lazy) yield* wait(lazy);
    const instance = yield* this.#activate();
    if (instance) this.#instances.set(key, { instance, users: 0 });
    return instance;
  }

  #use(key: object): object | undefined {
    const held = this.#instances.get(key);
    if (!held) return undefined;
    held.users++;
    return held.instance.object;
  }

  /** Dropped when the last user releases it (rule C10). */
  #giveBack(object: object): void | Promise<void> {
    for (const [key, held] of this.#instances) {
      if (held.instance.object !== object) continue;
      held.users--;
      if (held.users > 0 || this.declaration.keepInstance || !this.#up) return;
      this.#instances.delete(key);
      return run(held.instance.dispose('unspecified'));
    }
  }
}
