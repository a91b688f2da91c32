import type { BundleActivator, BundleContext } from '../framework/bundle';
import type { ServiceToken } from '../framework/token';
import { ServiceTracker } from '../framework/tracker/service-tracker';
import type { ServiceProperties, ServiceRegistration } from '../framework/registry';
import { HealthCheck } from '../services/health-check';

/**
 * Base of activators that begin when the services they need are there: Open-Xchange's `DeferredActivator` and
 * `HousekeepingActivator` (rules C31 to C33). The bundle is ACTIVE in the framework meanwhile; `oxtender lb`, `explain`
 * and `health` tell what it waits for.
 *
 * What {@link DeferredActivator.startBundle} registers or opens is remembered by the context's `subscriptions`, and
 * undone when the bundle stops. Components (`@Component`) do the same with less code; this is for who knows the original.
 *
 * @public
 */
export abstract class DeferredActivator implements BundleActivator {
  readonly #trackers = new Map<string, ServiceTracker<unknown, Held>>();
  /** Services of delayed components that are being activated. */
  readonly #coming = new Set<Promise<void>>();
  #context: BundleContext | undefined;
  #health: ServiceRegistration<HealthCheck> | undefined;
  #running = false;
  /** Starts, stops and losses are one after the other. */
  #tail: Promise<void> = Promise.resolve();

  /** Tokens without which the bundle cannot work, each once. */
  protected abstract neededServices(): readonly ServiceToken<unknown>[];

  /** Called once all needed services are there. */
  protected abstract startBundle(context: BundleContext): void | Promise<void>;

  /** Called when the bundle stops, or lost a needed service with {@link DeferredActivator.stopOnServiceLoss}. */
  protected stopBundle?(context: BundleContext): void | Promise<void>;

  /** Tokens that {@link DeferredActivator.getService} answers for as well, and does not wait for. */
  protected optionalServices(): readonly ServiceToken<unknown>[] {
    return [];
  }

  /** True: a lost needed service stops the bundle's work, and its return starts it again. Default false. */
  protected get stopOnServiceLoss(): boolean {
    return false;
  }

  /** The last service of a needed token went: another provider of it is no loss. */
  protected onServiceLost?(token: ServiceToken<unknown>): void | Promise<void>;

  /** A needed service is back. */
  protected onServiceBack?(token: ServiceToken<unknown>): void | Promise<void>;

  /** The best service of a needed or optional token, as it is now. */
  protected getService<T>(token: ServiceToken<T>): T | undefined {
    return this.#trackers.get(token.id)?.getService()?.service as T | undefined;
  }

  /** Ids of the needed tokens that nobody provides now. */
  get missingServices(): readonly string[] {
    return this.neededServices()
      .map(({ id }) => id)
      .filter(
        (id) =>
          !this.#trackers
            .get(id)
            ?.getServices()
            .some(({ service }) => service !== undefined),
      );
  }

  /** True between `startBundle` and `stopBundle`. */
  get isRunning(): boolean {
    return this.#running;
  }

  /** @throws TypeError when a token is named twice */
  async start(context: BundleContext): Promise<void> {
    this.#context = context;
    const needed = this.neededServices();
    assertDistinct(needed.map(({ id }) => id));
    this.#health = context.registerService(HealthCheck, this.#healthCheck(), this.#healthProperties());
    for (const token of [...needed, ...this.optionalServices()]) this.#track(context, token, needed.includes(token));
    await this.#update();
  }

  /** Ends the work, if it had begun, and undoes registrations and trackers. */
  async stop(context: BundleContext): Promise<void> {
    this.#context = undefined;
    this.#health = undefined;
    await this.#tail;
    if (this.#running) await this.#end(context);
    this.#trackers.clear();
  }

  #track(context: BundleContext, token: ServiceToken<unknown>, needed: boolean): void {
    const tracker: ServiceTracker<unknown, Held> = new ServiceTracker<unknown, Held>(context, token, {
      adding: (reference) => {
        const held: Held = { service: context.getService(reference) };
        if (held.service === undefined) this.#await(held, context.getServiceAsync(reference));
        if (needed && tracker.isEmpty && this.#running) void this.#enqueue(() => this.onServiceBack?.(token));
        if (needed) void this.#update();
        return held;
      },
      removed: async (reference) => {
        if (needed && tracker.isEmpty) await this.#lost(token);
        context.ungetService(reference);
      },
    });
    this.#trackers.set(token.id, tracker);
    tracker.open();
  }

  #await(held: Held, service: Promise<unknown>): void {
    const coming: Promise<void> = service
      .then((made) => {
        held.service = made;
      })
      .finally(() => this.#coming.delete(coming));
    this.#coming.add(coming);
  }

  async #lost(token: ServiceToken<unknown>): Promise<void> {
    this.#health?.setProperties(this.#healthProperties());
    if (!this.#running) return;
    await this.#enqueue(() => this.onServiceLost?.(token));
    if (this.stopOnServiceLoss) await this.#update();
  }

  /** Starts when everything is there, stops when something is not and that matters. */
  #update(): Promise<void> {
    return this.#enqueue(async () => {
      await Promise.all(this.#coming);
      const context = this.#context;
      if (!context) return;
      this.#health?.setProperties(this.#healthProperties());
      const complete = this.missingServices.length === 0;
      if (complete && !this.#running) {
        await this.startBundle(context);
        this.#running = true;
      } else if (!complete && this.#running && this.stopOnServiceLoss) {
        await this.#end(context);
      }
    });
  }

  async #end(context: BundleContext): Promise<void> {
    this.#running = false;
    await this.stopBundle?.(context);
  }

  #enqueue(task: () => void | Promise<void>): Promise<void> {
    const done = this.#tail.then(task);
    this.#tail = done.catch((error: unknown) => this.#context?.reportError(error, 'deferred activator'));
    return done;
  }

  /** What operators see without running the check (rule C32). */
  #healthProperties(): ServiceProperties {
    return { 'health.tags': ['ready'], 'services.missing': this.missingServices };
  }

  #healthCheck(): HealthCheck {
    return {
      name: 'needed services',
      run: () => {
        const missing = this.missingServices;
        if (missing.length === 0) return { status: 'OK' };
        return { status: 'TEMPORARILY_UNAVAILABLE', message: `waits for ${missing.join(', ')}`, details: { missing } };
      },
    };
  }
}

/** A service in use; undefined while its component is being activated. */
interface Held {
  service: unknown;
}

function assertDistinct(ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new TypeError(`${twice} is needed twice`);
}
