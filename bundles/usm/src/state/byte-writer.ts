/** Grows as it is written. Integers are variable-length, seven bits a byte, lowest first. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** 0 to 2^53 - 1. */
  uint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Zigzag: small absolute values are short. */
  int(value: number): void {
    this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  uint24(value: number): void {
    this.#reserve(3);
    this.#length = this.#bytes.writeUIntBE(value, this.#length, 3);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.uint(size);
    this.#reserve(size);
    this.#length += this.#bytes.write(value, this.#length);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** One bit per flag. */
  bits(flags: readonly boolean[]): void {
    for (let at = 0; at < flags.length; at += 8) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit++) if (flags[at + bit] === true) byte |= 1 << bit;
      this.byte(byte);
    }
  }

  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
