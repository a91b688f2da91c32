import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { LeakedGeneration } from '@oxtender/bundle-api';
import type { Generation } from '../generation';
import type { Installation } from '../installation';
import type { Started } from '../lifecycle/started';
import { holdersOf } from './holders';

interface Watched {
  readonly what: string;
  readonly object: WeakRef<object>;
}

interface Unloaded extends Omit<LeakedGeneration, 'alive' | 'heldBy'> {
  readonly watched: readonly Watched[];
}

/** Fewer than so many are not worth a look. */
const pruneAtLeast = 64;

/** Watches whether unloaded generations really leave the memory (rule N2). */
export class LeakMonitor {
  readonly #now: () => number;
  #unloaded: Unloaded[] = [];
  #pruneAt = pruneAtLeast;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Unloads a generation's modules and watches from now on whether they go. */
  unload({ symbolicName }: Installation, { loader, number, version }: Generation, started?: Started): void {
    const objects = new Map<object, string>();
    for (const [path, module] of loader.modules) addModule(objects, path, module);
    if (objects.size > 0 && started) addStart(objects, started);
    loader.unload();
    if (objects.size === 0) return;
    const watched = Array.from(objects, ([object, what]) => ({ what, object: new WeakRef(object) }));
    this.#unloaded.push({ bundle: symbolicName, version, generation: number, unloadedAt: this.#now(), watched });
    if (this.#unloaded.length >= this.#pruneAt) this.#prune();
  }

  /** Generations still alive, oldest first. */
  async leaks({ collect = true, holders = false }: { collect?: boolean; holders?: boolean } = {}): Promise<
    LeakedGeneration[]
  > {
    if (collect) await collectGarbage();
    this.#prune();
    const alive = this.#unloaded.map((each) => ({ ...each, watched: each.watched.filter(isAlive) }));
    if (!holders) return alive.map(({ watched, ...leak }) => ({ ...leak, alive: watched.map(({ what }) => what) }));
    const paths = await holdersOf(alive.flatMap(({ watched }) => watched.map(({ object }) => object)));
    return alive.map(({ watched, ...leak }) => ({
      ...leak,
      alive: watched.map(({ what }) => what),
      heldBy: watched.map(({ what, object }) => ({ what, path: paths.get(object) ?? [] })),
    }));
  }

  /** Forgets those that are gone; the next time when there are twice as many as stayed. */
  #prune(): void {
    this.#unloaded = this.#unloaded.filter(({ watched }) => watched.some(isAlive));
    this.#pruneAt = Math.max(pruneAtLeast, 2 * this.#unloaded.length);
  }
}

const isAlive = ({ object }: Watched): boolean => object.deref() !== undefined;

/** A closure that leaks need not hold its module, but often what the module exports. */
function addModule(objects: Map<object, string>, path: string, module: object): void {
  objects.set(module, path);
  const exports: unknown = 'exports' in module ? module.exports : undefined;
  if (!isHeapObject(exports)) return;
  objects.set(exports, `${path} exports`);
  for (const [name, value] of Object.entries(exports)) {
    if (isHeapObject(value) && !objects.has(value)) objects.set(value, `${path} ${name}`);
  }
}

/** The activator is often what its module exports. */
function addStart(objects: Map<object, string>, { activator, context }: Started): void {
  objects.set(context, 'bundle context');
  if (activator && !objects.has(activator)) objects.set(activator, 'activator');
}

const isHeapObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Twice, with turns of the event loop between, as a weak reference lives to the end of the turn that looked at it. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 2; round++) {
    await nextTurn();
    collect();
  }
  await nextTurn();
}
