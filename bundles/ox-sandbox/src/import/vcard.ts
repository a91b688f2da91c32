import ICAL from 'ical.js';
import { decode as decodeQuotedPrintable } from 'libqp';
import type { Lose } from './report';

type ContactBody = Record<string, unknown>;

/** A value as the library reads it: a text, a date, or a structure of texts. */
type CardValue = string | ICAL.Time | CardValue[] | null | undefined;

/** Cuts a file into its cards. */
export function splitCards(text: string): string[] {
  return text.replace(/^\uFEFF/, '').match(/^BEGIN:VCARD[\s\S]*?^END:VCARD[ \t]*$/gim) ?? [];
}

/** Properties that say something about the card, not about the person. */
const about = new Set(['version', 'prodid', 'rev', 'source', 'kind', 'profile', 'mailer', 'sort-string']);

/** Properties whose value is one field. */
const single: Readonly<Record<string, string>> = {
  fn: 'display_name',
  title: 'position',
  role: 'profession',
  note: 'note',
  uid: 'uid',
  'x-phonetic-first-name': 'yomiFirstName',
  'x-phonetic-last-name': 'yomiLastName',
  'x-assistant': 'assistant_name',
  'x-manager': 'manager_name',
  'x-spouse': 'spouse_name',
};

/** Fields that take several values in turn. */
const emails = ['email1', 'email2', 'email3'];
const messengers = ['instant_messenger1', 'instant_messenger2'];

/** Which fields a telephone number goes to: the first line whose types all fit. */
const telephones: readonly (readonly [types: readonly string[], fields: readonly string[]])[] = [
  [['x-company'], ['telephone_company']],
  [['fax', 'work'], ['fax_business']],
  [['fax', 'home'], ['fax_home']],
  [['fax'], ['fax_business', 'fax_home', 'fax_other']],
  [['pager'], ['telephone_pager']],
  [['car'], ['telephone_car']],
  [['isdn'], ['telephone_isdn']],
  [['cell'], ['cellular_telephone1', 'cellular_telephone2']],
  [['mobile'], ['cellular_telephone1', 'cellular_telephone2']],
  [['home'], ['telephone_home1', 'telephone_home2']],
  [['work'], ['telephone_business1', 'telephone_business2', 'telephone_company']],
  [[], ['telephone_other', 'telephone_primary', 'telephone_business1', 'telephone_home1']],
];

/**
 * A contact's fields from a card. RFC 6350, RFC 2426; quoted-printable values of vCard 2.1 are decoded.
 *
 * @throws Error when it is no card
 */
export function readCard(text: string, lose: Lose): ContactBody {
  const card = new ICAL.Component(ICAL.parse(decodeOld(text)) as unknown[]);
  const body: ContactBody = {};
  for (const property of card.getAllProperties()) readProperty(property, body, lose);
  return body;
}

function readProperty(property: ICAL.Property, body: ContactBody, lose: Lose): void {
  const name = property.name.replace(/^.*\./, '');
  const values = property.getValues() as CardValue[];
  const text = textOf(values[0]);
  if (about.has(name) || text === '') return;
  const field = single[name];
  if (field !== undefined) set(body, field, text, name, lose);
  else if (name === 'n') setAll(body, ['last_name', 'first_name', 'second_name', 'title', 'suffix'], values[0]);
  else if (name === 'org') setAll(body, ['company', 'department'], values[0]);
  else if (name === 'nickname' || name === 'categories') body[name] = flat(values).join(',');
  else if (name === 'url') set(body, 'url', text, name, lose);
  else if (name === 'email') setNext(body, emails, text, name, lose);
  else if (name === 'impp' || name.startsWith('x-jabber') || name.startsWith('x-aim'))
    setNext(body, messengers, text, name, lose);
  else if (name === 'tel') readTelephone(property, body, text, lose);
  else if (name === 'adr') readAddress(property, body, values[0], lose);
  else if (name === 'bday' || name === 'anniversary' || name === 'x-anniversary')
    readDay(body, name === 'bday' ? 'birthday' : 'anniversary', text, lose);
  else if (name === 'photo') readPhoto(property, body, text, lose);
  else if (name === 'class') body['private_flag'] = /^(?:private|confidential)$/i.test(text);
  else lose(name.toUpperCase(), 'has no place in a contact');
}

