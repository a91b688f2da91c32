import type { Bundle, Logger } from '@oxtender/bundle-api';
import { ConfigurationSchema } from './schema';

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
  update(bundle: Bundle): string[] {
    const declared = (bundle.headers.configuration ?? {}) as Readonly<Record<string, Record<string, unknown>>>;
    const changed = bundle.state === 'UNINSTALLED' ? this.#forget(bundle, {}) : this.#forget(bundle, declared);
    if (bundle.state === 'UNINSTALLED') return changed;
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

  #forget(bundle: Bundle, declared: Readonly<Record<string, unknown>>): string[] {
    const gone = [...this.#byPid]
      .filter(([pid, entry]) => entry.bundle === bundle && !(pid in declared))
      .map(([pid]) => pid);
    for (const pid of gone) this.#byPid.delete(pid);
    return gone;
  }
}
