import { expect } from 'chai';
import fc from 'fast-check';
import { createFilter, Filter, type FilterNode, InvalidSyntaxError, where } from '../../src';

const matches = (filter: string, properties: Record<string, unknown>): boolean =>
  createFilter(filter).match(properties);

/** Position of the fault, or undefined when the filter parses. */
function faultOf(text: string): number | undefined {
  try {
    createFilter(text);
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(InvalidSyntaxError);
    expect(error).to.have.property('code', 'INVALID_SYNTAX');
    return (error as InvalidSyntaxError).position;
  }
}

describe('Filters (reference section 7)', () => {
  describe('F1 syntax errors carry their position', () => {
    const faults: readonly (readonly [string, number])[] = [
      ['', 0],
      ['a=b', 0],
      ['(&)', 2],
      ['(|)', 2],
      ['(!)', 2],
      ['()', 1],
      ['(=x)', 1],
      ['(a=b))', 5],
      ['(a=b) x', 6],
      ['(a=b', 4],
      ['((a=b)', 1],
      ['(a=(b)', 3],
      ['(a~b)', 3],
      ['(a>b)', 3],
      ['(a)', 2],
      ['(!(a=1)(b=2))', 7],
      ['(a=b\\', 4],
      ['(a>=x*)', 6],
      ['(a~=*)', 5],
    ];
    for (const [text, position] of faults) {
      it(`F1 ${JSON.stringify(text)} fails at ${position}`, () => expect(faultOf(text)).to.equal(position));
    }

    it('F1 an operator before anything but a parenthesis is an attribute', () => {
      expect(matches('(&=c)', { '&': 'c' })).to.be.true;
      expect(matches('(!=c)', { '!': 'c' })).to.be.true;
      expect(matches('(|=c)', { '|': 'c' })).to.be.true;
      expect(matches('(a*b=c)', { 'a*b': 'c' })).to.be.true;
    });
  });

  it('F2 white space counts in values only', () => {
    expect(matches(' ( & ( a =b) ( c=d) ) ', { a: 'b', c: 'd' })).to.be.true;
    expect(matches('(a= b)', { a: ' b' })).to.be.true;
    expect(matches('(a= b)', { a: 'b' })).to.be.false;
    expect(matches('(a=b )', { a: 'b' })).to.be.false;
    expect(matches('(n= 4 )', { n: 4 })).to.be.true;
    expect(matches('(f= true )', { f: true })).to.be.true;
    expect(matches('(inner blank=x)', { 'inner blank': 'x' })).to.be.true;
  });

  it('F2 (a=) matches the empty string only', () => {
    expect(matches('(a=)', { a: '' })).to.be.true;
    expect(matches('(a=)', { a: ' ' })).to.be.false;
    expect(matches('(a=)', {})).to.be.false;
  });

  it('F3 names ignore case, = keeps it, ~= ignores case and blanks', () => {
    expect(matches('(NAME=x)', { name: 'x' })).to.be.true;
    expect(matches('(name=X)', { name: 'x' })).to.be.false;
    expect(matches('(name~= a B\tc)', { name: 'ABC' })).to.be.true;
  });

  describe('F4 types', () => {
    it('F4 numbers compare as numbers; a value that is none is false, not an error', () => {
      expect(matches('(n>=9)', { n: 10 })).to.be.true;
      expect(matches('(n<=9)', { n: 10 })).to.be.false;
      expect(matches('(n=1e1)', { n: 10 })).to.be.true;
      for (const operator of ['=', '~=', '<=', '>=']) expect(matches(`(n${operator}x)`, { n: 10 })).to.be.false;
      expect(matches('(n=)', { n: 0 }), 'the empty text is no zero').to.be.false;
    });

    it('F4 booleans know = and ~= only', () => {
      expect(matches('(b=true)', { b: true })).to.be.true;
      expect(matches('(b~=FALSE)', { b: false })).to.be.true;
      expect(matches('(b>=true)', { b: true })).to.be.false;
      expect(matches('(b<=true)', { b: true })).to.be.false;
    });

    it('F4 bigint and Date compare', () => {
      expect(matches('(i>=9007199254740993)', { i: 9007199254740993n })).to.be.true;
      expect(matches('(i<=9007199254740992)', { i: 9007199254740993n })).to.be.false;
      expect(matches('(i=x)', { i: 1n })).to.be.false;
      const at = new Date('2026-01-01T00:00:00Z');
      expect(matches('(d>=2025-12-31T23:59:59Z)', { d: at })).to.be.true;
      expect(matches('(d=2026-01-01T01:00:00+01:00)', { d: at })).to.be.true;
      expect(matches('(d=never)', { d: at })).to.be.false;
    });

    it('F4 version attributes compare by semver', () => {
      expect(matches('(version>=1.9)', { version: '1.10.0' })).to.be.true;
      expect(matches('(api.version>=1.9)', { 'api.version': '1.10.0' })).to.be.true;
      expect(matches('(version<=1.0.0)', { version: '1.0.0-rc.1' })).to.be.true;
      expect(matches('(other>=1.9)', { other: '1.10.0' }), 'other attributes are strings').to.be.false;
    });

    it('F4 strings compare lexicographically', () => {
      expect(matches('(s>=b)', { s: 'c' })).to.be.true;
      expect(matches('(s<=b)', { s: 'c' })).to.be.false;
      expect(matches('(s<=10)', { s: '9' })).to.be.false;
    });
  });

  describe('F5 collections and absence', () => {
    it('F5 any element of an array or Set will do', () => {
      expect(matches('(a=2)', { a: [1, 2] })).to.be.true;
      expect(matches('(a=x*)', { a: new Set(['ya', 'xa']) })).to.be.true;
      expect(matches('(a=3)', { a: [1, 2] })).to.be.false;
      expect(matches('(!(a=1))', { a: [1, 2] }), 'not means: no element').to.be.false;
    });

    it('F5 every item is false for a missing attribute, so its negation is true', () => {
      for (const item of ['(x=1)', '(x~=1)', '(x<=1)', '(x>=1)', '(x=*)', '(x=a*)']) {
        expect(matches(item, {}), item).to.be.false;
        expect(matches(`(!${item})`, {}), item).to.be.true;
        expect(matches(item, { x: undefined }), item).to.be.false;
      }
    });

    it('F5 presence holds for the empty string and the empty array', () => {
      for (const x of ['', [], 0, false]) expect(matches('(x=*)', { x })).to.be.true;
    });
  });

  it('F6 substrings apply to strings and string elements only', () => {
    expect(matches('(n=1*)', { n: 12 })).to.be.false;
    expect(matches('(s=a*c)', { s: 'abc' })).to.be.true;
    expect(matches('(s=ab*bc)', { s: 'abc' }), 'parts do not overlap').to.be.false;
    expect(matches('(s=*b*c*)', { s: 'abxcd' })).to.be.true;
    expect(matches('(s=a\\*c)', { s: 'a*c' })).to.be.true;
    expect(matches('(s=a\\*c)', { s: 'abc' })).to.be.false;
    expect(matches('(s=a\\2ac)', { s: 'a*c' }), 'RFC 4515 escape').to.be.true;
    expect(matches('(s=\\c3\\a4\\28)', { s: 'ä(' }), 'bytes of UTF-8').to.be.true;
  });

  describe('F7 comparable objects', () => {
    class Level {
      constructor(readonly text: string) {
        if (!/^\d+$/.test(text)) throw new Error('no level');
      }
      compareTo(other: Level): number {
        return Number(this.text) - Number(other.text);
      }
    }
    class Colour {
      static fromFilter(text: string): Colour {
        return new Colour(Number.parseInt(text, 16), true);
      }
      constructor(
        readonly rgb: number,
        readonly exact: boolean,
      ) {}
      equals(other: unknown): boolean {
        return other instanceof Colour && other.rgb === this.rgb;
      }
    }

    it('F7 are read by their class and compared', () => {
      expect(matches('(l>=9)', { l: new Level('10') })).to.be.true;
      expect(matches('(l=10)', { l: new Level('10') })).to.be.true;
      expect(matches('(c=ff)', { c: new Colour(255, true) })).to.be.true;
      expect(matches('(c>=ff)', { c: new Colour(255, true) }), 'no order').to.be.false;
    });

    it('F7 anything else is false', () => {
      expect(matches('(l=x)', { l: new Level('1') }), 'constructor throws').to.be.false;
      expect(matches('(o=x)', { o: { equals: () => true } }), 'a plain object has no class to read with').to.be.false;
      expect(matches('(o=[object Object])', { o: {} })).to.be.false;
    });
  });

  describe('F8 normal form', () => {
    it('F8 has no optional blanks and few escapes', () => {
      expect(createFilter('( & ( a = x\\79 ) (b=*)(c=a**b) )').toString()).to.equal('(&(a= xy )(b=*)(c=a*b))');
      expect(createFilter('(a=\\(\\)\\\\\\*)').toString()).to.equal('(a=\\(\\)\\\\\\*)');
    });

    it('F8 equal filters are equal, and share the cache', () => {
      expect(createFilter('(a=1)')).to.equal(createFilter('(a=1)'));
      expect(createFilter(' ( a=1)')).to.equal(createFilter('(a=1)'));
      expect(createFilter('(a=1)').equals(createFilter('(a=2)'))).to.be.false;
    });

    it('F8 nests up to 64 levels', () => {
      const nested = (depth: number): string => '(!'.repeat(depth - 1) + '(a=1)' + ')'.repeat(depth - 1);
      expect(faultOf(nested(64))).to.be.undefined;
      expect(faultOf(nested(65))).to.be.a('number');
      expect(faultOf('(!'.repeat(100_000))).to.be.a('number');
    });

    it('F8 parsing what is printed gives the same filter, whatever the filter', () => {
      fc.assert(
        fc.property(nodes, (node) => {
          const filter = new Filter(node);
          const again = createFilter(filter.toString());
          expect(again.toString()).to.equal(filter.toString());
          expect(again.node).to.deep.equal(node);
        }),
        { numRuns: 500 },
      );
    });

    it('F8 any text parses or fails with InvalidSyntaxError', () => {
      const soup = fc.string({
        unit: fc.constantFrom('(', ')', '&', '|', '!', '=', '~', '<', '>', '*', '\\', 'a', '1', ' '),
        maxLength: 24,
      });
      fc.assert(
        fc.property(fc.oneof(soup, fc.string()), (text) => void faultOf(text)),
        { numRuns: 2000 },
      );
    });
  });

  describe('F9 names', () => {
    it('F9 match ignores case, matchCase does not', () => {
      const filter = createFilter('(Name=x)');
      expect(filter.match({ name: 'x' })).to.be.true;
      expect(filter.matchCase({ name: 'x' })).to.be.false;
      expect(filter.matchCase({ Name: 'x' })).to.be.true;
      expect(createFilter('(toString=*)').matchCase({}), 'inherited names are no properties').to.be.false;
    });

    it('F9 two keys that differ only by case are refused', () => {
      expect(() => createFilter('(a=1)').match({ a: 1, A: 1 })).to.throw(TypeError);
    });
  });

  describe('F10 builder', () => {
    it('F10 makes the same filter as the text', () => {
      const built = where('region')
        .eq('eu')
        .and(where('n').ge(3), where('x').present().not())
        .or(where('s').startsWith('a*'));
      expect(built.toString()).to.equal('(|(&(region=eu)(n>=3)(!(x=*)))(s=a\\**))');
      expect(built.toFilter().equals(createFilter(built.toString()))).to.be.true;
    });

    it('F10 takes any value literally', () => {
      fc.assert(
        fc.property(fc.string(), (value) => {
          expect(createFilter(where('a').eq(value).toString()).match({ a: value })).to.be.true;
          expect(createFilter(where('a').contains(value).toString()).match({ a: `x${value}y` })).to.be.true;
          expect(createFilter(where('a').endsWith(value).toString()).match({ a: `x${value}` })).to.be.true;
        }),
      );
    });

    it('F10 refuses names that no filter can hold', () => {
      for (const name of ['', ' ', 'a=b', 'a(b', 'a~']) expect(() => where(name), name).to.throw(TypeError);
    });
  });

  it('agrees with an evaluation of the tree by hand', () => {
    const properties = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 3 })),
    );
    fc.assert(
      fc.property(nodes, properties, (node, given) => {
        const record = { ...given };
        expect(new Filter(node).match(record)).to.equal(byHand(node, record));
      }),
      { numRuns: 500 },
    );
  });
});

