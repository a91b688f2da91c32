import { createHash } from 'node:crypto';
import type { StoredContent } from '@oxtender/bundle-api';
import { pieceSize } from '../wbxml';
import type { FileBytes } from './file-bytes';

/** Bytes that a device sent, for the groupware. */
export class FileContent implements StoredContent {
  #digest: string | undefined;

  constructor(private readonly bytes: FileBytes) {}

  get length(): number {
    return this.bytes.length;
  }

  /** Worked out piece by piece when it is first asked for. */
  get digest(): string {
    if (this.#digest !== undefined) return this.#digest;
    const hash = createHash('sha256');
    for (let start = 0; start < this.length; start += pieceSize)
      hash.update(this.bytes.slice(start, start + pieceSize).read());
    return (this.#digest = hash.digest('base64url'));
  }

  stream(): AsyncIterable<Uint8Array> {
    return this.bytes.stream();
  }

  read(): Uint8Array {
    return this.bytes.read();
  }
}
