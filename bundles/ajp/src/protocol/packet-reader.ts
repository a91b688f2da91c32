import { AjpError } from '../ajp-error';
import { nullString } from './codes';

/** Reads the data types of AJP from a packet's payload. "Data Types". @throws AjpError MALFORMED_PACKET past its end */
export class PacketReader {
  #offset = 0;

  constructor(private readonly payload: Buffer) {}

  get offset(): number {
    return this.#offset;
  }

  byte(): number {
    return this.payload.readUInt8(this.#take(1));
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  integer(): number {
    return this.payload.readUInt16BE(this.#take(2));
  }

  /** Its length, its bytes, and a zero that the length does not count; undefined: none. */
  string(): string | undefined {
    const length = this.integer();
    return length === nullString ? undefined : this.text(length);
  }

  /** A string whose length is known. */
  text(length: number): string {
    const begin = this.#take(length + 1);
    if (this.payload[begin + length] !== 0) throw this.malformed('a string that does not end where it should');
    return this.payload.toString('latin1', begin, begin + length);
  }

  malformed(what: string): AjpError {
    return new AjpError('MALFORMED_PACKET', `${what}, at byte ${this.#offset} of ${this.payload.length}`);
  }

  #take(count: number): number {
    const begin = this.#offset;
    if (begin + count > this.payload.length) throw this.malformed(`a packet that ends ${count} bytes too early`);
    this.#offset += count;
    return begin;
  }
}
