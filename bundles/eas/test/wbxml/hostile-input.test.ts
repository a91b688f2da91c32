import { expect } from 'chai';
import fc from 'fast-check';
import { AirSync, ComposeMail, decode, element, encode, WbxmlError } from '../../src/wbxml';
import { object, optional, readDocument, text } from '../../src/protocol/schema';
import { MalformedRequest } from '../../src/protocol/malformed-request';
import { arbitraryElement } from './arbitrary-element';

const header = Buffer.from([0x03, 0x01, 0x6a, 0x00]);

/** Decodes, by tree and by schema: well, or with the codec's own error and no other. */
function survive(bytes: Uint8Array): void {
  for (const read of [() => decode(bytes), () => readDocument(bytes, AirSync.Sync, shape)]) {
    try {
      read();
    } catch (error) {
      expect(error instanceof WbxmlError || error instanceof MalformedRequest, String(error)).to.equal(true);
    }
  }
}
const shape = object({ status: optional(text(AirSync.Status)) }, { unknown: 'skip' });

describe('hostile input', () => {
  it('as random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), survive), { numRuns: 2000 });
    const afterHeader = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([header, bytes]));
    fc.assert(fc.property(afterHeader, survive), { numRuns: 2000 });
  });

  it('as real documents cut anywhere', () => {
    fc.assert(
      fc.property(arbitraryElement(), fc.nat(), (tree, cut) => {
        const bytes = encode(tree);
        survive(bytes.subarray(0, cut % (bytes.length + 1)));
      }),
      { numRuns: 500 },
    );
  });

  it('as real documents with bytes changed, put in or taken out', () => {
    const change = fc.record({ at: fc.nat(), remove: fc.nat({ max: 4 }), insert: fc.uint8Array({ maxLength: 4 }) });
    fc.assert(
      fc.property(arbitraryElement(), fc.array(change, { minLength: 1, maxLength: 4 }), (tree, changes) => {
        let bytes = Buffer.from(encode(tree));
        for (const { at, remove, insert } of changes) {
          const position = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, position), insert, bytes.subarray(position + remove)]);
        }
        survive(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  describe('as a bomb of 10 MB', () => {
    const size = 10_000_000;
    const bombs: [string, Buffer][] = [
      ['nesting', Buffer.alloc(size, 0x45)],
      ['empty elements', Buffer.concat([Buffer.from([0x45]), Buffer.alloc(size, 0x0e)])],
      ['page switches', Buffer.alloc(size, 0x00)],
      ['ends', Buffer.alloc(size, 0x01)],
      ['empty strings', Buffer.concat([Buffer.from([0x45, 0x4e]), repeated([0x03, 0x00], size)])],
      ['strings of one character', Buffer.concat([Buffer.from([0x45, 0x4e]), repeated([0x03, 0x41, 0x00], size)])],
      ['bytes one by one', Buffer.concat([Buffer.from([0x45, 0x4e]), repeated([0xc3, 0x01, 0x41], size)])],
      ['entities', Buffer.concat([Buffer.from([0x45, 0x4e]), repeated([0x02, 0x41], size)])],
      [
        'lengths that lie',
        Buffer.concat([Buffer.from([0x45, 0x4e]), repeated([0xc3, 0x8f, 0xff, 0xff, 0xff, 0x7f], size)]),
      ],
    ];
    for (const [name, body] of bombs) {
      it(`${name}: memory stays in proportion`, () => {
        const bytes = Buffer.concat([header, body]);
        const before = process.memoryUsage().heapUsed;
        survive(bytes);
        const grown = process.memoryUsage().heapUsed - before;
        expect(grown).to.be.below(10 * size);
      });
    }

    it('short references to a long string', () => {
      const table = Buffer.alloc(1_000_000, 0x61);
      const length = Buffer.from([0xbd, 0x84, 0x40]); // 1,000,000
      const bytes = Buffer.concat([
        Buffer.from([0x03, 0x01, 0x6a]),
        length,
        table,
        Buffer.from([0x45, 0x4e]),
        repeated([0x83, 0x00], 200_000),
      ]);
      expect(() => decode(bytes))
        .to.throw()
        .with.property('code', 'TOO_LONG');
    });
  });

  it('as one huge value is fine and is not copied', () => {
    const mail = Buffer.alloc(20_000_000, 0x78);
    const bytes = encode(element(ComposeMail.SendMail, element(ComposeMail.Mime, mail)));
    const before = process.memoryUsage().arrayBuffers;
    const root = decode(bytes);
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(1_000_000);
    expect((root.child(ComposeMail.Mime)?.content as Uint8Array).length).to.equal(mail.length);
  });
});

function repeated(pattern: readonly number[], size: number): Buffer {
  return Buffer.alloc(size - (size % pattern.length), Buffer.from(pattern));
}
