import { expect } from 'chai';
import fc from 'fast-check';
import { commentFields, keptComment, withProposal } from '../../src/columns/proposal-note';

const minute = 60_000;

describe('the note of a proposed time', () => {
  it('is a line that people can read, below what was said', () => {
    const proposal = { start: Date.UTC(2026, 11, 7, 11), end: Date.UTC(2026, 11, 7, 12, 30) };
    const line = 'New time proposed: 2026-12-07 11:00 - 2026-12-07 12:30 UTC';
    expect(withProposal(undefined, proposal)).to.equal(line);
    expect(withProposal('Later?\r\n', proposal)).to.equal(`Later?\n${line}`);
    expect(withProposal('Fine', undefined)).to.equal('Fine');
  });

  it('is read back, whatever was said', () => {
    const moment = fc.integer({ min: 0, max: 60_000_000 }).map((minutes) => minutes * minute);
    fc.assert(
      fc.property(fc.string(), moment, moment, (said, start, end) => {
        const comment = said.trimEnd();
        const read = commentFields(withProposal(comment, { start, end }), 'tentative');
        expect(read).to.deep.equal({ ...(comment && { comment }), proposedStart: start, proposedEnd: end });
        const kept = keptComment({ address: 'a@example.com', role: 'required', status: 'tentative', ...read });
        expect(commentFields(kept, 'tentative')).to.deep.equal(read);
      }),
    );
  });

  it('is none in what people write themselves, nor after times that are gone', () => {
    const words = 'New time proposed: tomorrow - late UTC';
    expect(commentFields(words, 'tentative')).to.deep.equal({ comment: words });
    expect(commentFields('', 'accepted')).to.deep.equal({});
    const note = withProposal('Later?', { start: 0, end: minute });
    expect(commentFields(note, 'none')).to.deep.equal({ comment: 'Later?' });
  });
});
