/** Bytes of a known number, in memory or not. */
export interface Bytes {
  readonly length: number;
  /** All of them in memory: for what can only be looked at as a whole. */
  read(): Uint8Array;
  /** One piece after the other. */
  stream(): AsyncIterable<Uint8Array>;
}

/** Bytes of which a part can be looked at by itself. */
export interface StoredBytes extends Bytes {
  /** @param end - the offset after the last one; more than there are: up to the last one */
  slice(start: number, end?: number): StoredBytes;
}

/** Large enough to be worth a system call, small enough for a socket. */
export const pieceSize = 262_144;

/** Bytes in memory. */
export class MemoryBytes implements StoredBytes {
  constructor(private readonly bytes: Uint8Array) {}

  get length(): number {
    return this.bytes.length;
  }

  read(): Uint8Array {
    return this.bytes;
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < this.length; start += pieceSize)
      yield await Promise.resolve(this.bytes.subarray(start, start + pieceSize));
  }

  slice(start: number, end?: number): MemoryBytes {
    return new MemoryBytes(this.bytes.subarray(start, end));
  }
}

/** Bytes one after the other, wherever they are. */
export class JoinedBytes implements Bytes {
  readonly length: number;

  constructor(private readonly parts: readonly Bytes[]) {
    this.length = parts.reduce((sum, { length }) => sum + length, 0);
  }

  read(): Uint8Array {
    return Buffer.concat(this.parts.map((part) => part.read()));
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for (const part of this.parts) yield* part.stream();
  }
}

/** A value of a document that is too large to be held with the others. */
export class LargeValue<B extends Bytes = Bytes> {
  constructor(
    readonly bytes: B,
    /** Text stands in a document in UTF-8 and has no NUL. */
    readonly form: 'text' | 'bytes',
  ) {}

  get length(): number {
    return this.bytes.length;
  }

  get text(): string {
    const bytes = this.bytes.read();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  }
}
