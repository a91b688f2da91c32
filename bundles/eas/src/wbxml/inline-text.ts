import { longestAsciiText, shortAsciiText } from './ascii-text';

/** Node's own slices. `toString` comes to the same but checks its arguments, which costs as much as the decoding. */
interface TextSlices {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}

/** Most values are short. Up to this length looking at each byte is faster than the calls that do it for long ones. */
const shortLength = 32;

/** Reads texts that end with NUL, one after the other, out of the same bytes. */
export class InlineText {
  /** Offset of the NUL that ended the last text; -1 when there was none. */
  end = 0;
  readonly #bytes: Buffer;
  readonly #encoding: 'utf8' | 'latin1';

  constructor(bytes: Buffer, encoding: 'utf8' | 'latin1') {
    this.#bytes = bytes;
    this.#encoding = encoding;
  }

  /** The text at `start`. What is not valid in the encoding becomes U+FFFD. */
  read(start: number): string {
    const bytes = this.#bytes;
    const slices = bytes as unknown as TextSlices;
    let end = start;
    let bits = 0;
    for (const last = Math.min(start + shortLength, bytes.length); end < last; end++) {
      const byte = bytes[end] as number;
      if (byte === 0) break;
      bits |= byte;
    }
    if (bytes[end] === 0 && bits < 0x80) {
      this.end = end;
      const length = end - start;
      return length <= longestAsciiText ? shortAsciiText(bytes, start, length) : slices.latin1Slice(start, end);
    }
    end = this.end = bytes.indexOf(0, end);
    if (end < 0) return '';
    return this.#encoding === 'utf8' ? slices.utf8Slice(start, end) : slices.latin1Slice(start, end);
  }
}
