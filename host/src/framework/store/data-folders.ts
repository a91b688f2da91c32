import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import type { Bundle } from '@oxtender/bundle-api';

/** A folder per symbolic name for what bundles keep (rule U8). By name and not by id, so that it outlives a lost store. */
export class DataFolders {
  readonly #folder: string | undefined;
  #temporary: string | undefined;

  /** @param folder - undefined: a temporary one, gone with the framework */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /**
   * A file in the bundle's folder, or the folder itself; folders on the way are made.
   *
   * @throws RangeError for a path that leads out of the folder
   */
  file({ symbolicName }: Bundle, path: string): string {
    const home = this.#home(symbolicName);
    const file = resolve(home, path);
    if (file !== home && !file.startsWith(home + sep)) throw new RangeError(`"${path}" leads out of the data folder`);
    mkdirSync(path === '' ? home : dirname(file), { recursive: true });
    return file;
  }

  async remove({ symbolicName }: Bundle): Promise<void> {
    if (this.#folder === undefined && this.#temporary === undefined) return;
    await rm(this.#home(symbolicName), { recursive: true, force: true });
  }

  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
    this.#temporary = undefined;
  }

  #home(symbolicName: string): string {
    const root = this.#folder ?? (this.#temporary ??= mkdtempSync(join(tmpdir(), 'oxtender-data-')));
    return join(resolve(root), symbolicName.replaceAll('/', '_'));
  }
}
