import type { Bundle, FactoryRegistration } from '@oxtender/bundle-api';
import { errorText } from '../log/error-fields';
import type { ComponentHome } from './component-home';
import { ComponentInstance } from './component-instance';
import type { ComponentDeclaration } from './declaration';
import { run, type Steps, wait } from './maybe-async';
import type { ComponentProperties } from './properties';
import type { ReferenceTracker } from './reference-tracker';

export interface PoolOptions {
  /** `component.id`. */
  readonly id: number;
  readonly declaration: ComponentDeclaration;
  readonly home: ComponentHome;
  readonly trackers: readonly ReferenceTracker[];
  readonly properties: () => ComponentProperties;
}

/**
 * The instances of one component configuration: the one of an immediate component, or those that consumers of a delayed
 * one hold, by the key that they share (rules C10, C12, C13).
 */
export class InstancePool {
  readonly #held = new Map<object, { readonly instance: ComponentInstance; users: number }>();
  readonly #activating = new Map<object, Promise<ComponentInstance | undefined>>();
  /** Not held yet, and told of changes among the services all the same. */
  readonly #underway = new Set<ComponentInstance>();
  /** Prototypes whose activation did not end in time for the bundle that asked: what it gets the next time (rule C12). */
  readonly #unclaimed = new Map<Bundle, object>();
  /** A synchronous get has just failed: the asynchronous one that follows it need not try again. */
  #justFailed = false;
  /** The service goes: what is given back now is taken out by {@link InstancePool.takeAll}, with its reason. */
  retiring = false;
  /** Of the last activation. */
  failure: string | undefined;

  constructor(private readonly options: PoolOptions) {}

  /** Those that are being activated among them. */
  all(): ComponentInstance[] {
    return [...Array.from(this.#held.values(), ({ instance }) => instance), ...this.#underway];
  }

  get isActivating(): boolean {
    return this.#underway.size > 0;
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** Makes the instance of an immediate component, which nobody needs to hold. Undefined when that fails. */
  *makeOwn(): Steps<ComponentInstance | undefined> {
    return yield* this.#first(this);
  }

  /** The instance of an immediate component. */
  get own(): ComponentInstance | undefined {
    return this.#held.get(this)?.instance;
  }

  /** Takes all instances out, once those that are being activated have come. */
  *takeAll(): Steps<ComponentInstance[]> {
    if (this.#activating.size > 0) yield* wait(Promise.all(this.#activating.values()));
    const instances = this.all();
    this.#held.clear();
    this.#unclaimed.clear();
    this.retiring = false;
    return instances;
  }

  /** What the registry asks for an instance: one for all, one for each bundle, or one each time. */
  service(): FactoryRegistration<object> {
    const { scope } = this.options.declaration;
    return {
      scope: scope === 'prototype' ? 'prototype' : 'bundle',
      factory: {
        getService: (bundle) => {
          const key = this.#claim(bundle);
          const made = this.#obtain(key, () => undefined);
          if (!(made instanceof Promise)) return made;
          if (scope === 'prototype') this.#unclaimed.set(bundle, key);
          return undefined;
        },
        getServiceAsync: async (bundle) => {
          const key = this.#claim(bundle);
          return this.#obtain(key, () => this.#use(key));
        },
        ungetService: (_bundle, _registration, object) => void this.#giveBack(object),
      },
    };
  }

  /** By what the instance is held that the bundle gets. */
  #claim(bundle: Bundle): object {
    const { scope } = this.options.declaration;
    if (scope !== 'prototype') return scope === 'singleton' ? this : bundle;
    const key = this.#unclaimed.get(bundle) ?? {};
    this.#unclaimed.delete(bundle);
    return key;
  }

  /**
   * Two concurrent first gets activate once.
   *
   * @param late - what is done when an activation that waited has ended
   * @throws ComponentCycleError
   */
  #obtain<T>(key: object, late: () => T): object | undefined | Promise<T> {
    if (this.#held.has(key)) return this.#use(key);
    if (this.#justFailed) return undefined;
    const { id, home } = this.options;
    home.activations.assertNoCycle(id);
    const done = home.activations.waitFor(id);
    const activation = this.#activating.get(key) ?? run(this.#first(key));
    if (activation instanceof Promise) {
      this.#remember(key, activation);
      return activation.then(late).finally(done);
    }
    done();
    if (!activation) this.#failForThisTurn();
    return this.#use(key);
  }

  #remember(key: object, activation: Promise<ComponentInstance | undefined>): void {
    if (this.#activating.has(key)) return;
    this.#activating.set(key, activation);
    void activation.finally(() => this.#activating.delete(key));
  }

  #failForThisTurn(): void {
    this.#justFailed = true;
    queueMicrotask(() => (this.#justFailed = false));
  }

  #use(key: object): object | undefined {
    const held = this.#held.get(key);
    if (!held) return undefined;
    held.users++;
    return held.instance.object;
  }

  /** Dropped when the last user releases it. */
  #giveBack(object: object): void | Promise<void> {
    for (const [key, held] of this.#held) {
      if (held.instance.object !== object) continue;
      held.users--;
      if (held.users > 0 || this.options.declaration.keepInstance || this.retiring) return;
      this.#held.delete(key);
      return run(held.instance.dispose('unspecified'));
    }
  }

  *#first(key: object): Steps<ComponentInstance | undefined> {
    const lazy = this.options.home.activateBundle();
    if (lazy) yield* wait(lazy);
    const instance = yield* this.#activate();
    if (instance) this.#held.set(key, { instance, users: 0 });
    return instance;
  }

  /** Undefined when it fails; the failure is kept for those who ask why. */
  *#activate(): Steps<ComponentInstance | undefined> {
    const { id, declaration, home, trackers, properties } = this.options;
    const instance = new ComponentInstance(trackers, { ...home, declaration });
    this.#underway.add(instance);
    try {
      const activation = home.activations.enter(id, declaration.name, () => run(instance.activate(properties())));
      if (activation instanceof Promise) {
        home.activations.track(id, activation);
        yield* wait(activation);
      }
      this.failure = undefined;
      return instance;
    } catch (error) {
      this.failure = errorText(error);
      home.log.error('activation failed', { component: declaration.name, error });
      return undefined;
    } finally {
      this.#underway.delete(instance);
    }
  }
}
