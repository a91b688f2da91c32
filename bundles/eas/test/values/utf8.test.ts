import { expect } from 'chai';
import fc from 'fast-check';
import { truncateUtf8, utf8Size } from '../../src/values/utf8';

describe('truncation in UTF-8', () => {
  it('cuts between characters, and no more than it must', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).map((text) => text.replace(/\p{Cs}/gu, '?')),
        fc.nat(60),
        (text, limit) => {
          const cut = truncateUtf8(text, limit);
          expect(text.startsWith(cut)).to.equal(true);
          expect(utf8Size(cut)).to.be.at.most(limit);
          const next = text.codePointAt(cut.length);
          if (next !== undefined) expect(utf8Size(cut + String.fromCodePoint(next))).to.be.greaterThan(limit);
        },
      ),
    );
  });
});
