import type {
  Bundle,
  BundleContent,
  BundleContext,
  BundleState,
  ServiceReference,
  StartOptions,
} from '@oxtender/bundle-api';
import type { HostFramework } from './host-framework';
import type { Installation } from './installation';

/** What everybody sees of an installed bundle; holds nothing that could be changed past the framework. */
export class HostBundle implements Bundle {
  readonly #host: HostFramework;
  readonly #installation: Installation;

  constructor(host: HostFramework, installation: Installation) {
    this.#host = host;
    this.#installation = installation;
    Object.freeze(this);
  }

  /** Undefined for a bundle of another framework, and for the system bundle. For the framework. */
  static installationOf(bundle: Bundle, host: HostFramework): Installation | undefined {
    return #installation in bundle && bundle.#host === host ? bundle.#installation : undefined;
  }

  get id(): number {
    return this.#installation.id;
  }

  get location(): string {
    return this.#installation.location;
  }

  get symbolicName(): string {
    return this.#installation.symbolicName;
  }

  get version(): string {
    return this.#installation.version;
  }

  get state(): BundleState {
    return this.#installation.state;
  }

  get generation(): number {
    return this.#installation.current.number;
  }

  get headers(): Readonly<Record<string, unknown>> {
    return this.#installation.current.headers;
  }

  get context(): BundleContext | undefined {
    return this.#installation.context;
  }

  start(options: StartOptions = {}): Promise<void> {
    return this.#host.operations.start(this.#installation, options);
  }

  stop(options: { transient?: boolean } = {}): Promise<void> {
    return this.#host.operations.stop(this.#installation, options);
  }

  update(content?: BundleContent): Promise<void> {
    return this.#host.operations.update(this.#installation, { content });
  }

  uninstall(options: { purge?: boolean } = {}): Promise<void> {
    return this.#host.operations.uninstall(this.#installation, options);
  }

  getRegisteredServices(): ServiceReference[] {
    return Array.from(this.#installation.ledger.registered, (record) => record.reference);
  }

  getServicesInUse(): ServiceReference[] {
    return Array.from(this.#installation.ledger.used, (record) => record.reference);
  }

  toString(): string {
    return `${this.symbolicName} ${this.version} [${this.id}]`;
  }
}
