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

interface Unloaded {
  readonly report: Pick<LeakedGeneration, 'bundle' | 'version' | 'generation' | 'unloadedAt'>;
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
    const watched = [...loader.modules].flatMap(([path, module]) => watchModule(path, module));
    if (watched.length > 0 && started) watched.push(...watchStart(started));
    loader.unload();
    if (watched.length === 0) return;
    const report = { bundle: symbolicName, version, generation: number, unloadedAt: this.#now() };
    this.#unloaded.push({ report, watched });
    if (this.#unloaded.length >= this.#pruneAt) this.#prune();
  }

  /** Generations still alive, oldest first. */
  async leaks({ collect = true, holders = false }: { collect?: boolean; holders?: boolean } = {}): Promise<
    LeakedGeneration[]
  > {
    if (collect) await collectGarbage();
    this.#prune();
    const alive = this.#unloaded.map(({ report, watched }) => ({ report, watched: watched.filter(isAlive) }));
    if (!holders) return alive.map(({ report, watched }) => ({ ...report, alive: watched.map(({ what }) => what) }));
    const paths = await holdersOf(alive.flatMap(({ watched }) => watched.map(({ object }) => object)));
    return alive.map(({ report, watched }) => ({
      ...report,
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
function watchModule(path: string, module: object): Watched[] {
  const exports: unknown = 'exports' in module ? module.exports : undefined;
  const exported = isHeapObject(exports) ? Object.entries(exports).filter(([, value]) => isHeapObject(value)) : [];
  return [
    watch(path, module),
    ...(isHeapObject(exports) ? [watch(`${path} exports`, exports)] : []),
    ...exported.map(([name, value]) => watch(`${path} ${name}`, value as object)),
  ];
}

function watchStart({ activator, context }: Started): Watched[] {
  return [watch('bundle context', context), ...(activator ? [watch('activator', activator)] : [])];
}

const watch = (what: string, object: object): Watched => ({ what, object: new WeakRef(object) });

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
