import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from '../installation';

/** So many deaths of the process during a bundle's start, one after the other, and it is not started (rule P11). */
const tolerated = 2;

/**
 * Remembers on disk which bundle is being started. Whoever is still remembered at boot took the process with it the
 * last time. Not synced to the disk: it is for crashes of the process, not of the machine.
 */
export class CrashGuard {
  readonly #folder: string | undefined;
  readonly #deaths = new Map<number, number>();

  constructor(store: string | undefined) {
    this.#folder = store === undefined ? undefined : join(store, 'starting');
    if (this.#folder === undefined) return;
    mkdirSync(this.#folder, { recursive: true });
    for (const id of readdirSync(this.#folder)) {
      this.#deaths.set(Number(id), Number(readFileSync(join(this.#folder, id), 'utf8')) || 1);
    }
  }

  /** True when the bundle must not be started by itself any more. */
  trips({ id }: Installation): boolean {
    return (this.#deaths.get(id) ?? 0) >= tolerated;
  }

  /** The bundle's start begins. */
  enter({ id }: Installation): void {
    if (this.#folder !== undefined)
      writeFileSync(join(this.#folder, String(id)), String((this.#deaths.get(id) ?? 0) + 1));
  }

  /** It ended, well or not, and the process lives. */
  leave({ id }: Installation): void {
    this.#deaths.delete(id);
    if (this.#folder === undefined) return;
    const file = join(this.#folder, String(id));
    if (existsSync(file)) rmSync(file);
  }
}
