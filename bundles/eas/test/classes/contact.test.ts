import { expect } from 'chai';
import fc from 'fast-check';
import type { Contact } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import { omit } from '../../src/values/omit';
import { Contacts, element } from '../../src/wbxml';
import { contact, contactExtras } from './arbitraries';
import { applicationData, contextFor, edited, overTheWire, patched, versions } from './context';

describe('contacts', () => {
  for (const version of versions) {
    it(`come back as they went in ${version}`, () => {
      const context = contextFor('Contacts', version);
      fc.assert(
        fc.property(contact, (item) => {
          expect(readNewItem('Contacts', applicationData('Contacts', item, context), context)).to.deep.equal(item);
        }),
      );
    });

    it(`keep what ${version} cannot carry when a device edits them`, () => {
      const context = contextFor('Contacts', version);
      fc.assert(
        fc.property(contact, (item) => {
          const current: Contact = { ...item, ...contactExtras };
          const data = edited(applicationData('Contacts', current, context), [
            [Contacts.FirstName, element(Contacts.FirstName, 'Neu')],
            [Contacts.LastName, undefined],
          ]);
          const patch = readChange('Contacts', data, context)(current);
          expect(patched(current, patch)).to.deep.equal({ ...omit(current, 'lastName'), firstName: 'Neu' });
          expect(Object.keys(patch)).to.have.length.at.most(2);
        }),
      );
    });
  }

  it('that come back unchanged are no change, however the device spells them', () => {
    const context = contextFor('Contacts', '14.1');
    const current: Contact = {
      email1: 'anna@example.com',
      birthday: '1980-02-29',
      body: { format: 'html', content: '<p>Some <b>words</b></p>' },
    };
    const data = edited(applicationData('Contacts', current, context), [
      [Contacts.Email1Address, element(Contacts.Email1Address, '"Anna" <anna@example.com>')],
      [Contacts.Birthday, element(Contacts.Birthday, '19800229T080000Z')],
    ]);
    expect(readChange('Contacts', data, context)(current)).to.deep.equal({});
  });

  it('keep ghosted elements that the device leaves out', () => {
    const supported = new Set([Contacts.FirstName, Contacts.LastName]);
    const plain = contextFor('Contacts', '12.1');
    const context = { ...plain, options: { ...plain.options, supported } };
    const current: Contact = { firstName: 'A', lastName: 'B', company: 'C' };
    const data = overTheWire([element(Contacts.FirstName, 'Z')]);
    expect(readChange('Contacts', data, context)(current)).to.deep.equal({ firstName: 'Z', lastName: null });
  });

  it('keep their picture when it is left out, and lose it when it is empty', () => {
    const context = contextFor('Contacts', '14.1');
    const current: Contact = { picture: { contentType: 'image/png', data: 'iVBORw0KGgoAAAA=' } };
    expect(readChange('Contacts', overTheWire([]), context)(current)).to.deep.equal({});
    const empty = overTheWire([element(Contacts.Picture)]);
    expect(readChange('Contacts', empty, context)(current)).to.deep.equal({ picture: null });
  });

  it('refuse a picture above 48 KB', () => {
    const context = contextFor('Contacts', '14.1');
    const data = overTheWire([element(Contacts.Picture, 'A'.repeat(48 * 1024 + 4))]);
    expect(() => readNewItem('Contacts', data, context))
      .to.throw()
      .with.property('code', 'TOO_LARGE');
  });
});
