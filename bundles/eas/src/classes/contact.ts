import type { Contact } from '@oxtender/bundle-api';
import { type FieldTable, field, fieldTable } from '../protocol/field-table';
import { type KeyOf, text, textList } from '../protocol/fields';
import { Contacts, Contacts2, type Tag } from '../wbxml';
import { addressIn } from '../values/mailbox-text';
import { formatBirthday, readBirthday } from '../values/birthday';
import { bodyFields } from './body';
import { pictureField } from './contact-picture';
import type { ItemContext } from './item-context';
import { texts } from './texts';

/** Most categories, and most children, of one item. [MS-ASCNTC] "Category", "Child". */
const max = 300;

/** Contacts class. [MS-ASCNTC] "Elements". Model: {@link Contact}. */
export const contactFields: FieldTable<Contact, ItemContext> = fieldTable<Contact, ItemContext>([
  date(Contacts.Anniversary, 'anniversary'),
  text(Contacts.AssistantName, 'assistantName'),
  text(Contacts.AssistantPhoneNumber, 'assistantPhone'),
  date(Contacts.Birthday, 'birthday'),
  ...bodyFields<Contact>({
    body: Contacts.Body,
    size: Contacts.BodySize,
    truncated: Contacts.BodyTruncated,
    compressedRtf: Contacts.CompressedRTF,
  }),
  text(Contacts.Business2PhoneNumber, 'businessPhone2'),
  text(Contacts.BusinessAddressCity, 'businessCity'),
  text(Contacts.BusinessAddressCountry, 'businessCountry'),
  text(Contacts.BusinessAddressPostalCode, 'businessPostalCode'),
  text(Contacts.BusinessAddressState, 'businessState'),
  text(Contacts.BusinessAddressStreet, 'businessStreet'),
  text(Contacts.BusinessFaxNumber, 'businessFax'),
  text(Contacts.BusinessPhoneNumber, 'businessPhone1'),
  text(Contacts.CarPhoneNumber, 'carPhone'),
  textList(Contacts.Categories, Contacts.Category, 'categories', { max }),
  textList(Contacts.Children, Contacts.Child, 'children', { max }),
  text(Contacts.CompanyName, 'company'),
  text(Contacts.Department, 'department'),
  mailAddress(Contacts.Email1Address, 'email1'),
  mailAddress(Contacts.Email2Address, 'email2'),
  mailAddress(Contacts.Email3Address, 'email3'),
  field({
    ...text<Contact>(Contacts.FileAs, 'fileAs'),
    // What devices show: an entry that has nothing but a display name is not left without.
    write: ({ fileAs, displayName }) => texts(Contacts.FileAs, fileAs ?? displayName),
  }),
  text(Contacts.FirstName, 'firstName'),
  text(Contacts.Home2PhoneNumber, 'homePhone2'),
  text(Contacts.HomeAddressCity, 'homeCity'),
  text(Contacts.HomeAddressCountry, 'homeCountry'),
  text(Contacts.HomeAddressPostalCode, 'homePostalCode'),
  text(Contacts.HomeAddressState, 'homeState'),
  text(Contacts.HomeAddressStreet, 'homeStreet'),
  text(Contacts.HomeFaxNumber, 'homeFax'),
  text(Contacts.HomePhoneNumber, 'homePhone1'),
  text(Contacts.JobTitle, 'jobTitle'),
  text(Contacts.LastName, 'lastName'),
  text(Contacts.MiddleName, 'middleName'),
  text(Contacts.MobilePhoneNumber, 'mobilePhone1'),
  text(Contacts.OfficeLocation, 'officeLocation'),
  text(Contacts.OtherAddressCity, 'otherCity'),
  text(Contacts.OtherAddressCountry, 'otherCountry'),
  text(Contacts.OtherAddressPostalCode, 'otherPostalCode'),
  text(Contacts.OtherAddressState, 'otherState'),
  text(Contacts.OtherAddressStreet, 'otherStreet'),
  text(Contacts.PagerNumber, 'pager'),
  text(Contacts.RadioPhoneNumber, 'radioPhone'),
  text(Contacts.Spouse, 'spouse'),
  text(Contacts.Suffix, 'suffix'),
  text(Contacts.Title, 'title'),
  text(Contacts.WebPage, 'webPage'),
  text(Contacts.YomiCompanyName, 'yomiCompany'),
  text(Contacts.YomiFirstName, 'yomiFirstName'),
  text(Contacts.YomiLastName, 'yomiLastName'),
  pictureField,
  text(Contacts2.CustomerId, 'customerId'),
  text(Contacts2.GovernmentId, 'governmentId'),
  text(Contacts2.IMAddress, 'instantMessenger1'),
  text(Contacts2.IMAddress2, 'instantMessenger2'),
  text(Contacts2.IMAddress3, 'instantMessenger3'),
  text(Contacts2.ManagerName, 'managerName'),
  text(Contacts2.CompanyMainPhone, 'companyPhone'),
  text(Contacts2.AccountName, 'accountName'),
  text(Contacts2.NickName, 'nickname'),
  text(Contacts2.MMS, 'mms'),
]);

/** A date as a moment; see {@link formatBirthday}. What is no date is passed over. */
function date(tag: Tag, key: 'birthday' | 'anniversary') {
  return field<Contact, ItemContext>({
    tag,
    keys: [key],
    write: (contact, { quirks }) => texts(tag, contact[key] && formatBirthday(contact[key], quirks.birthdayHour)),
    read: (read, { quirks }) => ({ [key]: read.text === '' ? null : readBirthday(read.text, quirks.birthdayIs) }),
  });
}

/** Devices write `"Name" <address>`; the record has the address alone. */
function mailAddress(tag: Tag, key: KeyOf<Contact, string> & `email${number}`) {
  return field<Contact, ItemContext>({
    tag,
    keys: [key],
    write: (contact) => texts(tag, contact[key]),
    read: (read) => ({ [key]: addressIn(read.text) || null }),
  });
}
