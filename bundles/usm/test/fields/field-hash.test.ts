import type { Attendee, Body, Task } from '@oxtender/bundle-api';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { hashField, hashItem, isNews, sameHashes, unknownHash } from '../../src/fields/field-hash';

describe('field hashes', () => {
  it('are 24 bits, and 0 only for nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const hash = hashField('Contacts', 'nickname', value);
        const isNothing = value === null || value === '' || (Array.isArray(value) && value.length === 0);
        expect(hash === 0).to.equal(isNothing);
        expect(hash)
          .to.be.within(0, 0xffffff - 1)
          .and.not.equal(unknownHash);
      }),
    );
  });

  it('do not depend on the order of keys', () => {
    const record = fc.dictionary(fc.string(), fc.integer(), { maxKeys: 8 });
    fc.assert(
      fc.property(record, (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(hashField('Calendar', 'location', value)).to.equal(hashField('Calendar', 'location', reversed));
      }),
    );
  });

  it('tell different texts apart: among 100,000 pairs none meet by chance more often than 24 bits allow', () => {
    const seen = new Map<number, number>();
    for (let n = 0; n < 20_000; n++) {
      const hash = hashField('Contacts', 'firstName', `name ${n}`);
      seen.set(hash, (seen.get(hash) ?? 0) + 1);
    }
    // 20,000 texts have 2*10^8 pairs, of which 12 should meet.
    expect(20_000 - seen.size).to.be.below(40);
  });

  it('take absent for the default of a field', () => {
    expect(hashField('Contacts', 'private', false)).to.equal(0);
    expect(hashField('Tasks', 'allDay', true)).to.equal(0);
    expect(hashField('Tasks', 'allDay', false)).to.not.equal(0);
    expect(hashField('Calendar', 'allDay', false)).to.equal(0);
  });

  it('take for equal what is only written differently', () => {
    const body = (content: string): Body => ({ format: 'text', content });
    expect(hashField('Notes', 'body', body('a\r\nb\r\n'))).to.equal(hashField('Notes', 'body', body('a\nb')));
    expect(hashField('Notes', 'categories', ['a', 'b'])).to.equal(hashField('Notes', 'categories', ['b', 'a']));
    const attendee = (address: string): Attendee => ({ address, role: 'required', status: 'none' });
    const attendees = [attendee('B@example.org'), attendee('a@example.org')];
    const same = [attendee('a@example.org'), attendee('b@example.org')];
    expect(hashField('Calendar', 'attendees', attendees)).to.equal(hashField('Calendar', 'attendees', same));
    const file = { fileName: 'a.txt', contentType: 'text/plain', size: 3 };
    const files = (id: string): unknown => [{ ...file, id }];
    expect(hashField('Calendar', 'attachments', files('1'))).to.equal(hashField('Calendar', 'attachments', files('2')));
  });

  it('of an item change with each tracked field and with no other', () => {
    const before = hashItem('Calendar', { start: 0, end: 1, allDay: false, title: 'a' });
    const lastModified = { start: 0, end: 1, allDay: false, title: 'a', lastModified: 5, sequence: 3 };
    expect(sameHashes(before, hashItem('Calendar', lastModified))).to.equal(true);
    expect(sameHashes(before, hashItem('Calendar', { start: 0, end: 1, allDay: false, title: 'b' }))).to.equal(false);
  });

  it('of a task are no news when the groupware only gave it a uid', () => {
    const task: Task = { title: 'Pay', status: 'not-started', percentCompleted: 0 };
    const had = hashItem('Tasks', task);
    expect(isNews('Tasks', had, hashItem('Tasks', { ...task, uid: 'u1' }))).to.equal(false);
    expect(isNews('Tasks', had, hashItem('Tasks', { ...task, uid: 'u1', title: 'Pay now' }))).to.equal(true);
    expect(
      isNews('Tasks', hashItem('Tasks', { ...task, uid: 'u1' }), hashItem('Tasks', { ...task, uid: 'u2' })),
    ).to.equal(true);
  });

  it('are no news where the groupware made a name of what the device itself wrote', () => {
    const had = hashItem('Contacts', { displayName: 'Old, Ann', firstName: 'Ann', lastName: 'New' });
    const now = { displayName: 'New, Ann', firstName: 'Ann', lastName: 'New' };
    expect(isNews('Contacts', had, hashItem('Contacts', now), true)).to.equal(false);
    expect(isNews('Contacts', had, hashItem('Contacts', now))).to.equal(true);
    expect(isNews('Contacts', had, hashItem('Contacts', { ...now, title: 'Dr.' }), true)).to.equal(true);
  });
});
