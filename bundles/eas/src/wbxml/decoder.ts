import { type StoredBytes, JoinedBytes, LargeValue, MemoryBytes } from './bytes';
import { tagNamed, tagOf } from './code-page-table';
import { type DocumentHeader, readHeader } from './document-header';
import { InlineText } from './inline-text';
import { type DecodeLimits, defaultLimits } from './limits';
import { integerOverflow, integerTruncated, readMultiByteInteger, skipMultiByteInteger } from './multi-byte-integer';
import type { DocumentInput } from './outline';
import { type Tag, literalToken } from './tag';
import { attributeFlag, contentFlag, GlobalToken, tokenMask } from './tokens';
import { WbxmlError, type WbxmlErrorCode } from './wbxml-error';

/** What {@link WbxmlReader.next} came upon. */
export const WbxmlEvent = { Start: 1, End: 2, Text: 3, Opaque: 4, EndOfDocument: 5, Large: 6 } as const;
export type WbxmlEvent = (typeof WbxmlEvent)[keyof typeof WbxmlEvent];

/**
 * Reads a WBXML document from memory, piece by piece, in one pass and without a tree.
 *
 * Two levels that may be mixed: {@link WbxmlReader.next} gives event after event; {@link WbxmlReader.nextChild},
 * {@link WbxmlReader.text}, {@link WbxmlReader.bytes}, {@link WbxmlReader.stored} and {@link WbxmlReader.skip} follow the shape of a schema: open an
 * element, then consume it by exactly one of them, `nextChild` being called until it gives no more.
 *
 * Tolerant of what devices do: missing ends at the end of the document, ends too many, an element opened and closed
 * in place of an empty one, the string table, entities, tags spelt out. Everything else throws {@link WbxmlError}.
 */
export class WbxmlReader {
  /** After `Start` and `End`: the element. */
  tag: Tag | undefined;
  /** After `Text`. */
  string = '';
  /** After `Opaque`: a view of the input, not a copy. */
  opaque: Uint8Array = noBytes;
  /** After `Large`: text or bytes that the input left out. */
  large: LargeValue<StoredBytes> | undefined;

  readonly #bytes: Buffer;
  readonly #values: ReadonlyMap<number, StoredBytes> | undefined;
  readonly #header: DocumentHeader;
  readonly #inline: InlineText;
  readonly #limits: DecodeLimits;
  readonly #open: Tag[] = [];
  readonly #tableStrings = new Map<number, string>();
  #position = 0;
  #page = 0;
  #nodes = 0;
  #tableTextLength = 0;
  /** The innermost open element has no content and thus no end in the input. */
  #emptyElement = false;

  /** @throws WbxmlError when the header cannot be read */
  constructor(input: Uint8Array | DocumentInput, limits: DecodeLimits = defaultLimits) {
    const bytes = input instanceof Uint8Array ? input : input.bytes;
    this.#values = input instanceof Uint8Array ? undefined : input.values;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    if (bytes.length > limits.documentLength) throw this.error('TOO_LONG', `a document of ${bytes.length} bytes`);
    this.#header = readHeader(this.#bytes);
    this.#inline = new InlineText(this.#bytes, this.#header.encoding);
    this.#position = this.#header.bodyOffset;
  }

  /** Offset of the next byte. */
  get offset(): number {
    return this.#position;
  }

  /** Number of open elements. */
  get depth(): number {
    return this.#open.length;
  }

  /** Names of the open elements, for messages: `Sync/Collections/Collection`. */
  get path(): string {
    return this.#open.map((tag) => tag.name).join('/');
  }

