import ICAL from 'ical.js';
import { decode as decodeQuotedPrintable } from 'libqp';
import type { Lose } from './report';

type ContactBody = Record<string, unknown>;

/** A value as the library reads it: a text, a date, or a structure of texts. */
type CardValue = string | ICAL.Time | CardValue[] | null | undefined;

/** Cuts a file into its cards; one that is cut off reaches to where the next begins. */
export function splitCards(text: string): string[] {
  const pieces = text.split(/^(?=BEGIN:VCARD[ \t]*$)/im).filter((piece) => /^\uFEFF?BEGIN:VCARD/i.test(piece));
  return pieces.map((piece) => /^[\s\S]*?^END:VCARD[ \t]*$/im.exec(piece)?.[0].replace(/^\uFEFF/, '') ?? piece);
}

/** Properties that say something about the card, not about the person. */
const about = new Set(['version', 'prodid', 'rev', 'source', 'kind', 'profile', 'mailer', 'sort-string']);

/** One property of a card while it is read. */
interface Entry {
  readonly property: ICAL.Property;
  readonly name: string;
  readonly values: readonly CardValue[];
  /** The first value as text, not empty. */
  readonly text: string;
  readonly lose: Lose;
}

type Reader = (entry: Entry, body: ContactBody) => void;

/** The value goes into one field. */
const into =
  (field: string): Reader =>
  ({ text, name, lose }, body) => {
    if (field in body) lose(name.toUpperCase(), 'only one is kept');
    else body[field] = text;
  };

/** The value goes into the first field that is free. */
const intoNext =
  (...fields: readonly string[]): Reader =>
  ({ text, name, lose }, body) => {
    const free = fields.find((field) => !(field in body));
    if (free === undefined) lose(name.toUpperCase(), `only ${fields.length} are kept`);
    else body[free] = text;
  };

/** The parts of a structured value go into a field each. */
const intoParts =
  (...fields: readonly string[]): Reader =>
  ({ values: [value] }, body) => {
    const parts = Array.isArray(value) ? value : [value];
    fields.forEach((field, index) => {
      const text = textOf(parts[index]);
      if (text !== '') body[field] = text;
    });
  };

const joined: Reader = ({ values, name }, body) => {
  body[name] = flat(values).join(',');
};

/** How each property is read. RFC 6350, "vCard Properties". */
const readers: Readonly<Record<string, Reader>> = {
  fn: into('display_name'),
  n: intoParts('last_name', 'first_name', 'second_name', 'title', 'suffix'),
  nickname: joined,
  org: intoParts('company', 'department'),
  title: into('position'),
  role: into('profession'),
  email: intoNext('email1', 'email2', 'email3'),
  tel: readTelephone,
  adr: readAddress,
  impp: intoNext('instant_messenger1', 'instant_messenger2'),
  'x-jabber': intoNext('instant_messenger1', 'instant_messenger2'),
  'x-aim': intoNext('instant_messenger1', 'instant_messenger2'),
  url: into('url'),
  note: into('note'),
  categories: joined,
  bday: readDay('birthday'),
  anniversary: readDay('anniversary'),
  'x-anniversary': readDay('anniversary'),
  photo: readPhoto,
  uid: into('uid'),
  class: ({ text }, body) => {
    body['private_flag'] = /^(?:private|confidential)$/i.test(text);
  },
  'x-phonetic-first-name': into('yomiFirstName'),
  'x-phonetic-last-name': into('yomiLastName'),
  'x-assistant': into('assistant_name'),
  'x-manager': into('manager_name'),
  'x-spouse': into('spouse_name'),
};

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
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (read) read({ property, name, values, text, lose }, body);
  else lose(name.toUpperCase(), 'has no place in a contact');
}

function textOf(value: CardValue): string {
  if (Array.isArray(value)) return flat(value).filter(Boolean).join(' ');
  return value?.toString() ?? '';
}

function flat(values: readonly unknown[]): string[] {
  return values.flat(3).map(String);
}

function typesOf(property: ICAL.Property): Set<string> {
  const type: unknown = property.getParameter('type');
  return new Set(flat([type ?? []]).flatMap((one) => one.toLowerCase().split(',')));
}

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

function readTelephone(entry: Entry, body: ContactBody): void {
  const types = typesOf(entry.property);
  const [, fields] = telephones.find(([needed]) => needed.every((type) => types.has(type))) ?? [[], []];
  intoNext(...fields)({ ...entry, text: entry.text.replace(/^tel:/, '') }, body);
}

function readAddress({ property, values: [value], lose }: Entry, body: ContactBody): void {
  const types = typesOf(property);
  const kind = types.has('work') ? 'business' : types.has('home') ? 'home' : 'other';
  const parts = (Array.isArray(value) ? value : [value]).map(textOf);
  const [box, extended, street, city, state, code, country] = parts;
  if (`street_${kind}` in body || `city_${kind}` in body) {
    lose('ADR', 'only one of each type is kept');
    return;
  }
  const lines = [extended, street, box].filter((line) => line !== undefined && line !== '');
  const fields = { street: lines.join('\n'), city, state, postal_code: code, country };
  for (const [name, text] of Object.entries(fields)) if (text) body[`${name}_${kind}`] = text;
}

function readDay(field: string): Reader {
  return ({ name, text, lose }, body) => {
    const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text) ?? [];
    if (year === undefined) lose(name.toUpperCase(), `"${text}" is no complete date`);
    else body[field] = Date.UTC(Number(year), Number(month) - 1, Number(day));
  };
}

function readPhoto({ property, text, lose }: Entry, body: ContactBody): void {
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(text);
  const encoding: unknown = property.getParameter('encoding');
  if (data) Object.assign(body, { image1_content_type: data[1], image1: data[2] });
  else if (/^b(?:ase64)?$/i.test(String(encoding))) {
    const type = [...typesOf(property)][0] ?? 'jpeg';
    body['image1'] = text.replace(/\s/g, '');
    body['image1_content_type'] = type.includes('/') ? type : `image/${type}`;
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
