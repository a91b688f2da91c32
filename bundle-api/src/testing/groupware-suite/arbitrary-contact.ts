import fc from 'fast-check';
import type { Contact } from '../../model/contact';

const textFields = [
  'fileAs firstName middleName lastName title suffix nickname yomiFirstName yomiLastName yomiCompany company department',
  'jobTitle profession officeLocation managerName assistantName accountName customerId governmentId instantMessenger1',
  'instantMessenger2 instantMessenger3 webPage businessPhone1 businessPhone2 businessFax homePhone1 homePhone2 homeFax',
  'mobilePhone1 mobilePhone2 carPhone pager radioPhone assistantPhone companyPhone otherPhone otherFax mms',
  'businessStreet businessCity businessState businessPostalCode businessCountry homeStreet homeCity homeState',
  'homePostalCode homeCountry otherStreet otherCity otherState otherPostalCode otherCountry spouse',
].flatMap((line) => line.split(' '));

/** Text as people write it: no control characters, no blanks around. */
export const plainText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '').trim())
  .filter((text) => text !== '' && text !== 'null');

const date = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));

const address = fc
  .tuple(fc.stringMatching(/^[a-z]{1,10}$/), fc.constantFrom('example.org', 'example.net'))
  .map((parts) => parts.join('@'));

/** Categories are words: several are kept in one text by many backends. */
const words = fc.uniqueArray(fc.stringMatching(/^[A-Za-zäöü]{1,12}$/), { minLength: 1, maxLength: 4 });

/** A contact with any of all fields. */
export const arbitraryContact: fc.Arbitrary<Contact> = fc.record(
  {
    ...Object.fromEntries(textFields.map((field) => [field, plainText])),
    displayName: plainText,
    email1: address,
    email2: address,
    email3: address,
    birthday: date,
    anniversary: date,
    children: words,
    categories: words,
    body: plainText.map((content) => ({ format: 'text' as const, content })),
    private: fc.constant(true),
  },
  { requiredKeys: ['displayName'] },
);