  /** The next piece of the document. */
  next(): WbxmlEvent {
    if (this.#emptyElement) return this.#end();
    const bytes = this.#bytes;
    while (this.#position < bytes.length) {
      const byte = bytes[this.#position++] as number;
      switch (byte) {
        case GlobalToken.SwitchPage:
          this.#page = this.#byte();
          break;
        case GlobalToken.End:
          if (this.#open.length > 0) return this.#end();
          break;
        case GlobalToken.InlineString:
          if (this.#values?.has(this.#position)) return this.#largeText();
          this.string = this.#inlineString();
          return this.#text();
        case GlobalToken.TableString:
          this.string = this.#tableString(this.#integer());
          return this.#text();
        case GlobalToken.Entity:
          this.string = this.#entity();
          return this.#text();
        case GlobalToken.Opaque:
          return this.#opaque();
        case GlobalToken.Literal:
        case GlobalToken.LiteralWithContent:
          return this.#start(this.#literalTag(), byte === GlobalToken.LiteralWithContent);
        default:
          return this.#start(this.#pageTag(byte), (byte & contentFlag) !== 0);
      }
    }
    return this.#open.length > 0 ? this.#end() : WbxmlEvent.EndOfDocument;
  }

  /** Opens the document's element. @throws WbxmlError NO_ELEMENT */
  root(): Tag {
    const tag = this.nextChild();
    if (!tag) throw this.error('NO_ELEMENT', 'no element');
    return tag;
  }

  /**
   * Opens the next child of the open element, or the document's element; `undefined` at its end, which closes it.
   * White space between elements is passed over.
   */
  nextChild(): Tag | undefined {
    for (;;) {
      switch (this.next()) {
        case WbxmlEvent.Start:
          return this.tag;
        case WbxmlEvent.End:
        case WbxmlEvent.EndOfDocument:
          return undefined;
        case WbxmlEvent.Text:
          if (this.string.trim() !== '') throw this.error('UNEXPECTED_CONTENT', 'text where elements belong');
          break;
        case WbxmlEvent.Opaque:
        case WbxmlEvent.Large:
          throw this.error('UNEXPECTED_CONTENT', 'bytes where elements belong');
      }
    }
  }

  /** The text of the open element up to its end, which closes it. Bytes are taken as UTF-8. */
  text(): string {
    let text = '';
    for (;;) {
      switch (this.next()) {
        case WbxmlEvent.Text:
          text = text === '' ? this.string : text + this.string;
          break;
        case WbxmlEvent.Opaque:
          text += toBuffer(this.opaque).toString('utf8');
          break;
        case WbxmlEvent.Large:
          text += this.large?.text ?? '';
          break;
        case WbxmlEvent.Start:
          throw this.error('UNEXPECTED_CONTENT', 'an element where text belongs');
        case WbxmlEvent.End:
        case WbxmlEvent.EndOfDocument:
          return text;
      }
    }
  }

  /** The bytes of the open element up to its end, which closes it. Text is given as UTF-8. */
  bytes(): Uint8Array {
    return this.stored().read();
  }

  /** As {@link WbxmlReader.bytes}; a large value stays where it is. */
  stored(): StoredBytes {
    const pieces: StoredBytes[] = [];
    for (;;) {
      switch (this.next()) {
        case WbxmlEvent.Text:
          pieces.push(new MemoryBytes(Buffer.from(this.string)));
          break;
        case WbxmlEvent.Opaque:
          pieces.push(new MemoryBytes(this.opaque));
          break;
        case WbxmlEvent.Large:
          if (this.large) pieces.push(this.large.bytes);
          break;
        case WbxmlEvent.Start:
          throw this.error('UNEXPECTED_CONTENT', 'an element where bytes belong');
        case WbxmlEvent.End:
        case WbxmlEvent.EndOfDocument:
          return pieces.length === 1 && pieces[0] ? pieces[0] : new MemoryBytes(new JoinedBytes(pieces).read());
      }
    }
  }

  /** Passes over the rest of the open element and closes it. */
  skip(): void {
    const outside = this.#open.length - 1;
    while (this.#open.length > outside && this.next() !== WbxmlEvent.EndOfDocument);
  }

  /** Checks that nothing follows the document's element. @throws WbxmlError TRAILING_DATA */
  finish(): void {
    if (this.next() !== WbxmlEvent.EndOfDocument)
      throw this.error('TRAILING_DATA', 'data after the end of the document');
  }

  /** An error at the present place. */
  error(code: WbxmlErrorCode, message: string): WbxmlError {
    return new WbxmlError(code, message, this.#position, this.path);
  }

  #start(tag: Tag, hasContent: boolean): WbxmlEvent {
    if (this.#open.length === 0 && this.#nodes > 0) throw this.error('TRAILING_DATA', 'a second document element');
    this.#countNode();
    if (this.#open.length >= this.#limits.depth) throw this.error('TOO_DEEP', 'elements nested too deeply');
    this.#open.push(tag);
    this.#emptyElement = !hasContent;
    this.tag = tag;
    return WbxmlEvent.Start;
  }

  #end(): WbxmlEvent {
    this.#emptyElement = false;
    this.tag = this.#open.pop();
    return WbxmlEvent.End;
  }

  #text(): WbxmlEvent {
    this.#countNode();
    if (this.#open.length === 0) throw this.error('UNEXPECTED_CONTENT', 'text outside of the document element');
    return WbxmlEvent.Text;
  }

  #opaque(): WbxmlEvent {
    this.#countNode();
    const length = this.#integer();
    const start = this.#position;
    const large = this.#values?.get(start);
    if (large) return this.#large(large, length);
    this.#claim(length);
    this.opaque = this.#bytes.subarray(start, this.#position);
    if (this.#open.length === 0) throw this.error('UNEXPECTED_CONTENT', 'bytes outside of the document element');
    return WbxmlEvent.Opaque;
  }

  /** @param announced - bytes */
  #large(bytes: StoredBytes, announced: number): WbxmlEvent {
    if (bytes.length !== announced) throw this.error('TRUNCATED', `${announced} bytes announced`);
    this.large = new LargeValue(bytes, 'bytes');
    if (this.#open.length === 0) throw this.error('UNEXPECTED_CONTENT', 'bytes outside of the document element');
    return WbxmlEvent.Large;
  }

  #largeText(): WbxmlEvent {
    this.#countNode();
    const bytes = this.#values?.get(this.#position) as StoredBytes;
    if (this.#byte() !== 0) throw this.error('TRUNCATED', 'string without end');
    this.large = new LargeValue(bytes, 'text');
    if (this.#open.length === 0) throw this.error('UNEXPECTED_CONTENT', 'text outside of the document element');
    return WbxmlEvent.Large;
  }

  #countNode(): void {
    if (++this.#nodes > this.#limits.nodes) throw this.error('TOO_MANY_NODES', 'too many elements and values');
  }

  #pageTag(byte: number): Tag {
    if ((byte & attributeFlag) !== 0 || (byte & tokenMask) < 0x05) {
      throw this.error('UNSUPPORTED_TOKEN', `token 0x${byte.toString(16)} is not used in ActiveSync`);
    }
    const tag = tagOf(this.#page, byte & tokenMask);
    if (!tag)
      throw this.error('UNKNOWN_TAG', `code page ${this.#page} has no tag 0x${(byte & tokenMask).toString(16)}`);
    return tag;
  }

  #literalTag(): Tag {
    const name = this.#tableString(this.#integer());
    const namespace = tagOf(this.#page, 0x05)?.namespace ?? '';
    return tagNamed(namespace, name) ?? { page: this.#page, namespace, token: literalToken, name };
  }

  #inlineString(): string {
    const start = this.#position;
    const text = this.#inline.read(start);
    if (this.#inline.end < 0) throw this.error('TRUNCATED', 'string without end');
    this.#claim(this.#inline.end - start);
    this.#position++;
    return text;
  }

  #tableString(index: number): string {
    const { stringTable, encoding } = this.#header;
    let text = this.#tableStrings.get(index);
    if (text === undefined) {
      if (index >= stringTable.length) throw this.error('BAD_STRING_INDEX', `no string at ${index}`);
      const end = stringTable.indexOf(0, index);
      text = stringTable.toString(encoding, index, end < 0 ? stringTable.length : end);
      this.#tableStrings.set(index, text);
    }
    this.#tableTextLength += text.length;
    if (this.#tableTextLength > this.#limits.tableTextLength)
      throw this.error('TOO_LONG', 'too much text of the string table');
    return text;
  }

  #entity(): string {
    const codePoint = this.#integer();
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint > 0x10ffff || isSurrogate) throw this.error('BAD_ENTITY', `no character ${codePoint}`);
    return String.fromCodePoint(codePoint);
  }

  /** Takes `length` bytes of a value. */
  #claim(length: number): void {
    if (length > this.#bytes.length - this.#position) throw this.error('TRUNCATED', `${length} bytes announced`);
    if (length > this.#limits.valueLength) throw this.error('TOO_LONG', `a value of ${length} bytes`);
    this.#position += length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#position++];
    if (byte === undefined) throw this.error('TRUNCATED', 'the document ends inside a token');
    return byte;
  }

  #integer(): number {
    const value = readMultiByteInteger(this.#bytes, this.#position);
    if (value === integerTruncated) throw this.error('TRUNCATED', 'the document ends inside an integer');
    if (value === integerOverflow) throw this.error('INTEGER_OVERFLOW', 'an integer above 32 bits');
    this.#position = skipMultiByteInteger(this.#bytes, this.#position);
    return value;
  }
}

const noBytes = new Uint8Array(0);

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
