import { expect } from 'chai';
import fc from 'fast-check';
import {
  AirSync,
  AirSyncBase,
  ComposeMail,
  Contacts,
  decode,
  type Element,
  element,
  encode,
  FolderHierarchy,
  literalToken,
  WbxmlReader,
  WbxmlWriter,
} from '../../src/wbxml';
import { arbitraryElement } from './arbitrary-element';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const header = '03 01 6a 00';

describe('encoder', () => {
  it('writes what [MS-ASWBXML] "Example" shows: header, code pages, inline strings, ends', () => {
    const tree = element(
      AirSync.Sync,
      element(
        AirSync.Collections,
        element(
          AirSync.Collection,
          element(AirSync.Class, 'Contacts'),
          element(AirSync.SyncKey, '0'),
          element(Contacts.FirstName, 'Änna'),
          element(AirSync.GetChanges),
        ),
      ),
    );
    expect(hex(encode(tree))).to.equal(
      hex(
        bytesOf(
          `${header} 45 5c 4f 50 03 436f6e7461637473 00 01 4b 03 30 00 01 00 01 5f 03 c3846e6e61 00 01 00 00 13 01 01 01`,
        ),
      ),
    );
  });

  it('writes bytes with a length of as many bytes as it takes', () => {
    const lengthBytes = (length: number) =>
      hex(encode(element(ComposeMail.Mime, Buffer.alloc(length))).subarray(7, -1 - length));
    expect([0, 127, 128, 16_383, 16_384, 2_097_152].map(lengthBytes)).to.deep.equal([
      'c300',
      'c37f',
      'c38100',
      'c3ff7f',
      'c3818000',
      'c381808000',
    ]);
  });

  it('leaves out what XML forbids and makes lone surrogates harmless', () => {
    const text = (value: string) => decode(encode(element(AirSync.Class, value))).text;
    expect(text('a\0b\u0007c\ufffed\ta\r\n')).to.equal('abcd\ta\r\n');
    expect(text('x\ud800y😀')).to.equal('x\ufffdy😀');
    expect(text(`${'long '.repeat(30)}\0\u001b`)).to.equal('long '.repeat(30));
    expect(hex(encode(element(AirSync.Class, '\0')))).to.equal(hex(bytesOf(`${header} 50 03 00 01`)));
  });

  it('refuses a tag of no code page, and a document that is not complete', () => {
    const stray = { page: 0, namespace: 'AirSync', token: literalToken, name: 'Stray' };
    expect(() => encode(element(stray))).to.throw(TypeError, 'AirSync:Stray');
    const writer = new WbxmlWriter();
    writer.open(AirSync.Sync);
    expect(() => writer.finish()).to.throw(RangeError);
    writer.close();
    expect(() => writer.close()).to.throw(RangeError);
  });

  it('cannot be built with text beside elements', () => {
    expect(() => element(AirSync.Sync, 'text', element(AirSync.Status))).to.throw(TypeError);
  });
});

