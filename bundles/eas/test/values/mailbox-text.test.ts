import { expect } from 'chai';
import fc from 'fast-check';
import { addressIn, formatMailbox, formatMailboxes, parseMailboxes } from '../../src/values/mailbox-text';

describe('lists of mailboxes', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map((text) =>
      text
        .replace(/[\p{C}\ufffd]/gu, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((text) => /^[^"\\()<>@]+$/.test(text) && !text.includes("'"));
  const address = fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.example$/);
  const mailbox = fc.record({ name, address }, { requiredKeys: ['address'] });

  it('come back as they went', () => {
    fc.assert(
      fc.property(
        fc.array(mailbox, { maxLength: 5 }),
        fc.constantFrom(', ' as const, '; ' as const),
        (list, separator) => {
          expect(parseMailboxes(formatMailboxes(list, separator))).to.deep.equal(list);
        },
      ),
    );
  });

  it('quote names that need it', () => {
    expect(formatMailbox({ name: 'Miller, "Anna"', address: 'a@b.example' })).to.equal(
      '"Miller, \\"Anna\\"" <a@b.example>',
    );
  });

  it('stay below the longest text of an element, whole mailboxes only', () => {
    const list = Array.from({ length: 3000 }, (_, index) => ({ address: `someone${index}@example.com` }));
    const text = formatMailboxes(list);
    expect(text.length).to.be.at.most(32_768);
    expect(text.endsWith('@example.com')).to.equal(true);
  });

  it('give the address of a contact, however the device wrote it', () => {
    const written = ['"Anna" <a@b.example>', ' a@b.example ', 'Anna', 'Anna <here>', `<${'@'.repeat(100_000)}`];
    expect(written.map(addressIn)).to.deep.equal(['a@b.example', 'a@b.example', 'Anna', 'Anna <here>', written[4]]);
  });
});
