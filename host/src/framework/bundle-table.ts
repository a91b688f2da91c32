import type { Bundle } from '@oxtender/bundle-api';
import { IllegalStateError } from '@oxtender/bundle-api';
import { HostBundle } from './host-bundle';
import type { HostFramework } from './host-framework';
import type { Installation } from './installation';

/** The installed bundles, and the framework itself as number 0. */
export class BundleTable implements Iterable<Installation> {
  readonly #byId = new Map<number, Installation>();
  readonly #byLocation = new Map<string, Installation>();
  readonly #host: HostFramework;
  readonly #system: Bundle;

  constructor(host: HostFramework) {
    this.#host = host;
    this.#system = host.system;
  }

  add(installation: Installation): void {
    this.#byId.set(installation.id, installation);
    this.#byLocation.set(installation.location, installation);
  }

  delete(installation: Installation): void {
    this.#byId.delete(installation.id);
    this.#byLocation.delete(installation.location);
  }

  at(location: string): Installation | undefined {
    return this.#byLocation.get(location);
  }

  /** All versions of a name. */
  named(symbolicName: string): Installation[] {
    const found: Installation[] = [];
    for (const installation of this) if (installation.symbolicName === symbolicName) found.push(installation);
    return found;
  }

  /** Undefined for the framework itself. */
  find(bundle: Bundle): Installation | undefined {
    return HostBundle.installationOf(bundle, this.#host);
  }

  /** @throws TypeError for a bundle of another framework, IllegalStateError for one that was uninstalled */
  installation(bundle: Bundle): Installation {
    const found = this.find(bundle);
    if (!found) throw new TypeError(`${bundle.symbolicName} is no installed bundle of this framework`);
    if (found.state === 'UNINSTALLED') throw new IllegalStateError(`bundle ${bundle.symbolicName} is uninstalled`);
    return found;
  }

  /** The framework first, then by id. */
  get facades(): Bundle[] {
    return [this.#system, ...Array.from(this, (installation) => installation.bundle)];
  }

  facade(idOrLocation: number | string): Bundle | undefined {
    if (idOrLocation === this.#system.id || idOrLocation === this.#system.location) return this.#system;
    const found = typeof idOrLocation === 'number' ? this.#byId.get(idOrLocation) : this.at(idOrLocation);
    return found?.bundle;
  }

  /** By id: ids only grow. */
  [Symbol.iterator](): Iterator<Installation> {
    return this.#byId.values();
  }
}
