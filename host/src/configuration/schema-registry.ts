import type { Bundle, BundleManifest, Logger } from '@oxtender/bundle-api';
import { ConfigurationSchema } from './schema';

/** JSON Schemas by PID, as a manifest has them. */
type Schemas = NonNullable<BundleManifest['configuration']>;

/** The schemas that installed bundles declare for their PIDs (rule G16). */
export class SchemaRegistry {
  readonly #byPid = new Map<string, { bundle: Bundle | undefined; schema: ConfigurationSchema }>();

  constructor(private readonly log: Logger) {}

  get(pid: string): ConfigurationSchema | undefined {
    return this.#byPid.get(pid)?.schema;
  }

  ownerOf(pid: string): Bundle | undefined {
    return this.#byPid.get(pid)?.bundle;
  }

  get pids(): readonly string[] {
    return [...this.#byPid.keys()];
  }

  /** A PID of the host itself. */
  add(pid: string, schema: ConfigurationSchema): void {
    this.#byPid.set(pid, { bundle: undefined, schema });
  }

  /** Takes the schemas over that the bundle's manifest has now. Returns the PIDs whose schema changed. */
  update(bundle: Bundle, declared: Schemas): string[] {
    const changed = this.#forget(bundle, declared);
    for (const [pid, source] of Object.entries(declared)) {
      const known = this.#byPid.get(pid);
      if (known?.schema.source === source) continue;
      if (known && known.bundle !== bundle) {
        this.log.warn('another bundle declares the schema of this PID', { pid, bundle: bundle.symbolicName });
        continue;
      }
      try {
        this.#byPid.set(pid, { bundle, schema: new ConfigurationSchema(source) });
        changed.push(pid);
      } catch (error) {
        this.log.error('not a JSON Schema', { pid, bundle: bundle.symbolicName, error });
      }
    }
    return changed;
  }

  #forget(bundle: Bundle, declared: Schemas): string[] {
    const gone: string[] = [];
    for (const [pid, entry] of this.#byPid) {
      if (entry.bundle === bundle && !Object.hasOwn(declared, pid)) gone.push(pid);
    }
    for (const pid of gone) this.#byPid.delete(pid);
    return gone;
  }
}
