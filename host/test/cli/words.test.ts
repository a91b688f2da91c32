import { expect } from 'chai';
import * as fc from 'fast-check';
import { splitWords } from '../../src/cli/words';

describe('words of a command line', () => {
  it('are separated by blanks, held together by quotes and backslashes', () => {
    expect(splitWords(`  stop eas  "a b" 'c "d' e\\ f g"h i"j `)).to.deep.equal([
      'stop',
      'eas',
      'a b',
      'c "d',
      'e f',
      'gh ij',
    ]);
    expect(splitWords(`"" ''`)).to.deep.equal(['', '']);
    expect(splitWords('')).to.deep.equal([]);
  });

  it('may be unfinished while they are typed', () => {
    expect(splitWords('', { open: true })).to.deep.equal(['']);
    expect(splitWords('stop ', { open: true })).to.deep.equal(['stop', '']);
    expect(splitWords('stop ea', { open: true })).to.deep.equal(['stop', 'ea']);
    expect(splitWords('stop "my bun', { open: true })).to.deep.equal(['stop', 'my bun']);
  });

  it('quoted words come back as they were', () => {
    const quote = (word: string): string => `"${word.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map(quote).join(' '))).to.deep.equal(words);
      }),
    );
  });
});
