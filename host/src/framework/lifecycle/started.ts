import type { Bundle, BundleActivator, BundlePackage } from '@oxtender/bundle-api';
import type { HostBundleContext } from '../bundle-context';
import type { StartedGeneration } from '../extender';
import type { Generation } from '../generation';

/** One start of one generation: from STARTING to the end of its clean-up. */
export class Started implements StartedGeneration {
  readonly bundle: Bundle;
  readonly components = new Map<string, unknown>();
  /** Undefined before it is made, and for a bundle without one (rule L16). */
  activator: BundleActivator | undefined;
  /** The activator's `start` was called and came back. */
  activated = false;
  lazy = false;
  readonly #firstUse: () => Promise<void>;

  constructor(
    readonly context: HostBundleContext,
    readonly generation: Generation,
    firstUse: () => Promise<void>,
  ) {
    this.bundle = context.bundle;
    this.#firstUse = firstUse;
  }

  get number(): number {
    return this.generation.number;
  }

  get package(): BundlePackage {
    return this.generation.package;
  }

  get folder(): string | undefined {
    return this.generation.content.folder;
  }

  async activate(): Promise<void> {
    if (this.lazy) await this.#firstUse();
  }
}
