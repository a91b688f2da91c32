import type { ConflictPolicy, Contact } from '@oxtender/bundle-api';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { hashItem } from '../../src/fields/field-hash';
import { mergePatch, type OwnFields, patchHashes } from '../../src/sync/three-way';

const value = fc.constantFrom('a', 'b', 'c', undefined);
const contact = fc.record({ firstName: value, lastName: value, company: value }) as fc.Arbitrary<Contact>;
const fields = ['firstName', 'lastName', 'company'] as const;
const policy = fc.constantFrom<ConflictPolicy>('server-wins', 'client-wins', 'keep-both');

function merge(
  before: Contact,
  device: Contact,
  now: Contact,
  rule: ConflictPolicy,
  own: OwnFields = {},
): {
  result: Contact;
  conflict: boolean;
} {
  const patch = Object.fromEntries(fields.map((field) => [field, device[field] ?? null]));
  const sides = { base: hashItem('Contacts', before), now: hashItem('Contacts', now), own, policy: rule };
  const merged = mergePatch('Contacts', patch, sides);
  return { result: { ...now, ...(merged.patch as Contact) }, conflict: merged.conflict };
}

describe('the three-way merge', () => {
  it('takes each field from the side that changed it, and by the policy where both did', () => {
    fc.assert(
      fc.property(contact, contact, contact, policy, (before, device, now, rule) => {
        const { result, conflict } = merge(before, device, now, rule);
        let expectedConflict = false;
        for (const field of fields) {
          const [was, wants, is] = [before[field], device[field], now[field]];
          const both = wants !== was && is !== was && wants !== is;
          expectedConflict ||= both;
          const expected = wants === was ? is : both && rule !== 'client-wins' ? is : wants;
          expect(result[field] ?? undefined).to.equal(expected);
        }
        expect(conflict).to.equal(expectedConflict);
      }),
    );
  });

  it('is no conflict with what the device itself wrote before', () => {
    fc.assert(
      fc.property(contact, contact, contact, policy, (before, first, second, rule) => {
        const own = Object.fromEntries(
          Object.entries(patchHashes('Contacts', first)).map(([position, hash]) => [position, { sent: [hash] }]),
        );
        const { result, conflict } = merge(before, second, { ...before, ...first }, rule, own);
        expect(conflict).to.equal(false);
        for (const field of fields) expect(result[field] ?? undefined).to.equal(second[field]);
      }),
    );
  });
});
