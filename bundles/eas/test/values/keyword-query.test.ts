import type { MailCondition } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseKeywordQuery } from '../../src/values/keyword-query';

const day = 86_400_000;
/** Noon of 22 November 2026 in Berlin, where it is an hour later than UTC. */
const context = { now: Date.UTC(2026, 10, 22, 11), timeZone: 'Europe/Berlin' };
const midnight = Date.UTC(2026, 10, 21, 23);

const cases: readonly (readonly [string, MailCondition])[] = [
  ['', {}],
  ['hello', { text: 'hello' }],
  ['hel*', { text: 'hel' }],
  ['hello world', { all: [{ text: 'hello' }, { text: 'world' }] }],
  ['hello AND world', { all: [{ text: 'hello' }, { text: 'world' }] }],
  ['"hello world"', { text: 'hello world' }],
  ['a OR b c', { any: [{ text: 'a' }, { all: [{ text: 'b' }, { text: 'c' }] }] }],
  ['(a OR b) c', { all: [{ any: [{ text: 'a' }, { text: 'b' }] }, { text: 'c' }] }],
  ['NOT a', { not: { text: 'a' } }],
  ['b -a', { all: [{ text: 'b' }, { not: { text: 'a' } }] }],
  ['from:anna', { from: 'anna' }],
  ['From:"Anna Miller"', { from: 'Anna Miller' }],
  ['subject=report', { subject: 'report' }],
  ['to:a cc:b bcc:c body:d', { all: [{ to: 'a' }, { cc: 'b' }, { bcc: 'c' }, { body: 'd' }] }],
  ['recipients:a', { any: [{ to: 'a' }, { cc: 'a' }, { bcc: 'a' }] }],
  ['isread:false', { read: false }],
  ['hasattachment:true', { hasAttachment: true }],
  ['HasAttachments=0 a', { all: [{ hasAttachment: false }, { text: 'a' }] }],
  ['subject<>x', { not: { subject: 'x' } }],
  ['received:2026-11-22', { after: midnight, before: midnight + day }],
  ['received>=11/22/2026', { after: midnight }],
  ['received>yesterday', { after: midnight }],
  ['received<today', { before: midnight }],
  ['received:2026-11-20..2026-11-22', { after: midnight - 2 * day, before: midnight + day }],
  ['Re: Minutes', { all: [{ text: 'Re:' }, { text: 'Minutes' }] }],
  ['http://example.com', { text: 'http://example.com' }],
  ['toString:x', { text: 'toString:x' }],
  ['received:soon', { text: 'received:soon' }],
  ['(a', { text: 'a' }],
  ['a) b', { all: [{ text: 'a' }, { text: 'b' }] }],
  ['OR OR', {}],
  ['NOT', {}],
  ['"open', { text: 'open' }],
];

describe('a keyword query', () => {
  for (const [text, condition] of cases)
    it(text === '' ? 'without words' : text, () => {
      expect(parseKeywordQuery(text, context)).to.deep.equal(condition);
    });

  it('may be anything that a user types', () => {
    const word = fc.constantFrom(
      'a',
      'OR',
      'AND',
      'NOT',
      '(',
      ')',
      '"',
      '-',
      'from:',
      'received>',
      '2026-11-01',
      '*',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 80 }).map((words) => words.join(' ')),
        ),
        (text) => {
          expect(parseKeywordQuery(text, context)).to.be.an('object');
        },
      ),
    );
  });

  it('has an end', () => {
    expect(parseKeywordQuery('a '.repeat(101), context)).to.equal(undefined);
    expect(parseKeywordQuery('('.repeat(10_000), context)).to.equal(undefined);
  });
});
