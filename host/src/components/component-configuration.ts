import type { ComponentState, DeactivationReason, ServiceReference, ServiceRegistration } from '@oxtender/bundle-api';
import type { ComponentHome } from './component-home';
import type { ComponentDeclaration } from './declaration';
import { InstancePool } from './instance-pool';
import { run, type Steps, wait } from './maybe-async';
import { type ComponentProperties, changedKeys, visibleProperties } from './properties';
import { ReferenceTracker } from './reference-tracker';
import { StormGuard } from './storm-guard';

/**
 * A component with its properties: satisfied or not, registered or not, with its instances. Every change asks
 * {@link ComponentConfiguration.settle} to bring what is in line with what should be; one such run goes on at a time,
 * and begins in the stack of the change (rules C8 to C15).
 */
export class ComponentConfiguration {
  readonly id: number;
  readonly trackers: readonly ReferenceTracker[];
  readonly #storm: StormGuard;
  readonly #instances: InstancePool;
  #registration: ServiceRegistration | undefined;
  /** Registered, or active: what {@link ComponentConfiguration.settle} compares with what should be. */
  #up = false;
  #open = false;
  #forget: (() => void) | undefined;
  #restart: DeactivationReason | undefined;
  #settling: Promise<void> | undefined;
  #inSettle = false;
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
    const { id, trackers } = this;
    this.#instances = new InstancePool({ id, declaration, home, trackers, properties: () => this.current });
  }

  /** Without secrets. */
  get properties(): ComponentProperties {
    return visibleProperties(this.current, this.home.secrets);
  }

  get state(): ComponentState {
    if (!this.#open) return 'disabled';
    if (!this.#satisfied) return 'unsatisfied-reference';
    if (this.#instances.isActivating) return 'activating';
    if (this.failure !== undefined) return 'failed';
    return this.#instances.isEmpty ? 'satisfied' : 'active';
  }

  /** Of the last activation. */
  get failure(): string | undefined {
    return this.#instances.failure;
  }

  /** `service.id` of what the instances have by a reference. */
  boundIds(tracker: ReferenceTracker): number[] {
    const bindings = this.#instances
      .all()
      .flatMap(({ bindings }) => bindings.filter((binding) => binding.tracker === tracker));
    return [...new Set(bindings.flatMap((binding) => binding.boundIds))];
  }

  /** Tracks references from here on. Resolves when the component is as it should be. */
  open(): void | Promise<void> {
    this.#open = true;
    this.#forget ??= this.home.activations.know(this.id, () => this.#needs());
    for (const tracker of this.trackers) this.#openTracker(tracker);
    return this.#settle();
  }

  close(reason: DeactivationReason): void | Promise<void> {
    this.#open = false;
    this.#reason = reason;
    const settled = this.#settle();
    const end = (): void => {
      this.#forget?.();
      this.trackers.forEach((tracker) => tracker.close());
    };
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
    this.#instances.failure = undefined;
    const retargeted = this.trackers.filter((tracker) => tracker.differsFrom(properties));
    for (const tracker of retargeted) {
      tracker.close();
      this.#openTracker(tracker);
    }
    if (retargeted.length === 0 && !changed.some((key) => this.#watches(key))) return;
    if (!this.#mayStay(changed) || retargeted.length > 0 || !this.#satisfied || this.#inSettle || !this.#up)
      return this.#requestRestart(reason, 'its configuration');
    return run(this.#modify());
  }

  /** Whether a change of these keys would make anew what is there (rule G17). */
  isRemadeBy(changed: readonly string[]): boolean {
    if (!this.#up) return false;
    const { references } = this.declaration;
    if (changed.some((key) => references.some(({ name }) => key.startsWith(`${name}.`)))) return true;
    return changed.some((key) => this.#watches(key)) && !this.#mayStay(changed);
  }

  #mayStay(changed: readonly string[]): boolean {
    return this.declaration.modified !== undefined || changed.every((key) => this.home.gentle.has(key));
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
    return this.#instances.own?.object;
  }

  get #satisfied(): boolean {
    return this.trackers.every((tracker) => tracker.satisfied);
  }

  /** Components whose activation that of this one would wait for (rule C22). */
  #needs(): number[] {
    if (this.declaration.scope === 'singleton' && !this.#instances.isEmpty) return [];
    const waiting = this.trackers.filter(({ declaration }) => !declaration.dynamic || declaration.minimum > 0);
    const ids = waiting.flatMap((tracker) => tracker.matches().map((each) => each.getProperty('component.id')));
    return ids.filter((id) => typeof id === 'number');
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
    this.#instances.failure = undefined;
    for (const instance of this.#instances.all()) {
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
    for (const instance of this.#instances.all()) {
      const reaction = instance.reactionToDeparture(tracker, reference);
      if (reaction === 'restart') return this.#requestRestart('reference-lost', tracker.declaration.name);
      const result = instance.react(reaction, tracker, reference);
      if (result) pending.push(result);
    }
    if (pending.length > 0) return Promise.all(pending).then(() => undefined);
  }

  /** A changed ranking may make a service the better one. */
  #changed(tracker: ReferenceTracker, reference: ServiceReference): void {
    for (const instance of this.#instances.all()) {
      instance.update(tracker, reference);
      const binding = instance.bindings.find((each) => each.tracker === tracker);
      if (!binding?.isBound(reference)) void this.#arrived(tracker, reference);
      else if (tracker.declaration.greedy && !tracker.declaration.many) {
        const [best] = tracker.matches();
        if (best && best !== reference) void this.#arrived(tracker, best);
      }
    }
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
        } else if (!this.#up && wanted && this.failure === undefined) {
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
    const { declaration } = this;
    if (!this.#immediate) {
      this.#up = true;
      this.#register(this.#instances.service());
      return;
    }
    const instance = yield* this.#instances.makeOwn();
    if (!instance) return;
    this.#up = true;
    if (declaration.provides.length > 0) this.#register(instance.object);
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
    this.#instances.retiring = true;
    if (registration) yield* wait(registration.unregister({ drain: this.home.drain }));
    for (const instance of yield* this.#instances.takeAll()) yield* instance.dispose(reason);
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
      for (const instance of this.#instances.all()) yield* instance.modified(this.current);
      this.#registration?.setProperties(this.#serviceProperties);
    } catch (error) {
      this.home.log.error('modified failed: the component is made anew', { ...this.#fields, error });
      yield* wait(this.#requestRestart('configuration-modified', 'its configuration'));
    }
  }
}
