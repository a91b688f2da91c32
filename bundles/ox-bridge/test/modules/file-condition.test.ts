import type { MailCondition } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { asksForFiles, assumeFiles } from '../../src/modules/mail/file-condition';

const a = { subject: 'a' };
const files = { hasAttachment: true };

/** A condition; what it asks of mails with files, and of mails without; undefined: none matches. */
const cases: readonly (readonly [MailCondition, MailCondition | undefined, MailCondition | undefined])[] = [
  [files, {}, undefined],
  [{ hasAttachment: false, ...a }, undefined, a],
  [{ not: files }, { not: {} }, {}],
  [{ any: [files, a] }, { any: [{}, a] }, { any: [a] }],
  [{ all: [files, a] }, { all: [{}, a] }, undefined],
  [{ any: [] }, undefined, undefined],
  [{ not: { all: [files, a] } }, { not: { all: [{}, a] } }, {}],
];

describe('a condition about files', () => {
  for (const [condition, withFiles, without] of cases)
    it(JSON.stringify(condition), () => {
      expect(assumeFiles(condition, true)).to.deep.equal(withFiles);
      expect(assumeFiles(condition, false)).to.deep.equal(without);
    });

  it('is known for one wherever it stands', () => {
    expect(asksForFiles({ all: [{ any: [{ not: files }] }] })).to.equal(true);
    expect(asksForFiles({ all: [a], any: [a], not: a, read: true })).to.equal(false);
  });
});
