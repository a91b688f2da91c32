import { StateFormatError } from './state-format-error';

/** Reads what {@link ByteWriter} wrote. @throws StateFormatError at the end of the bytes */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new StateFormatError('TRUNCATED', 'a stored state ends too early');
    return value;
  }

  uint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  uint24(): number {
    return this.raw(3).readUIntBE(0, 3);
  }

  text(): string {
    return this.raw(this.uint()).toString('utf8');
  }

  /** A view, not a copy. */
  raw(size: number): Buffer {
    const end = this.#at + size;
    if (end > this.#bytes.length) throw new StateFormatError('TRUNCATED', 'a stored state ends too early');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  bits(count: number): boolean[] {
    const bytes = this.raw(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, at) => ((bytes[at >> 3] ?? 0) & (1 << (at & 7))) !== 0);
  }
}
