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
  readonly #needs = new Map<number, () => readonly number[]>();
  /** Parts of activations that go on. */
  #running = 0;

  /** @param needs - the components whose activation that of component `id` would wait for. Returns what forgets them. */
  know(id: number, needs: () => readonly number[]): () => void {
    this.#needs.set(id, needs);
    return () => void this.#needs.delete(id);
  }

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
    const path = this.#pathToCurrent(id, (each) => this.#waitsOf(each));
    if (path) throw new ComponentCycleError([...path, id].map((each) => this.#names.get(each) ?? String(each)));
  }

  /** True if waiting for `id` would wait for oneself: now, or once it is asked to be activated. */
  wouldCycle(id: number): boolean {
    const waits = (each: number): number[] => [...this.#waitsOf(each), ...(this.#needs.get(each)?.() ?? [])];
    return this.#pathToCurrent(id, waits) !== undefined;
  }

  /** Begins something that is no part of the activation that asks for it. */
  outside(work: () => void): void {
    this.#current.exit(work);
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

  #waitsOf(id: number): readonly number[] {
    return [...(this.#waits.get(id) ?? [])];
  }

  #pathToCurrent(
    id: number,
    waits: (id: number) => readonly number[],
    seen: Set<number> = new Set(),
  ): number[] | undefined {
    const current = this.#current.getStore();
    if (current === undefined || seen.has(id)) return undefined;
    if (id === current) return [id];
    seen.add(id);
    for (const next of waits(id)) {
      const path = this.#pathToCurrent(next, waits, seen);
      if (path) return [id, ...path];
    }
    return undefined;
  }
}

function noop(): void {
  // Nothing to do: the activation reports its own failure.
}
