import { expect } from 'chai';
import fc from 'fast-check';
import type { Note } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import { Notes, element } from '../../src/wbxml';
import { note } from './arbitraries';
import { applicationData, contextFor, overTheWire } from './context';

describe('notes', () => {
  const context = contextFor('Notes', '14.0');

  it('come back as they went', () => {
    fc.assert(
      fc.property(note, (item) => {
        const data = applicationData('Notes', { ...item, lastModified: 0 }, context);
        expect(readNewItem('Notes', data, context)).to.deep.equal(item);
      }),
    );
  });

  it('keep subject and text that are left out, and lose categories', () => {
    const current: Note = { subject: 'S', body: { format: 'text', content: 'B' }, categories: ['C'] };
    expect(readChange('Notes', overTheWire([]), context)(current)).to.deep.equal({ categories: null });
  });

  it('refuse other kinds of message', () => {
    const data = overTheWire([element(Notes.MessageClass, 'IPM.Note')]);
    expect(() => readNewItem('Notes', data, context))
      .to.throw()
      .with.property('code', 'INVALID_VALUE');
  });
});
