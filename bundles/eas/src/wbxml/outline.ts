import { MemoryBytes, type StoredBytes } from './bytes';
import { Charset, GlobalToken } from './tokens';

/** Values longer than this stay where they are. */
export const longestHeldValue = 65_536;

/** A document for {@link WbxmlReader}: its bytes, of which large values may have been left out. */
export interface DocumentInput {
  readonly bytes: Uint8Array;
  /** What was left out, by the offset in `bytes` at which it would begin. */
  readonly values?: ReadonlyMap<number, StoredBytes> | undefined;
}

/**
 * Reads a document in pieces and holds all of it but its large values, which stay where they are stored: so the reader, which
 * wants its input in memory, takes documents of any size. Knows tokens only as far as it must to find values; what is wrong
 * with a document, the reader says.
 */
export async function outlineOf(document: StoredBytes): Promise<DocumentInput> {
  if (document instanceof MemoryBytes) return { bytes: document.read() };
  const outliner = new Outliner(document);
  for await (const piece of document.stream()) outliner.take(piece);
  return outliner.finish();
}

/** What comes next: reads from the piece at the offset, and returns the offset after what it has read. */
type Step = (piece: Uint8Array, offset: number) => number;

class Outliner {
  readonly #values = new Map<number, StoredBytes>();
  #held = Buffer.allocUnsafe(longestHeldValue);
  #length = 0;
  /** Offset of the present piece in the document. */
  #pieceOffset = 0;
  #step: Step = this.#skip(1, () => this.#header(0));
  #cutsText = true;

  constructor(private readonly document: StoredBytes) {}

  take(piece: Uint8Array): void {
    for (let offset = 0; offset < piece.length;) offset = this.#step(piece, offset);
    this.#pieceOffset += piece.length;
  }

  finish(): DocumentInput {
    return { bytes: this.#held.subarray(0, this.#length), values: this.#values };
  }

  /** Public id (two integers when the first is 0), charset, length of the string table. */
  #header(integers: number, hasIndex = false): void {
    this.#integer((value) => {
      if (integers === 0 && value === 0 && !hasIndex) {
        this.#header(0, true);
        return;
      }
      if (integers === 1) this.#cutsText = value !== Charset.Latin1;
      if (integers < 2) {
        this.#header(integers + 1);
        return;
      }
      this.#step = this.#skip(value, () => (this.#step = this.#token));
    });
  }

  readonly #token: Step = (piece, offset) => {
    let end = offset;
    let then: (() => void) | undefined;
    while (end < piece.length && then === undefined) then = this.#afterToken(piece[end++] as number);
    this.#hold(piece, offset, end);
    then?.();
    return end;
  };

  /** Undefined for a token that stands by itself. */
  #afterToken(token: number): (() => void) | undefined {
    const toToken = (): void => void (this.#step = this.#token);
    switch (token) {
      case GlobalToken.SwitchPage:
        return () => (this.#step = this.#skip(1, toToken));
      case GlobalToken.Entity:
      case GlobalToken.TableString:
      case GlobalToken.Literal:
      case GlobalToken.LiteralWithContent:
        return () => this.#integer(toToken);
      case GlobalToken.Opaque:
        return () => this.#integer((length) => (this.#step = this.#opaque(length)));
      case GlobalToken.InlineString:
        return () => (this.#step = this.#text());
      default:
        return undefined;
    }
  }

  #integer(then: (value: number) => void): void {
    let value = 0;
    this.#step = (piece, offset) => {
      const byte = piece[offset] as number;
      value = value * 128 + (byte & 0x7f);
      this.#hold(piece, offset, offset + 1);
      if (byte < 0x80) then(value);
      return offset + 1;
    };
  }

  /** Holds so many bytes. */
  #skip(count: number, then: () => void): Step {
    let left = count;
    if (left === 0) {
      then();
      return this.#step;
    }
    return (piece, offset) => {
      const end = Math.min(piece.length, offset + left);
      this.#hold(piece, offset, end);
      left -= end - offset;
      if (left === 0) then();
      return end;
    };
  }

  #opaque(length: number): Step {
    if (length <= longestHeldValue) return this.#skip(length, () => (this.#step = this.#token));
    let left = length;
    let start: number | undefined;
    return (piece, offset) => {
      if (start === undefined) {
        start = this.#pieceOffset + offset;
        this.#values.set(this.#length, this.document.slice(start, start + length));
      }
      const end = Math.min(piece.length, offset + left);
      left -= end - offset;
      if (left === 0) this.#step = this.#token;
      return end;
    };
  }

  /** Up to the NUL, which is held. */
  #text(): Step {
    const heldStart = this.#length;
    let start: number | undefined;
    let isCut = false;
    return (piece, offset) => {
      start ??= this.#pieceOffset + offset;
      const nul = piece.indexOf(0, offset);
      const end = nul < 0 ? piece.length : nul;
      const length = this.#pieceOffset + end - start;
      isCut ||= this.#cutsText && length > longestHeldValue;
      if (isCut) this.#length = heldStart;
      else this.#hold(piece, offset, end);
      if (nul < 0) return end;
      if (isCut) this.#values.set(heldStart, this.document.slice(start, start + length));
      this.#hold(piece, nul, nul + 1);
      this.#step = this.#token;
      return nul + 1;
    };
  }

  #hold(piece: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#held.length * 2, length));
      this.#held.copy(larger, 0, 0, this.#length);
      this.#held = larger;
    }
    this.#held.set(piece.subarray(start, end), this.#length);
    this.#length = length;
  }
}
