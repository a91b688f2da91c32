import { expect } from 'chai';
import fc from 'fast-check';
import type { Contact } from '../../model/contact';
import { arbitraryContact } from './arbitrary-contact';
import { describeItems, type Example } from './item-behaviour';
import type { Scene } from './fixture';

const example: Example<'Contacts'> = {
  item: {
    displayName: 'Jörg Müller',
    firstName: 'Jörg',
    lastName: 'Müller',
    email1: 'joerg@example.org',
    company: 'Ümläut',
  },
  patch: { firstName: 'Georg', company: null },
  after: { firstName: 'Georg', lastName: 'Müller' },
  cleared: 'company',
};

/** One transparent pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Contacts. */
export function describeContacts(scene: () => Scene): void {
  describe('contacts', () => {
    describeItems('Contacts', example, scene);

    it('keep every field that the record has', async () => {
      const folder = await scene().folder('Contacts');
      const lost = new Set(scene().fixture.limits?.contactFields);
      const known = (contact: Contact): Partial<Contact> =>
        Object.fromEntries(Object.entries(contact).filter(([key]) => !lost.has(key)));
      await fc.assert(
        fc.asyncProperty(arbitraryContact, async (contact) => {
          const { id } = await scene().create(folder, contact);
          expect(await scene().read(folder, id)).to.deep.equal(known(contact));
        }),
        { numRuns: 15 },
      );
    });

    it('keep a picture, and lose it when told to', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Contacts');
      const picture = { contentType: 'image/png', data: pixel };
      const { id } = await scene().create(folder, { displayName: 'Pictured', picture });
      expect(await scene().read(folder, id)).to.deep.include({ picture });
      await session.patch(folder, id, { picture: null }, options);
      expect(await scene().read(folder, id)).to.not.have.property('picture');
      await session.patch(folder, id, { picture }, options);
      expect(await scene().read(folder, id)).to.deep.include({ displayName: 'Pictured', picture });
    });
  });
}
