import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseError } from '@oxtender/bundle-api';
import { GroupSync } from './group-sync';

/**
 * Brings commits to the disk without stopping this process. SQLite's own `synchronous = FULL` waits for the disk in the
 * calling thread at every commit; with NORMAL it writes the same log and leaves the waiting to us. A commit that is on the
 * disk is there with all before it: on recovery SQLite reads the log up to the first frame that is not whole.
 * https://sqlite.org/wal.html, https://sqlite.org/pragma.html#pragma_synchronous
 */
export class WriteAheadLog {
  readonly #path: string;
  readonly #group = new GroupSync(() => this.#sync());
  #handle: Promise<FileHandle> | undefined;

  constructor(file: string) {
    this.#path = `${file}-wal`;
  }

  /** Resolves when everything committed before is on the disk. @throws DatabaseError OUTCOME_UNKNOWN */
  async synced(): Promise<void> {
    try {
      await this.#group.synced();
    } catch (cause) {
      throw new DatabaseError('OUTCOME_UNKNOWN', `a commit did not reach the disk: ${String(cause)}`, { cause });
    }
  }

  async close(): Promise<void> {
    await (await this.#handle)?.close();
  }

  async #sync(): Promise<void> {
    this.#handle ??= openLog(this.#path);
    await (await this.#handle).datasync();
  }
}

/** SQLite keeps the file as long as somebody has the database open. Its name must reach the disk too. */
async function openLog(path: string): Promise<FileHandle> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return open(path, 'r');
}
