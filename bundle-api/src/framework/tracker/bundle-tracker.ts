import type { Bundle, BundleContext, BundleEvent, BundleState } from '../bundle';
import { type Customizer, Tracked } from './tracked';

/** What becomes of tracked bundles. @consumer @public */
export type BundleTrackerCustomizer<T> = Customizer<Bundle, T>;

/**
 * Follows the bundles that are in certain states (rule T10). Closes by itself when its own bundle stops.
 *
 * @public
 */
export class BundleTracker<T = Bundle> implements AsyncDisposable {
  readonly #context: BundleContext;
  readonly #states: ReadonlySet<BundleState>;
  readonly #customizer: BundleTrackerCustomizer<T>;
  #tracked: Tracked<Bundle, T> | undefined;

  /** @param customizer - default: the bundle itself is what is tracked */
  constructor(context: BundleContext, states: readonly BundleState[], customizer?: BundleTrackerCustomizer<T>) {
    this.#context = context;
    this.#states = new Set(states);
    this.#customizer = customizer ?? { adding: (bundle) => bundle as T };
  }

  /** Adds the bundles that are in the states, and whichever enters one. Does nothing when open. */
  open(): this {
    if (this.#tracked) return this;
    this.#tracked = new Tracked(this.#customizer, (error) => this.#context.reportError(error, 'bundle tracker'));
    this.#context.addBundleListener(this.#listener, { synchronous: true });
    this.#context.onDispose(this);
    for (const bundle of this.#context.getBundles()) if (!this.#tracked.items.has(bundle)) void this.#look(bundle);
    return this;
  }

  /** Removes everything and stops. Does nothing when closed; may be opened again. */
  async close(): Promise<void> {
    const tracked = this.#tracked;
    if (!tracked) return;
    this.#tracked = undefined;
    this.#context.removeBundleListener(this.#listener);
    this.#context.subscriptions.remove(this);
    await Promise.all(tracked.close());
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Objects by bundle; a copy. */
  getTracked(): Map<Bundle, T> {
    return new Map(this.#tracked?.items);
  }

  /** How many are tracked. */
  get size(): number {
    return this.#tracked?.items.size ?? 0;
  }

  readonly #listener = ({ bundle }: BundleEvent): void | Promise<void> => this.#look(bundle);

  #look(bundle: Bundle): void | Promise<void> {
    if (!this.#states.has(bundle.state)) return this.#tracked?.untrack(bundle);
    this.#tracked?.track(bundle);
  }
}
