import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteStream, Logger } from '@oxtender/bundle-api';
import { MemoryBytes, type StoredBytes } from '../wbxml';
import { ContentError } from './content-error';
import { FileBytes } from './file-bytes';

/** Bytes that one request may keep in memory; what is more goes to a file. */
export const heldInMemory = 262_144;

/**
 * Where contents are kept that are too large for memory. A file is open as long as its request lasts and has no name: when
 * the process ends, however it ends, nothing stays behind.
 */
export class ContentStore {
  private constructor(
    private readonly folder: string,
    private readonly log: Logger,
  ) {}

  /** Takes away what was left between making a file and taking its name. */
  static async open(folder: string, log: Logger): Promise<ContentStore> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) await unlink(join(folder, name));
    return new ContentStore(folder, log);
  }

  /** For one request. */
  contents(): Contents {
    return new Contents(() => this.#file(), this.log);
  }

  async #file(): Promise<FileHandle> {
    const path = join(this.folder, randomUUID());
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return file;
  }
}

/** Contents of one request, small ones in memory. Gone when disposed. */
export class Contents implements AsyncDisposable {
  readonly #open: () => Promise<FileHandle>;
  #file: FileHandle | undefined;
  #end = 0;
  #held = 0;
  #disposed = false;
  /** One after the other: all go to the end of the same file. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    open: () => Promise<FileHandle>,
    private readonly log: Logger,
  ) {
    this.#open = open;
  }

  /**
   * Takes a content. The source must not wait for another content of the request to be taken.
   *
   * @throws ContentError NO_ROOM; or what the source throws
   */
  store(source: ByteStream): Promise<StoredBytes> {
    const stored = this.#last.then(() => this.#store(source));
    this.#last = stored.catch(() => undefined);
    return stored;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.#file?.close();
  }

  async #store(source: ByteStream): Promise<StoredBytes> {
    const start = this.#end;
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of source) {
      length += piece.length;
      if (this.#end === start && this.#held + length <= heldInMemory) {
        pieces.push(piece);
        continue;
      }
      for (const each of pieces.splice(0)) await this.#append(each);
      await this.#append(piece);
    }
    if (this.#file && this.#end > start) return new FileBytes(this.#file, start, length);
    this.#held += length;
    return new MemoryBytes(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
  }

  async #append(piece: Uint8Array): Promise<void> {
    try {
      this.#file ??= await this.#open();
      // Opened after the end: nobody else would close it.
      if (this.#disposed) await this.#file.close();
      for (let done = 0; done < piece.length;) {
        const { bytesWritten } = await this.#file.write(piece, done, piece.length - done, this.#end);
        done += bytesWritten;
        this.#end += bytesWritten;
      }
    } catch (cause) {
      if (!this.#disposed) this.log.error('no room for large mails and files: make some on the disk', { error: cause });
      throw new ContentError('NO_ROOM', 'a large content could not be kept', { cause, retryable: true });
    }
  }
}
