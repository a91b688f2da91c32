import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sweepTemporaryFiles, writeFileAtomically } from '../../files/atomic-file';
import type { Autostart } from '../installation';

/** Where a generation's content is: in the store, or a folder of somebody else's that is used in place. */
export interface ContentRecord {
  readonly generation: number;
  /** Relative to the store when `stored`, else absolute. */
  readonly path: string;
  readonly stored: boolean;
  readonly digest?: string;
}

/** What the store remembers of a bundle (rule P9). */
export interface BundleRecord {
  readonly id: number;
  readonly location: string;
  readonly symbolicName: string;
  readonly version: string;
  readonly autostart: Autostart;
  readonly startLevel: number;
  readonly enabled: boolean;
  readonly current: ContentRecord;
  readonly previous?: ContentRecord;
  readonly lastError?: string;
}

/** What the store remembers of the framework. */
export interface StoredState {
  readonly format: 1;
  readonly nextId: number;
  readonly initialBundleLevel: number;
  readonly disabled: readonly string[];
  readonly bundles: readonly BundleRecord[];
}

/** The file that holds a framework's persistent state. Writes that are asked for while one runs become one. */
export class StateFile {
  readonly #path: string;
  readonly #snapshot: () => StoredState;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(folder: string, snapshot: () => StoredState) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, 'framework.json');
    this.#snapshot = snapshot;
  }

  /** The state, or why there is none: a file that cannot be read is set aside (rule P10). */
  load(now: number): { state?: StoredState; damage?: string } {
    sweepTemporaryFiles(dirname(this.#path));
    if (!existsSync(this.#path)) return {};
    try {
      const state: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      if (isState(state)) return { state };
      throw new TypeError('not a framework state of format 1');
    } catch (error) {
      const aside = `${this.#path}.${new Date(now).toISOString().replaceAll(':', '-')}.damaged`;
      renameSync(this.#path, aside);
      return { damage: `the framework's state could not be read (${String(error)}) and was set aside as ${aside}` };
    }
  }

  /** Resolves when the state as it is now, or later, is on the disk. */
  save(): Promise<void> {
    if (!this.#running) return (this.#running = this.#write());
    this.#next ??= this.#running
      .catch(() => undefined) // whoever asked for that write was told
      .then(() => {
        this.#next = undefined;
        return (this.#running = this.#write());
      });
    return this.#next;
  }

  /** Resolves when no write is running. */
  async idle(): Promise<void> {
    while (this.#next ?? this.#running) await (this.#next ?? this.#running);
  }

  async #write(): Promise<void> {
    try {
      await writeFileAtomically(this.#path, `${JSON.stringify(this.#snapshot(), null, 2)}\n`, { mode: 0o600 });
    } finally {
      this.#running = undefined;
    }
  }
}

function isState(value: unknown): value is StoredState {
  const state = value as Partial<StoredState> | null;
  return (
    typeof state === 'object' && state?.format === 1 && Array.isArray(state.bundles) && Number.isInteger(state.nextId)
  );
}