describe('decoder', () => {
  const text = (body: string) => decode(bytesOf(`${header} ${body}`));

  it('gives back every tree that the encoder wrote', () => {
    const check = (tree: Element) => {
      expect(decode(encode(tree))).to.deep.equal(tree);
    };
    fc.assert(fc.property(arbitraryElement(), check), { numRuns: 300 });
  });

  it('gives bytes as views of the input', () => {
    const bytes = encode(element(ComposeMail.SendMail, element(ComposeMail.Mime, Buffer.from('mail'))));
    const value = decode(bytes).child(ComposeMail.Mime)?.content as Uint8Array;
    expect(value.buffer).to.equal(bytes.buffer);
  });

  describe('is tolerant of', () => {
    const whole = element(AirSync.Sync, element(AirSync.Status, 1));

    it('ends missing at the end of the document', () => {
      for (const body of ['45 4e 03 31 00 01 01', '45 4e 03 31 00 01', '45 4e 03 31 00']) {
        expect(text(body)).to.deep.equal(whole);
      }
    });

    it('ends too many', () => {
      expect(text('45 4e 03 31 00 01 01 01 01')).to.deep.equal(whole);
    });

    it('an element opened and closed where an empty one is meant', () => {
      expect(text('45 4e 01 01')).to.deep.equal(text('45 0e 01'));
      expect(text('45 4e 03 00 01 01')).to.deep.equal(text('45 0e 01'));
    });

    it('a text in several pieces: inline, of the string table, entities', () => {
      const bytes = bytesOf('03 01 6a 04 61 62 63 00 45 4e 03 78 00 83 01 02 81 60 01 01');
      expect(decode(bytes).child(AirSync.Status)?.text).to.equal('xbcà');
    });

    it('names spelt out, known on the page or not', () => {
      const bytes = bytesOf(
        `03 01 6a 0e ${Buffer.from('Status\0Future\0').toString('hex')} 45 44 00 03 31 00 01 04 07 01`,
      );
      const root = decode(bytes);
      expect(root.child(AirSync.Status)?.text).to.equal('1');
      expect(root.children[1]?.tag).to.include({ token: literalToken, name: 'Future', namespace: 'AirSync' });
    });

    it('older headers, other public ids, subsets of UTF-8 and ISO-8859-1', () => {
      for (const start of ['01 01 6a 00', '02 01 03 00', '03 85 00 6a 00', '03 00 00 6a 01 00', '03 01 00 00']) {
        expect(decode(bytesOf(`${start} 45 4e 03 31 00 01 01`)), start).to.deep.equal(whole);
      }
      expect(decode(bytesOf('03 01 04 00 45 4e 03 e4 00 01 01')).child(AirSync.Status)?.text).to.equal('ä');
    });

    it('invalid UTF-8, which becomes U+FFFD', () => {
      expect(text('45 4e 03 61 ff 62 00 01 01').child(AirSync.Status)?.text).to.equal('a\ufffdb');
    });
  });

  describe('refuses, with a code and an offset', () => {
    const cases: [name: string, body: string, code: string, offset: number][] = [
      ['no bytes', '', 'BAD_HEADER', 1],
      ['HTML', '3c 68 74', 'BAD_HEADER', 1],
      ['a header cut short', '03 01', 'TRUNCATED', 2],
      ['a character set that it does not know', '03 01 11 00 45', 'UNSUPPORTED_CHARSET', 3],
      ['a string table longer than the document', '03 01 6a ff 7f 45', 'TRUNCATED', 5],
      ['nothing after the header', header, 'NO_ELEMENT', 4],
      ['an unknown tag', `${header} 45 7f`, 'UNKNOWN_TAG', 6],
      ['an unknown code page', `${header} 00 63 45 01`, 'UNKNOWN_TAG', 7],
      ['attributes', `${header} c5 01 01`, 'UNSUPPORTED_TOKEN', 5],
      ['a processing instruction', `${header} 45 43 01 01`, 'UNSUPPORTED_TOKEN', 6],
      ['an extension token', `${header} 45 c0 01`, 'UNSUPPORTED_TOKEN', 6],
      ['a string without end', `${header} 45 4e 03 61 62`, 'TRUNCATED', 7],
      ['a length that lies', `${header} 45 4e c3 8f ff ff ff 7f 61`, 'TRUNCATED', 12],
      ['a length above 32 bits', `${header} 45 4e c3 ff ff ff ff 7f 61`, 'INTEGER_OVERFLOW', 7],
      ['an integer without end', `${header} 45 4e c3 ff`, 'TRUNCATED', 7],
      ['a page switch at the end', `${header} 45 00`, 'TRUNCATED', 7],
      ['a surrogate as entity', `${header} 45 4e 02 83 b0 00 01 01`, 'BAD_ENTITY', 10],
      ['a string index outside of the table', `${header} 45 4e 83 05 01 01`, 'BAD_STRING_INDEX', 8],
      ['a second root', `${header} 05 05`, 'TRAILING_DATA', 6],
      ['text outside of the root', `${header} 03 61 00`, 'UNEXPECTED_CONTENT', 7],
      ['text between elements', `${header} 45 0e 03 61 00 01`, 'UNEXPECTED_CONTENT', 10],
    ];
    for (const [name, body, code, offset] of cases) {
      it(name, () => {
        expect(() => decode(bytesOf(body)))
          .to.throw()
          .that.includes({ name: 'WbxmlError', code, offset });
      });
    }

    it('naming the place in the document', () => {
      const cut = encode(element(AirSync.Sync, element(AirSync.Collections, element(AirSync.SyncKey, 'abc')))).subarray(
        0,
        10,
      );
      expect(() => decode(cut))
        .to.throw()
        .with.property('path', 'Sync/Collections/SyncKey');
    });
  });

  describe('keeps to its limits', () => {
    const limits = { documentLength: 1000, depth: 3, nodes: 5, valueLength: 10, tableTextLength: 8 };
    const code = (bytes: Uint8Array) => {
      try {
        decode(bytes, limits);
        return 'fine';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };

    it('of depth', () => {
      const nest = (depth: number) => bytesOf(`${header} ${'45 '.repeat(depth)}`);
      expect([nest(3), nest(4)].map(code)).to.deep.equal(['fine', 'TOO_DEEP']);
    });

    it('of elements and values', () => {
      const list = (count: number) => bytesOf(`${header} 45 ${'0e '.repeat(count)}`);
      expect([list(4), list(5)].map(code)).to.deep.equal(['fine', 'TOO_MANY_NODES']);
      expect(code(bytesOf(`${header} 45 ${'03 20 00 '.repeat(5)}`))).to.equal('TOO_MANY_NODES');
    });

    it('of strings and bytes', () => {
      const value = (length: number) => encode(element(AirSync.Class, 'x'.repeat(length)));
      const bytes = (length: number) => encode(element(AirSync.Class, Buffer.alloc(length)));
      expect([value(10), value(11), bytes(10), bytes(11)].map(code)).to.deep.equal([
        'fine',
        'TOO_LONG',
        'fine',
        'TOO_LONG',
      ]);
    });

    it('of the string table, each use counting', () => {
      const uses = (count: number) => bytesOf(`03 01 6a 05 61 62 63 64 00 45 ${'83 00 '.repeat(count)}`);
      expect([uses(2), uses(3)].map(code)).to.deep.equal(['fine', 'TOO_LONG']);
    });

    it('of the whole document', () => {
      expect(code(Buffer.alloc(1001, 1))).to.equal('TOO_LONG');
    });
  });
});

describe('WbxmlReader', () => {
  it('walks a document by the shape of a schema', () => {
    const bytes = encode(
      element(
        AirSync.Sync,
        element(AirSync.Collections, element(AirSync.Collection, 'passed over')),
        element(FolderHierarchy.SyncKey, 'key'),
        element(AirSyncBase.Data, Buffer.from('a')),
        element(AirSync.Status),
      ),
    );
    const reader = new WbxmlReader(bytes);
    expect(reader.root()).to.equal(AirSync.Sync);
    expect(reader.nextChild()).to.equal(AirSync.Collections);
    expect([reader.depth, reader.path]).to.deep.equal([2, 'Sync/Collections']);
    reader.skip();
    expect(reader.nextChild()).to.equal(FolderHierarchy.SyncKey);
    expect(reader.text()).to.equal('key');
    expect(reader.nextChild()).to.equal(AirSyncBase.Data);
    expect(reader.bytes()).to.deep.equal(Buffer.from('a'));
    expect(reader.nextChild()).to.equal(AirSync.Status);
    expect(reader.text()).to.equal('');
    expect(reader.nextChild()).to.equal(undefined);
    reader.finish();
    expect(reader.offset).to.equal(bytes.length);
  });
});
