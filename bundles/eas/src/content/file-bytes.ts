import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pieceSize, type StoredBytes } from '../wbxml';

/** A part of an open file. Whoever opened it closes it. */
export class FileBytes implements StoredBytes {
  constructor(
    private readonly file: FileHandle,
    private readonly start: number,
    readonly length: number,
  ) {}

  read(): Buffer {
    const bytes = Buffer.allocUnsafe(this.length);
    for (let done = 0; done < this.length;) {
      const count = readSync(this.file.fd, bytes, done, this.length - done, this.start + done);
      if (count === 0) throw new RangeError('the file ends too early');
      done += count;
    }
    return bytes;
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for (let done = 0; done < this.length;) {
      // A buffer for each piece: whoever takes it may keep it until it is sent.
      const piece = Buffer.allocUnsafe(Math.min(pieceSize, this.length - done));
      const { bytesRead } = await this.file.read(piece, 0, piece.length, this.start + done);
      if (bytesRead === 0) throw new RangeError('the file ends too early');
      yield piece.subarray(0, bytesRead);
      done += bytesRead;
    }
  }

  slice(start: number, end = this.length): FileBytes {
    const [from, to] = [start, end].map((offset) => Math.max(0, Math.min(offset, this.length))) as [number, number];
    return new FileBytes(this.file, this.start + from, Math.max(0, to - from));
  }
}