function textOf(value: CardValue): string {
  if (Array.isArray(value)) return flat(value).filter(Boolean).join(' ');
  return value?.toString() ?? '';
}

function flat(values: unknown[]): string[] {
  return values.flat(3).map(String);
}

function set(body: ContactBody, field: string, text: string, name: string, lose: Lose): void {
  if (field in body) lose(name.toUpperCase(), 'only one is kept');
  else body[field] = text;
}

function setAll(body: ContactBody, fields: readonly string[], value: CardValue): void {
  const parts = Array.isArray(value) ? value : [value];
  fields.forEach((field, index) => {
    const text = textOf(parts[index]);
    if (text !== '') body[field] = text;
  });
}

function setNext(body: ContactBody, fields: readonly string[], text: string, name: string, lose: Lose): void {
  const free = fields.find((field) => !(field in body));
  if (free === undefined) lose(name.toUpperCase(), `only ${fields.length} are kept`);
  else body[free] = text;
}

function typesOf(property: ICAL.Property): Set<string> {
  const type: unknown = property.getParameter('type');
  return new Set(flat([type ?? []]).flatMap((one) => one.toLowerCase().split(',')));
}

function readTelephone(property: ICAL.Property, body: ContactBody, text: string, lose: Lose): void {
  const types = typesOf(property);
  const [, fields] = telephones.find(([needed]) => needed.every((type) => types.has(type))) ?? [[], []];
  setNext(body, fields, text.replace(/^tel:/, ''), 'tel', lose);
}

function readAddress(property: ICAL.Property, body: ContactBody, value: CardValue, lose: Lose): void {
  const types = typesOf(property);
  const kind = types.has('work') ? 'business' : types.has('home') ? 'home' : 'other';
  const [box, extended, street, city, state, code, country] = (Array.isArray(value) ? value : [value]).map(textOf);
  if (`street_${kind}` in body || `city_${kind}` in body) {
    lose('ADR', 'only one of each type is kept');
    return;
  }
  const lines = [extended, street, box].filter((line) => line !== undefined && line !== '');
  const parts = { street: lines.join('\n'), city, state, postal_code: code, country };
  for (const [name, text] of Object.entries(parts)) if (text) body[`${name}_${kind}`] = text;
}

function readDay(body: ContactBody, field: string, text: string, lose: Lose): void {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text) ?? [];
  if (year === undefined) lose(field === 'birthday' ? 'BDAY' : 'ANNIVERSARY', `"${text}" is no complete date`);
  else body[field] = Date.UTC(Number(year), Number(month) - 1, Number(day));
}

function readPhoto(property: ICAL.Property, body: ContactBody, text: string, lose: Lose): void {
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(text);
  const encoding: unknown = property.getParameter('encoding');
  if (data) Object.assign(body, { image1_content_type: data[1], image1: data[2] });
  else if (/^b(?:ase64)?$/i.test(String(encoding))) {
    const type = [...typesOf(property)][0] ?? 'jpeg';
    Object.assign(body, {
      image1: text.replace(/\s/g, ''),
      image1_content_type: type.includes('/') ? type : `image/${type}`,
    });
  } else lose('PHOTO', 'is only a link');
}

/** vCard 2.1 writes quoted-printable values and bare types. */
function decodeOld(text: string): string {
  if (!/^VERSION:2\.1/im.test(text)) return text;
  return text
    .replace(/=\r?\n/g, '')
    .replace(
      /^([^:\r\n]*);ENCODING=QUOTED-PRINTABLE([^:\r\n]*):(.*)$/gim,
      (_line, before: string, after: string, value: string) =>
        `${before}${after}:${decodeQuotedPrintable(value).toString('utf8').replace(/\r?\n/g, '\\n')}`,
    )
    .replace(/;CHARSET=[^:;\r\n]*/gi, '')
    .replace(
      /^(TEL|ADR|EMAIL)((?:;[A-Z0-9-]+)+):/gim,
      (_line, name: string, types: string) => `${name};TYPE=${types.slice(1).split(';').join(',')}:`,
    );
}
