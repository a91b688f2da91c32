import { OxtenderError } from '@oxtender/bundle-api';
import { AsyncLocalStorage } from 'node:async_hooks';

/** A component needs itself, by way of others, to be activated (rule C22). */
export class ComponentCycleError extends OxtenderError<'COMPONENT_CYCLE'> {
  constructor(path: readonly string[]) {
    super('COMPONENT_CYCLE', `components need each other: ${path.join(' → ')}`);
  }
}

/**
 * Who is being activated, and on whose activation that waits. Follows the asynchronous call chain, so that a cycle is
 * found across awaits and also where an activate method gets services by itself.
 */
export class Activations {
  readonly #current = new AsyncLocalStorage<number>();
  readonly #waits = new Map<number, Set<number>>();
  readonly #pending = new Map<number, Promise<unknown>>();
  readonly #names = new Map<number, string>();
  /** Parts of activations that go on. */
  #running = 0;

  /** Runs a part of the activation of component `id`. */
  enter<T>(id: number, name: string, activate: () => T): T {
    this.#names.set(id, name);
    this.#running++;
    let goesOn = false;
    try {
      const result = this.#current.run(id, activate);
      goesOn = result instanceof Promise;
      if (result instanceof Promise) void result.then(this.#left, this.#left);
      return result;
    } finally {
      if (!goesOn) this.#left();
    }
  }

  /** Remembers that an activation goes on, until it settles. */
  track(id: number, activation: Promise<unknown>): void {
    const settled = activation.then(noop, noop);
    this.#pending.set(id, settled);
    void settled.then(() => this.#pending.delete(id));
  }

  /** The activation of `id` if it goes on; resolves also when it fails. */
  pending(id: number): Promise<unknown> | undefined {
    return this.#pending.get(id);
  }

  /** @throws ComponentCycleError if `id` waits, directly or not, for the one that now asks for it */
  assertNoCycle(id: number): void {
    const path = this.#pathToCurrent(id, new Set());
    if (path) throw new ComponentCycleError([...path, id].map((each) => this.#names.get(each) ?? String(each)));
  }

  /** True if waiting for `id` would wait for oneself. */
  wouldCycle(id: number): boolean {
    return this.#pathToCurrent(id, new Set()) !== undefined;
  }

  /** While `use` runs, the one that now asks waits for `id`. Returns what ends that. */
  waitFor(id: number): () => void {
    const current = this.#current.getStore();
    if (current === undefined) return noop;
    const waits = this.#waits.get(current) ?? new Set<number>();
    this.#waits.set(current, waits.add(id));
    return () => {
      waits.delete(id);
      if (waits.size === 0) this.#waits.delete(current);
    };
  }

  /** Following chains makes every promise of the process dearer, so it is off while nothing is activated. */
  readonly #left = (): void => {
    this.#running--;
    if (this.#running === 0) this.#current.disable();
  };

  #pathToCurrent(id: number, seen: Set<number>): number[] | undefined {
    const current = this.#current.getStore();
    if (current === undefined || seen.has(id)) return undefined;
    if (id === current) return [id];
    seen.add(id);
    for (const next of this.#waits.get(id) ?? []) {
      const path = this.#pathToCurrent(next, seen);
      if (path) return [id, ...path];
    }
    return undefined;
  }
}

function noop(): void {
  // Nothing to do: the activation reports its own failure.
}
