import { expect } from 'chai';
import * as fc from 'fast-check';
import { CollectionState } from '../../src/state/collection-state';
import { compareIds, type Entry, Mark } from '../../src/state/entry';
import { segmentCapacity } from '../../src/state/segment';

function entryOf(id: string, mark: Mark = Mark.Known): Entry {
  return { id, version: 'v', mark, day: undefined, hashes: mark === Mark.Add ? undefined : Uint32Array.of(1) };
}

describe('CollectionState', () => {
  it('behaves as a sorted map over any sequence of edits', () => {
    const edit = fc.record({
      id: fc.nat(3000).map(String),
      mark: fc.option(fc.constantFrom(...Object.values(Mark)), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(edit, { maxLength: 900, size: 'max' }), { maxLength: 4 }), (rounds) => {
        const model = new Map<string, Entry>();
        let state = CollectionState.empty;
        for (const edits of rounds) {
          const editor = state.edit();
          for (const { id, mark } of edits) {
            if (mark === undefined) {
              editor.remove(id);
              model.delete(id);
            } else {
              editor.set(entryOf(id, mark));
              model.set(id, entryOf(id, mark));
            }
          }
          state = editor.finish();
        }
        const expected = [...model.values()].sort((a, b) => compareIds(a.id, b.id));
        expect([...state.entries()]).to.deep.equal(expected);
        expect(state.size).to.equal(expected.length);
        for (const mark of Object.values(Mark)) {
          const marked = expected.filter((entry) => entry.mark === mark).reverse();
          expect([...state.marked(mark)]).to.deep.equal(marked);
          expect(state.count(mark)).to.equal(marked.length);
        }
        for (const { id } of expected) expect(state.get(id)).to.deep.equal(model.get(id));
        expect(state.get('99999')).to.equal(undefined);
      }),
      { numRuns: 30 },
    );
  });

  it('shares what a change does not touch with the state before', () => {
    const editor = CollectionState.empty.edit();
    for (let id = 0; id < 10 * segmentCapacity; id++) editor.set(entryOf(String(id)));
    const before = editor.finish();
    const change = before.edit();
    change.set(entryOf('7', Mark.Change));
    const after = change.finish();
    const shared = after.segments.filter((segment) => before.segments.includes(segment));
    expect(shared.length).to.equal(before.segments.length - 1);
  });
});
