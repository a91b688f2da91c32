import { expect } from 'chai';
import { parse } from 'dot-properties';
import * as fc from 'fast-check';
import { editProperties, rawValue, readProperties, splitRaw } from '../../src/configuration/properties-file';

describe('properties files', () => {
  it('G12 reads comments, all separators, escapes and continued lines, with line numbers', () => {
    const { entries } = readProperties('# one\n! two\n\na=1\nb: 2\nc 3\nd = x\\\n    y\\u00e4\\t\n\\ e\\=f = \\\\g');
    expect([...entries.values()].map(({ key, value, line }) => [key, value, line])).to.deep.equal([
      ['a', '1', 4],
      ['b', '2', 5],
      ['c', '3', 6],
      ['d', 'xyä\t', 7],
      [' e=f', '\\g', 9],
    ]);
  });

  it('G12 the last of a double key counts, and the others are told', () => {
    const { entries, duplicates } = readProperties('a = 1\nb = 2\na = 3\n');
    expect(entries.get('a')).to.include({ value: '3', line: 3 });
    expect(duplicates).to.deep.equal([{ key: 'a', line: 3 }]);
  });

  it('G12 splits arrays at commas that are not escaped', () => {
    expect(splitRaw('a, b')).to.deep.equal(['a', 'b']);
    expect(splitRaw('a\\,b, c')).to.deep.equal(['a,b', 'c']);
    expect(splitRaw('')).to.deep.equal([]);
    expect(splitRaw('one')).to.deep.equal(['one']);
  });

  it('G14 keeps comments, order, blank lines and separators when it writes', () => {
    const text = '# head\n\na: 1\n# about b\nb = ${env:B}\nc=3\n';
    const edited = editProperties(
      text,
      new Map([
        ['a', '2'],
        ['c', undefined],
        ['d', 'new'],
      ]),
    );
    expect(edited).to.equal('# head\n\na: 2\n# about b\nb = ${env:B}\nd = new\n');
  });

  it('G14 replaces the last of a double key and removes the others', () => {
    expect(editProperties('a=1\nb=2\na=3\n', new Map([['a', '4']]))).to.equal('b=2\na=4\n');
  });

  it('whatever is written is read again as it was, also by the library alone', () => {
    const key = fc.string({ minLength: 1 }).filter((text) => !/[\s\0]/.test(text) && !text.includes('\u0085'));
    const value = fc.string({ unit: 'binary' }).filter((text) => !/[\0-\x08\x0b\x0e-\x1f]/.test(text));
    fc.assert(
      fc.property(fc.dictionary(key, value), (values) => {
        const written = editProperties(
          '',
          new Map(Object.entries(values).map(([name, each]) => [name, rawValue(each)])),
        );
        const read = Object.fromEntries(
          [...readProperties(written).entries.values()].map((entry) => [entry.key, entry.value]),
        );
        expect(read).to.deep.equal({ ...values });
        // The library sets keys of a plain object, where this one is none.
        const ofLibrary = Object.entries(values).filter(([name]) => name !== '__proto__');
        expect({ ...(parse(written) as object) }).to.deep.equal(Object.fromEntries(ofLibrary));
      }),
      { examples: [[{ ['__proto__']: 'kept' }]] },
    );
  });

  it('an array is read again as it was', () => {
    const item = fc.string().filter((text) => text.trim() === text && text !== '' && !/[\0-\x1f]/.test(text));
    fc.assert(
      fc.property(fc.array(item), (items) => {
        expect(splitRaw(rawValue(items))).to.deep.equal(items);
      }),
    );
  });
});
