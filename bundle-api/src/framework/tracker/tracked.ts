/** What a tracker does with the things that it tracks. `T` is what `adding` made of an item. @consumer @public */
export interface Customizer<Item, T> {
  /** Undefined or null: the item is not tracked (rule T3). */
  adding(item: Item): T | undefined | null;
  /** The properties, or the state, have changed. */
  modified?(item: Item, tracked: T): void;
  /** It is not tracked any more; called once for what `adding` returned. */
  removed?(item: Item, tracked: T): void | Promise<void>;
}

/** An item whose `adding` runs, and whether it has gone meanwhile. */
interface Adding<Item> {
  readonly item: Item;
  gone: boolean;
}

/**
 * Items that come, change and go, each added once and removed once, however the callbacks nest; one that throws harms
 * nobody (rules T2 to T4, T9). Shared by the service and the bundle tracker.
 */
export class Tracked<Item, T> {
  readonly #items = new Map<Item, T>();
  /** Those whose `adding` runs, the innermost last. Nearly always none: looking through it costs nothing. */
  readonly #adding: Adding<Item>[] = [];
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
    if (this.#closed || this.#beingAdded(item)) return;
    const tracked = this.#items.get(item);
    if (tracked === undefined) this.#add(item);
    else {
      this.#count++;
      this.#changed(item, tracked);
    }
  }

  /** The item has gone. The promise, if any, is that of `removed`. */
  untrack(item: Item): void | Promise<void> {
    const adding = this.#beingAdded(item);
    if (adding) adding.gone = true;
    const tracked = this.#items.get(item);
    if (tracked === undefined) return;
    this.#items.delete(item);
    return this.#removed(item, tracked);
  }

  /** Removes everything; nothing is called afterwards. */
  close(): Promise<void>[] {
    this.#closed = true;
    for (const adding of this.#adding) adding.gone = true;
    return [...this.#items.keys()].map((item) => this.untrack(item)).filter((result) => result instanceof Promise);
  }

  #add(item: Item): void {
    const adding: Adding<Item> = { item, gone: false };
    this.#adding.push(adding);
    const tracked = this.#made(item);
    this.#adding.pop();
    if (tracked === undefined || tracked === null) return;
    this.#count++;
    if (!adding.gone) this.#items.set(item, tracked);
    else void this.#removed(item, tracked);
  }

  #beingAdded(item: Item): Adding<Item> | undefined {
    for (const adding of this.#adding) if (adding.item === item) return adding;
    return undefined;
  }

  #made(item: Item): T | undefined | null {
    try {
      return this.#customizer.adding(item);
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #changed(item: Item, tracked: T): void {
    try {
      this.#customizer.modified?.(item, tracked);
    } catch (error) {
      this.#failed(error);
    }
  }

  #removed(item: Item, tracked: T): void | Promise<void> {
    this.#count++;
    try {
      const result = this.#customizer.removed?.(item, tracked);
      if (result instanceof Promise) return result.catch((error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
  }
}
