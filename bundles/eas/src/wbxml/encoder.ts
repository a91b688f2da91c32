import { type Bytes, JoinedBytes, LargeValue, MemoryBytes } from './bytes';
import type { Element } from './element';
import { multiByteInteger } from './multi-byte-integer';
import { type Tag, literalToken, qualifiedName } from './tag';
import { cleanText } from './text';
import { Charset, contentFlag, GlobalToken, unknownPublicId, wbxmlVersion } from './tokens';

/** Encodes a tree as a document. [MS-ASWBXML]: version 1.3, no public id, UTF-8, no string table. */
export function encode(root: Element): Uint8Array {
  const writer = new WbxmlWriter();
  writer.element(root);
  return writer.finish();
}

/** The same where large values may be in it: these are read when the document is sent. */
export function encodeLarge(root: Element): Bytes {
  const writer = new WbxmlWriter();
  writer.element(root);
  return writer.finishLarge();
}

/** Most values are short. Up to this length writing each byte is faster than the calls that do it for long ones. */
const shortLength = 48;

/** Writes a WBXML document piece by piece into one growing buffer. */
export class WbxmlWriter {
  #buffer: Buffer;
  #length = 0;
  /** What stands before the buffer: only where there are large values. */
  #before: Bytes[] = [];
  #page = 0;
  #depth = 0;

  /** @param sizeHint - bytes to begin with */
  constructor(sizeHint = 1024) {
    this.#buffer = Buffer.allocUnsafe(Math.max(sizeHint, 16));
    for (const byte of [wbxmlVersion, unknownPublicId, Charset.Utf8, 0]) this.#byte(byte);
  }

  /** Begins an element that has content; {@link WbxmlWriter.close} ends it. */
  open(tag: Tag): void {
    this.#tag(tag, contentFlag);
    this.#depth++;
  }

  close(): void {
    if (this.#depth === 0) throw new RangeError('no element is open');
    this.#depth--;
    this.#byte(GlobalToken.End);
  }

  /** An element without content. */
  empty(tag: Tag): void {
    this.#tag(tag, 0);
  }

  /** Text of the open element. What XML forbids is left out. */
  text(text: string): void {
    this.#reserve(text.length * 3 + 2);
    this.#buffer[this.#length++] = GlobalToken.InlineString;
    this.#length = this.#shortText(text) ?? this.#length + this.#buffer.write(cleanText(text), this.#length, 'utf8');
    this.#buffer[this.#length++] = 0;
  }

  /** Bytes of the open element. */
  opaque(bytes: Uint8Array): void {
    this.#reserve(bytes.length + 6);
    this.#byte(GlobalToken.Opaque);
    for (const byte of multiByteInteger(bytes.length)) this.#byte(byte);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** An element with all that is in it. */
  element({ tag, content }: Element): void {
    if (content instanceof LargeValue) {
      this.#large(tag, content);
    } else if (content === undefined || content.length === 0) {
      if (content instanceof Uint8Array) this.#leaf(tag, content);
      else this.empty(tag);
    } else if (typeof content === 'string' || content instanceof Uint8Array) {
      this.#leaf(tag, content);
    } else {
      this.open(tag);
      for (const child of content) this.element(child);
      this.close();
    }
  }

  /** The document so far; a view of the writer's buffer. */
  finish(): Uint8Array {
    if (this.#before.length > 0) return this.finishLarge().read();
    if (this.#depth > 0) throw new RangeError(`${this.#depth} elements are open`);
    return this.#buffer.subarray(0, this.#length);
  }

  /** The document so far, with its large values where they are. */
  finishLarge(): Bytes {
    if (this.#depth > 0) throw new RangeError(`${this.#depth} elements are open`);
    const rest = new MemoryBytes(this.#buffer.subarray(0, this.#length));
    return this.#before.length === 0 ? rest : new JoinedBytes([...this.#before, rest]);
  }

  #large(tag: Tag, { bytes, form }: LargeValue): void {
    this.open(tag);
    this.#byte(form === 'text' ? GlobalToken.InlineString : GlobalToken.Opaque);
    if (form === 'bytes') for (const byte of multiByteInteger(bytes.length)) this.#byte(byte);
    this.#before.push(new MemoryBytes(this.#buffer.subarray(0, this.#length)), bytes);
    this.#buffer = Buffer.allocUnsafe(1024);
    this.#length = 0;
    if (form === 'text') this.#byte(0);
    this.close();
  }

  #leaf(tag: Tag, value: string | Uint8Array): void {
    this.open(tag);
    if (typeof value === 'string') this.text(value);
    else this.opaque(value);
    this.close();
  }

  /** Writes short text of ordinary characters, and returns the offset after it; `undefined` when it is not that. */
  #shortText(text: string): number | undefined {
    if (text.length > shortLength) return undefined;
    const buffer = this.#buffer;
    let position = this.#length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x20 && code < 0x80) {
        buffer[position++] = code;
      } else if (code >= 0x80 && code < 0x800) {
        buffer[position++] = 0xc0 | (code >> 6);
        buffer[position++] = 0x80 | (code & 0x3f);
      } else {
        return undefined;
      }
    }
    return position;
  }

  #tag(tag: Tag, flags: number): void {
    if (tag.token === literalToken) throw new TypeError(`${qualifiedName(tag)} is on no code page`);
    if (tag.page !== this.#page) {
      this.#byte(GlobalToken.SwitchPage);
      this.#byte(tag.page);
      this.#page = tag.page;
    }
    this.#byte(tag.token | flags);
  }

  #byte(byte: number): void {
    if (this.#length === this.#buffer.length) this.#reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + count));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