const attributes = fc.constantFrom('a', 'b', 'c');
const texts = fc.string({ maxLength: 3 });

/** Trees as the parser makes them. */
const { node: nodes } = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('present' as const), attribute: attributes }),
    fc.record({
      kind: fc.constantFrom(
        'equal' as const,
        'approximate' as const,
        'lessOrEqual' as const,
        'greaterOrEqual' as const,
      ),
      attribute: attributes,
      value: texts,
    }),
    fc
      .tuple(texts, fc.array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 2 }), texts)
      .filter(([first, middle, last]) => first !== '' || last !== '' || middle.length > 0)
      .chain(([first, middle, last]) =>
        fc.record({
          kind: fc.constant('substring' as const),
          attribute: attributes,
          parts: fc.constant([first, ...middle, last]),
        }),
      ),
    fc.record({ kind: fc.constant('not' as const), operand: tie('node') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      operands: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

/** Another way to the same answer: regular expressions and localised comparisons instead of the compiled closures. */
function byHand(node: FilterNode, properties: Record<string, unknown>): boolean {
  switch (node.kind) {
    case 'and':
      return !node.operands.some((operand) => !byHand(operand, properties));
    case 'or':
      return node.operands.filter((operand) => byHand(operand, properties)).length > 0;
    case 'not':
      return byHand(node.operand, properties) ? false : true;
    case 'present':
      return node.attribute in properties;
    case 'substring': {
      const value = properties[node.attribute];
      const quoted = node.parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return typeof value === 'string' && new RegExp(`^${quoted.join('.*')}$`, 's').test(value);
    }
    default: {
      const value = properties[node.attribute];
      if (value === undefined) return false;
      if (typeof value === 'number') {
        if (node.value.trim() === '' || Number.isNaN(Number(node.value))) return false;
        const wanted = Number(node.value);
        return node.kind === 'lessOrEqual'
          ? value <= wanted
          : node.kind === 'greaterOrEqual'
            ? value >= wanted
            : value === wanted;
      }
      const text = value as string;
      if (node.kind === 'approximate')
        return text.replace(/\s/g, '').toLowerCase() === node.value.replace(/\s/g, '').toLowerCase();
      if (node.kind === 'equal') return text === node.value;
      return node.kind === 'lessOrEqual' ? text <= node.value : text >= node.value;
    }
  }
}
