import type { Appointment, Contact, MailCondition, Task } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { itemMatches } from '../../src/lookup/item-match';

const contact: Contact = { displayName: 'Bobby Tables', firstName: 'Bobby', email1: 'b.tables@example.org' };
const meeting: Appointment = {
  title: 'Review of the plan',
  start: 0,
  end: 1,
  allDay: false,
  uid: 'secret-uid',
  body: { format: 'html', content: '<p>Bring <b>coffee</b></p>' },
  organizer: { name: 'Erin', address: 'erin@elsewhere.test' },
  attendees: [{ name: 'Anna', address: 'anna@example.org', role: 'required', status: 'none' }],
};
const task: Task = { title: 'Buy milk (2 l)' };

const cases: readonly [string, Contact | Appointment | Task, MailCondition, boolean][] = [
  ['the beginning of a word, whatever its case', contact, { text: 'TAB' }, true],
  ['no end of a word', contact, { text: 'ables' }, false],
  ['a part of an address', contact, { text: 'tables@exam' }, true],
  ['words next to each other', meeting, { text: 'of the' }, true],
  ['no words in another order', meeting, { text: 'plan review' }, false],
  ['a title', meeting, { subject: 'review' }, true],
  ['nothing of the text in the title', meeting, { subject: 'coffee' }, false],
  ['the text of HTML, and no markup', meeting, { body: 'coffee' }, true],
  ['no markup', meeting, { text: '<p' }, false],
  ['who invites', meeting, { from: 'erin' }, true],
  ['who is invited', meeting, { to: 'anna' }, true],
  ['what is meant for patterns', task, { text: '(2 l)' }, true],
  ['nothing by what only mails have', task, { read: true }, false],
  ['nothing by what is not shown', meeting, { text: 'secret' }, false],
  ['both of two', task, { all: [{ text: 'buy' }, { text: 'milk' }] }, true],
  ['one of two', task, { any: [{ text: 'sell' }, { text: 'milk' }] }, true],
  ['the opposite', task, { not: { text: 'beer' } }, true],
];

describe('a search for items other than mails', () => {
  for (const [name, item, condition, expected] of cases)
    it(`finds ${name}`, () => {
      expect(itemMatches(item, condition)).to.equal(expected);
    });

  it('takes whatever somebody types', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(itemMatches(contact, { text })).to.be.a('boolean');
      }),
    );
  });
});
