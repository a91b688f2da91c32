import { BundleError } from '@oxtender/bundle-api';
import type { InlineBundle } from '@oxtender/bundle-api';

/** Loads the modules of one generation, and lets them go. */
export interface ModuleLoader {
  /**
   * Exports of a module, or a promise of them.
   *
   * @param path - as the manifest names it, relative to the bundle's root
   */
  load(path: string): unknown;
  /** Makes this generation's modules the ones that its folder's files stand for. */
  activate(): void;
  /** What must be gone from memory some time after `unload`, with a name for each. */
  readonly modules: ReadonlyMap<string, object>;
  /** Forgets the modules, so that the garbage collector may have them. */
  unload(): void;
}

/** Modules that are functions of an embedding program. */
export class InlineLoader implements ModuleLoader {
  readonly modules = new Map<string, object>();
  readonly #bundle: InlineBundle;

  constructor(bundle: InlineBundle) {
    this.#bundle = bundle;
  }

  load(path: string): unknown {
    const module = this.#bundle.modules?.[path];
    if (!module)
      throw new BundleError('READ_ERROR', `inline bundle ${this.#bundle.package.name} has no module ${path}`);
    return module();
  }

  activate(): void {
    // functions need no place in a cache
  }

  unload(): void {
    // nothing is kept
  }
}
