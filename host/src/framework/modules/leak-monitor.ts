import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { LeakedGeneration } from '@oxtender/bundle-api';
import type { Generation } from '../generation';
import type { Installation } from '../installation';

interface Unloaded {
  readonly report: Omit<LeakedGeneration, 'modules'>;
  readonly modules: readonly { readonly path: string; readonly module: WeakRef<object> }[];
}

/** Beyond so many, those that are gone are forgotten. */
const pruneAt = 64;

/** Watches whether unloaded generations really leave the memory (rule N2). */
export class LeakMonitor {
  readonly #now: () => number;
  #unloaded: Unloaded[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Unloads a generation's modules and watches them from now on. */
  unload({ symbolicName }: Installation, { loader, number, version }: Generation): void {
    const modules = Array.from(loader.modules, ([path, module]) => ({ path, module: new WeakRef(module) }));
    loader.unload();
    if (modules.length === 0) return;
    const report = { bundle: symbolicName, version, generation: number, unloadedAt: this.#now() };
    this.#unloaded.push({ report, modules });
    if (this.#unloaded.length > pruneAt) this.#unloaded = this.#unloaded.filter(isAlive);
  }

  /** Generations still alive after garbage collections, oldest first. */
  async leaks(): Promise<readonly LeakedGeneration[]> {
    await collectGarbage();
    this.#unloaded = this.#unloaded.filter(isAlive);
    return this.#unloaded.map(({ report, modules }) => ({
      ...report,
      modules: modules.filter(({ module }) => module.deref()).map(({ path }) => path),
    }));
  }
}

const isAlive = ({ modules }: Unloaded): boolean => modules.some(({ module }) => module.deref() !== undefined);

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
