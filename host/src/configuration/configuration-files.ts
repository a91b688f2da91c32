import { constants, readdirSync, readFileSync } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files/atomic-file';
import { fileNameOf, pidOf } from './pid';

/** Where the texts of configurations are kept. */
export interface ConfigurationTexts {
  /** All texts by PID, as they are now. */
  read(): ReadonlyMap<string, string>;
  write(pid: string, text: string): Promise<void>;
  remove(pid: string): Promise<void>;
  isWritable(pid: string): Promise<boolean>;
  /** What an operator knows the configuration by. */
  nameOf(pid: string): string;
}

/** One file for each configuration: `<pid>.properties` (rule G1). */
export class ConfigurationFiles implements ConfigurationTexts {
  constructor(readonly folder: string) {}

  read(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const name of readdirOrNone(this.folder)) {
      const pid = pidOf(name);
      const text = pid === undefined ? undefined : readOrGone(join(this.folder, name));
      if (pid !== undefined && text !== undefined) texts.set(pid, text);
    }
    return texts;
  }

  async write(pid: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFileAtomically(this.nameOf(pid), text, { mode: 0o640 });
  }

  async remove(pid: string): Promise<void> {
    await rm(this.nameOf(pid), { force: true });
  }

  async isWritable(pid: string): Promise<boolean> {
    try {
      await access(this.nameOf(pid), constants.W_OK);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT';
    }
  }

  nameOf(pid: string): string {
    return join(this.folder, fileNameOf(pid));
  }
}

/** Configurations of a framework without a store. */
export class ConfigurationMemory implements ConfigurationTexts {
  readonly #texts = new Map<string, string>();

  read(): ReadonlyMap<string, string> {
    return new Map(this.#texts);
  }

  async write(pid: string, text: string): Promise<void> {
    this.#texts.set(pid, text);
    return Promise.resolve();
  }

  async remove(pid: string): Promise<void> {
    this.#texts.delete(pid);
    return Promise.resolve();
  }

  isWritable(): Promise<boolean> {
    return Promise.resolve(true);
  }

  nameOf(pid: string): string {
    return pid;
  }
}

function readdirOrNone(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A file that went between the listing and the reading is not there. */
function readOrGone(path: string): string | undefined {
  try {
    // An editor on Windows begins a file with a byte order mark.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') return undefined;
    throw error;
  }
}
