import { expect } from 'chai';
import * as fc from 'fast-check';
import { CollectionState, type StateHeader } from '../../src/state/collection-state';
import { compareIds, type Entry, Mark } from '../../src/state/entry';
import { decodeState, encodeState } from '../../src/state/state-codec';

const fieldCount = 5;
const id = fc.oneof(
  fc.nat(100_000).map(String),
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
);
const version = fc.oneof(fc.nat().map(String), fc.constantFrom('0', '1', '33'), fc.string({ maxLength: 6 }));
const hashes = fc.array(fc.integer({ min: 0, max: 0xffffff }), { minLength: fieldCount, maxLength: fieldCount });
const entry: fc.Arbitrary<Entry> = fc.record({
  id,
  version,
  mark: fc.constantFrom(...Object.values(Mark)),
  day: fc.option(fc.integer({ min: -800_000, max: 3_000_000 }), { nil: undefined }),
  hashes: fc.option(
    hashes.map((list) => Uint32Array.from(list)),
    { nil: undefined },
  ),
});
const header: fc.Arbitrary<StateHeader> = fc.record({
  token: fc.option(fc.string(), { nil: undefined }),
  since: fc.option(fc.integer({ min: -1000, max: 50_000 }), { nil: undefined }),
  incompleteOnly: fc.boolean(),
  moreAvailable: fc.boolean(),
  told: fc.array(fc.record({ kind: fc.constantFrom('add', 'change', 'flags', 'delete', 'softDelete'), id })),
});

function stateOf(head: StateHeader, entries: readonly Entry[]): CollectionState {
  const editor = CollectionState.empty.edit();
  for (const one of entries) editor.set(one);
  return editor.finish(head);
}

describe('the format of stored states', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(header, fc.uniqueArray(entry, { selector: (one) => one.id, maxLength: 60 }), (head, entries) => {
        const decoded = decodeState(encodeState(stateOf(head, entries)));
        expect(decoded.header).to.deep.equal(head);
        expect([...decoded.entries()]).to.deep.equal(entries.toSorted((a, b) => compareIds(a.id, b.id)));
      }),
    );
  });

  it('refuses a format that it does not know, and bytes that end too early', () => {
    const bytes = encodeState(stateOf(CollectionState.empty.header, [entryOf('1')]));
    expect(() => decodeState(Buffer.of(99)))
      .to.throw()
      .with.property('code', 'UNKNOWN_FORMAT');
    for (let size = 0; size < bytes.length; size++) {
      expect(() => decodeState(bytes.subarray(0, size)))
        .to.throw()
        .with.property('code', 'TRUNCATED');
    }
  });

  it('reads format 1 for ever', () => {
    const stored =
      'AQ8HdG9rZW4tMcC4AgIAAjEyBAE3AQE3AQEBAAABAABKY2RgNGdgMjRiZDRmYM8+vKQ4Vd+QlYGJkZWF9dAOpnlsjLyG5pYGcIDEMzQyZqxgrGRmZWJkYGBkYGBmXX32PQMDOzOIz8rAAAA=';
    const state = decodeState(Buffer.from(stored, 'base64'));
    expect(state.header).to.deep.equal(goldenHeader);
    expect([...state.entries()]).to.deep.equal(goldenEntries);
  });
});

function entryOf(name: string): Entry {
  return { id: name, version: '1', mark: Mark.Known, day: undefined, hashes: new Uint32Array(fieldCount) };
}

const goldenHeader: StateHeader = {
  token: 'token-1',
  since: 20_000,
  incompleteOnly: true,
  moreAvailable: true,
  told: [
    { kind: 'add', id: '12' },
    { kind: 'softDelete', id: '7' },
  ],
};

const goldenEntries: readonly Entry[] = [
  { id: '7', version: '1790000000000', mark: Mark.Known, day: 20_001, hashes: Uint32Array.of(1, 0, 0xabcdef, 0, 5) },
  { id: '12', version: '1790000000123', mark: Mark.Change, day: undefined, hashes: Uint32Array.of(1, 0, 7, 0, 5) },
  { id: '13', version: 'x', mark: Mark.Add, day: 20_400, hashes: undefined },
  { id: 'käse/1', version: 'y', mark: Mark.Withheld, day: undefined, hashes: undefined },
];
