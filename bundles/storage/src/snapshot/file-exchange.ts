import { constants, existsSync } from 'node:fs';
import { copyFile, link, open, rename, rm, statfs, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseError, type Instant } from '@oxtender/bundle-api';

/**
 * Puts a copy of another file in the place of the database, and back. At every moment there is a whole database under the name:
 * whatever ends the process, the next one finds the file before or the new one.
 */
export class FileExchange {
  readonly #next: string;

  private constructor(
    private readonly file: string,
    /** Where the database before is kept. */
    readonly kept: string,
  ) {
    this.#next = `${file}.next`;
  }

  /** Copies the new file beside the database, which may still be open. @throws DatabaseError FULL */
  static async prepare(file: string, replacement: string, now: Instant): Promise<FileExchange> {
    const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
    const exchange = new FileExchange(file, `${file}.before-restore-${stamp}`);
    await exchange.#copy(replacement);
    return exchange;
  }

  /** @throws DatabaseError BUSY when another process has the database open */
  async exchange(): Promise<void> {
    if (existsSync(`${this.file}-wal`))
      throw new DatabaseError('BUSY', `another program has ${this.file} open (fuser ${this.file})`);
    if (existsSync(this.file)) await link(this.file, this.kept);
    await rename(this.#next, this.file);
    await syncFolder(this.file);
  }

  /** The database before is back. Nobody may have the new one open. */
  async undo(): Promise<void> {
    for (const suffix of ['-wal', '-shm']) await rm(this.file + suffix, { force: true });
    if (existsSync(this.kept)) await rename(this.kept, this.file);
    else await rm(this.file, { force: true });
    await syncFolder(this.file);
  }

  /** Takes away what was prepared and is not needed. */
  async discard(): Promise<void> {
    await rm(this.#next, { force: true });
  }

  async #copy(replacement: string): Promise<void> {
    const [{ size }, { bavail, bsize }] = await Promise.all([stat(replacement), statfs(dirname(this.file))]);
    if (bavail * bsize < size) throw new DatabaseError('FULL', `${dirname(this.file)} has no room for ${size} bytes`);
    await this.discard();
    await copyFile(replacement, this.#next, constants.COPYFILE_EXCL);
    const next = await open(this.#next, 'r+');
    try {
      await next.chmod(0o600);
      await next.sync();
    } finally {
      await next.close();
    }
  }
}

async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
