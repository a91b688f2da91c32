/** What a tracker does with the things that it tracks. `T` is what `adding` made of an item. @consumer @public */
export interface Customizer<Item, T> {
  /** Undefined or null: the item is not tracked (rule T3). */
  adding(item: Item): T | undefined | null;
  /** The properties, or the state, have changed. */
  modified?(item: Item, tracked: T): void;
  /** It is not tracked any more; called once for what `adding` returned. */
  removed?(item: Item, tracked: T): void | Promise<void>;
}

/**
 * Items that come, change and go, each added once and removed once, however the callbacks nest (rules T2 to T4, T9).
 * Shared by the service and the bundle tracker.
 */
export class Tracked<Item, T> {
  readonly #items = new Map<Item, T>();
  /** Those whose `adding` runs; false once the item has gone meanwhile. */
  readonly #adding = new Map<Item, boolean>();
  readonly #customizer: Customizer<Item, T>;
  readonly #failed: (error: unknown) => void;
  #count = 0;
  #closed = false;

  constructor(customizer: Customizer<Item, T>, failed: (error: unknown) => void) {
    this.#customizer = customizer;
    this.#failed = failed;
  }

  get items(): ReadonlyMap<Item, T> {
    return this.#items;
  }

  /** Grows with every add, change and removal (rule T6). */
  get count(): number {
    return this.#count;
  }

  /** The item is there, or changed. */
  track(item: Item): void {
    if (this.#closed || this.#adding.has(item)) return;
    const tracked = this.#items.get(item);
    if (tracked === undefined) this.#add(item);
    else {
      this.#count++;
      this.#guarded(() => this.#customizer.modified?.(item, tracked));
    }
  }

  /** The item has gone. The promise, if any, is that of `removed`. */
  untrack(item: Item): void | Promise<void> {
    if (this.#adding.has(item)) this.#adding.set(item, false);
    const tracked = this.#items.get(item);
    if (tracked === undefined) return;
    this.#items.delete(item);
    return this.#removed(item, tracked);
  }

  /** Removes everything; nothing is called afterwards. */
  close(): Promise<void>[] {
    this.#closed = true;
    for (const item of this.#adding.keys()) this.#adding.set(item, false);
    return [...this.#items.keys()].map((item) => this.untrack(item)).filter((result) => result instanceof Promise);
  }

  #add(item: Item): void {
    this.#adding.set(item, true);
    const tracked = this.#guarded(() => this.#customizer.adding(item));
    const stillThere = this.#adding.get(item) === true;
    this.#adding.delete(item);
    if (tracked === undefined || tracked === null) return;
    this.#count++;
    if (stillThere) this.#items.set(item, tracked);
    else void this.#removed(item, tracked);
  }

  #removed(item: Item, tracked: T): void | Promise<void> {
    this.#count++;
    const result = this.#guarded(() => this.#customizer.removed?.(item, tracked));
    if (result instanceof Promise) return result.catch((error: unknown) => this.#failed(error));
  }

  /** A callback that throws harms nobody (rule T3). */
  #guarded<R>(call: () => R): R | undefined {
    try {
      return call();
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }
}
