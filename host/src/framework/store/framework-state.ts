import { BundleError } from '@oxtender/bundle-api';
import { Generation } from '../generation';
import type { HostFramework } from '../host-framework';
import { Installation } from '../installation';
import { type BundleRecord, type ContentRecord, StateFile, type StoredState } from './state-file';

/** Persistent state of the framework and its bundles: what is written, and how it comes back (rules P9, P10). */
export class FrameworkState {
  readonly #host: HostFramework;
  readonly #file: StateFile | undefined;
  #nextId = 1;
  /** Bundles whose content cannot be read now; kept as they were, for it may come back. */
  #unreadable: BundleRecord[] = [];

  constructor(host: HostFramework, store: string | undefined) {
    this.#host = host;
    this.#file = store === undefined ? undefined : new StateFile(store, () => this.#snapshot());
  }

  /** Never given out again (rule M2). */
  takeId(): number {
    return this.#nextId++;
  }

  /** For the last id taken, when nobody saw it (rule L3). */
  giveBackId(id: number): void {
    if (id === this.#nextId - 1) this.#nextId = id;
  }

  save(): Promise<void> | undefined {
    return this.#file?.save();
  }

  async idle(): Promise<void> {
    await this.#file?.idle();
  }

  /** Brings back what the store has. A bundle that cannot be read is a WARNING, not the end. */
  restore(): void {
    this.#host.bundleFolder.sweep();
    const { state, damage } = this.#file?.load(this.#host.clock.now()) ?? {};
    if (damage !== undefined) this.#host.report('WARNING', this.#host.system, undefined, damage);
    if (!state) return;
    this.#nextId = state.nextId;
    this.#host.startLevels.initialBundleLevel = state.initialBundleLevel;
    this.#host.restoreDisabledPatterns(state.disabled);
    for (const record of state.bundles) this.#restoreBundle(record);
    this.#host.content.sweep(contentOf(state));
  }

  #restoreBundle(record: BundleRecord): void {
    try {
      const installation = new Installation(
        this.#host,
        { ...record, ...this.#host.bundleFolder.settingsOf(record.symbolicName) },
        { content: this.#host.content.open(record.id, record.current), generation: record.current.generation },
      );
      installation.previous = this.#previousOf(installation, record.previous);
      this.#checkIntegrity(installation);
      this.#host.bundles.add(installation);
      this.#host.resolver.add(installation.current.resource);
    } catch (error) {
      this.#unreadable.push(record);
      this.#host.report('ERROR', this.#host.system, error, `bundle ${record.symbolicName} cannot be restored`);
    }
  }

  /** A bundle that was tampered with is there to be seen and updated, but does not run. */
  #checkIntegrity(installation: Installation): void {
    try {
      this.#host.content.check(installation.current.content);
    } catch (error) {
      if (!(error instanceof BundleError) || error.code !== 'INTEGRITY_ERROR') throw error;
      installation.corruption = error;
      installation.lastError = error.message;
      this.#host.report('ERROR', installation.bundle, error);
    }
  }

  #previousOf({ bundle }: Installation, record: ContentRecord | undefined): Generation | undefined {
    if (!record?.stored) return undefined;
    try {
      return new Generation(bundle, record.generation, this.#host.content.open(bundle.id, record));
    } catch (error) {
      this.#host.report('WARNING', bundle, error, 'the previous generation is lost');
      return undefined;
    }
  }

  #snapshot(): StoredState {
    const { startLevels, disabledPatterns, bundles } = this.#host;
    const records = [...bundles]
      .map((installation) => this.#record(installation))
      .filter((record) => record !== undefined);
    return {
      format: 1,
      nextId: this.#nextId,
      initialBundleLevel: startLevels.initialBundleLevel,
      disabled: disabledPatterns,
      bundles: [...records, ...this.#unreadable.filter(({ location }) => !bundles.at(location))],
    };
  }

  #record(installation: Installation): BundleRecord | undefined {
    const { id, location, symbolicName, version, autostart, startLevel, enabled, lastError } = installation;
    const current = this.#host.content.record(installation.current);
    const previous = installation.previous && this.#host.content.record(installation.previous);
    if (!current) return undefined;
    return {
      id,
      location,
      symbolicName,
      version,
      autostart,
      startLevel,
      enabled,
      current,
      ...(previous && { previous }),
      ...(lastError !== undefined && { lastError }),
    };
  }
}

function contentOf({ bundles }: StoredState): Set<string> {
  const stored = bundles.flatMap(({ current, previous }) => [current, previous]);
  return new Set(stored.filter((record) => record?.stored).map((record) => record?.path ?? ''));
}
