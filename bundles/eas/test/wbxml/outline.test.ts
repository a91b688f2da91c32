import { expect } from 'chai';
import fc from 'fast-check';
import {
  AirSync,
  AirSyncBase,
  type Bytes,
  ComposeMail,
  Element,
  LargeValue,
  MemoryBytes,
  type StoredBytes,
  WbxmlError,
  decode,
  element,
  encode,
  encodeLarge,
  longestHeldValue,
  outlineOf,
} from '../../src/wbxml';
import { arbitraryElement } from './arbitrary-element';

/** A document that comes in pieces, as from a file. */
class InPieces implements StoredBytes {
  readonly length: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly size: number,
  ) {
    this.length = bytes.length;
  }

  read(): Uint8Array {
    return this.bytes;
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < this.length; start += this.size)
      yield await Promise.resolve(this.bytes.subarray(start, start + this.size));
  }

  slice(start: number, end?: number): InPieces {
    return new InPieces(this.bytes.subarray(start, end), this.size);
  }
}

/** The same tree with all values in memory. */
function whole({ tag, content }: Element): Element {
  if (content instanceof LargeValue)
    return new Element(tag, content.form === 'text' ? content.text : content.bytes.read());
  return new Element(tag, Array.isArray(content) ? (content as Element[]).map(whole) : content);
}

async function collected(bytes: Bytes): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes.stream()) pieces.push(piece);
  return Buffer.concat(pieces);
}

const pieceSizes = fc.constantFrom(1, 7, 1000, 65_536, 262_144);
const sizes = fc.constantFrom(longestHeldValue - 1, longestHeldValue, longestHeldValue + 1, 3 * longestHeldValue);
const largeContent = fc.oneof(
  sizes.map((size) => 'ä'.repeat(size / 2)),
  sizes.map((size) => Buffer.alloc(size, Buffer.from([0, 1, 3, 0xc3, 0x45, 0xff]))),
);
const largeElement = largeContent.map((content) => new Element(ComposeMail.Mime, content));

describe('The outline of a document', () => {
  it('is read as the document itself, however it comes', () =>
    fc.assert(
      fc.asyncProperty(
        arbitraryElement(),
        fc.array(largeElement, { maxLength: 3 }),
        pieceSizes,
        async (small, large, size) => {
          const root = element(AirSync.Sync, small, large, small);
          const bytes = encode(root);
          const read = decode(await outlineOf(new InPieces(bytes, size)));
          expect(Buffer.from(encode(whole(read))).equals(Buffer.from(bytes))).to.equal(true);
        },
      ),
      { numRuns: 60 },
    ));

  it('holds none of its large values', async () => {
    const mime = Buffer.alloc(10_000_000, 'mail ');
    const bytes = encode(
      element(
        ComposeMail.SendMail,
        element(ComposeMail.ClientId, 'c1'),
        element(ComposeMail.Mime, mime),
        element(AirSyncBase.Data, 'text '.repeat(1_000_000)),
      ),
    );
    const { bytes: held, values } = await outlineOf(new InPieces(bytes, 70_000));
    expect(held.length).to.be.below(100);
    expect(values?.size).to.equal(2);
    const read = decode({ bytes: held, values });
    expect(read.children.map(({ content }) => (content as Buffer).length)).to.deep.equal([2, 10_000_000, 5_000_000]);
    const [, opaque, text] = read.children.map(({ content }) => content as LargeValue);
    expect([opaque?.form, text?.form]).to.deep.equal(['bytes', 'text']);
    expect(mime.equals(await collected((opaque as LargeValue).bytes))).to.equal(true);
  });

  it('is refused as the document itself is when it breaks off', () =>
    fc.assert(
      fc.asyncProperty(
        largeElement,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        pieceSizes,
        async (large, part, size) => {
          const bytes = encode(element(AirSync.Sync, large));
          // The ends of elements may be missing, what is in them may not.
          const cut = bytes.subarray(0, Math.floor((bytes.length - 3) * part));
          const codeOf = (read: () => unknown): unknown => {
            try {
              read();
              return undefined;
            } catch (error) {
              return error instanceof WbxmlError ? error.code : error;
            }
          };
          const input = await outlineOf(new InPieces(cut, size));
          expect(codeOf(() => decode(input))).to.equal(codeOf(() => decode(cut)));
        },
      ),
      { numRuns: 60 },
    ));

  it('takes any bytes without a fault of its own', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), pieceSizes, async (bytes, size) => {
        const input = await outlineOf(new InPieces(bytes, size));
        try {
          decode(input);
        } catch (error) {
          expect(error).to.be.instanceOf(WbxmlError);
        }
      }),
    ));

  it('cuts no text of a document in Latin-1', async () => {
    const bytes = Buffer.from(encode(element(AirSyncBase.Data, 'x'.repeat(3 * longestHeldValue))));
    bytes[2] = 4;
    bytes.fill(0xe4, 10, 20);
    const read = decode(await outlineOf(new InPieces(bytes, 1000)));
    expect(read.text).to.equal(decode(bytes).text).and.include('ä'.repeat(10));
  });
});

describe('A document with large values', () => {
  it('is written as if they were held', () =>
    fc.assert(
      fc.asyncProperty(arbitraryElement(), largeContent, async (small, content) => {
        const bytes = new MemoryBytes(typeof content === 'string' ? Buffer.from(content) : content);
        const value = new LargeValue(bytes, typeof content === 'string' ? 'text' : 'bytes');
        const tree = (data: Element): Element => element(AirSync.Sync, small, data, small);
        const expected = Buffer.from(encode(tree(new Element(AirSyncBase.Data, content))));
        const written = encodeLarge(tree(element(AirSyncBase.Data, value)));
        expect(written.length).to.equal(expected.length);
        expect(expected.equals(await collected(written))).to.equal(true);
        expect(expected.equals(Buffer.from(written.read()))).to.equal(true);
      }),
      { numRuns: 40 },
    ));
});
