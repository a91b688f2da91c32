import ICAL from 'ical.js';
import { day } from '../columns/body';
import type { Stored } from '../store/objects';

/** Fields and the vCard properties that they become: name, types, value. RFC 6350. */
const simple: readonly (readonly [field: string, property: string, types?: readonly string[]])[] = [
  ['display_name', 'fn'],
  ['nickname', 'nickname'],
  ['position', 'title'],
  ['profession', 'role'],
  ['note', 'note'],
  ['url', 'url'],
  ['uid', 'uid'],
  ['email1', 'email', ['work']],
  ['email2', 'email', ['home']],
  ['email3', 'email'],
  ['telephone_business1', 'tel', ['work', 'voice']],
  ['telephone_business2', 'tel', ['work', 'voice']],
  ['telephone_company', 'tel', ['x-company', 'work']],
  ['fax_business', 'tel', ['work', 'fax']],
  ['telephone_home1', 'tel', ['home', 'voice']],
  ['telephone_home2', 'tel', ['home', 'voice']],
  ['fax_home', 'tel', ['home', 'fax']],
  ['cellular_telephone1', 'tel', ['cell']],
  ['cellular_telephone2', 'tel', ['cell']],
  ['fax_other', 'tel', ['fax']],
  ['telephone_pager', 'tel', ['pager']],
  ['telephone_car', 'tel', ['car']],
  ['telephone_isdn', 'tel', ['isdn']],
  ['telephone_other', 'tel', ['voice']],
  ['telephone_primary', 'tel', ['voice']],
  ['instant_messenger1', 'impp'],
  ['instant_messenger2', 'impp'],
  ['yomiFirstName', 'x-phonetic-first-name'],
  ['yomiLastName', 'x-phonetic-last-name'],
  ['spouse_name', 'x-spouse'],
  ['manager_name', 'x-manager'],
  ['assistant_name', 'x-assistant'],
];

const structured: readonly (readonly [property: string, fields: readonly string[], types?: readonly string[]])[] = [
  ['n', ['last_name', 'first_name', 'second_name', 'title', 'suffix']],
  ['org', ['company', 'department']],
  ['adr', addressFields('business'), ['work']],
  ['adr', addressFields('home'), ['home']],
  ['adr', addressFields('other'), ['other']],
];

function addressFields(kind: string): string[] {
  return ['', '', `street_${kind}`, `city_${kind}`, `state_${kind}`, `postal_code_${kind}`, `country_${kind}`];
}

/** A contact as a vCard of version 3. */
export function writeCard(contact: Stored, image?: { type: string; data: Buffer }): string {
  const card = new ICAL.Component('vcard');
  card.addPropertyWithValue('version', '3.0');
  card.addPropertyWithValue('prodid', '-//OXtender//ox-sandbox//EN');
  const text = (field: string): string => (contact[field] == null ? '' : String(contact[field]));
  for (const [field, name, types] of simple) if (text(field) !== '') add(card, name, text(field), types);
  if (text('display_name') === '') card.addPropertyWithValue('fn', text('company') || text('email1') || '?');
  for (const [name, fields, types] of structured) {
    const values = fields.map((field) => (field === '' ? '' : text(field)));
    if (values.some((value) => value !== '')) add(card, name, values, types);
  }
  for (const [field, name] of [
    ['birthday', 'bday'],
    ['anniversary', 'x-anniversary'],
  ] as const)
    if (contact[field] != null)
      add(card, name, new Date(Math.floor(Number(contact[field]) / day) * day).toISOString().slice(0, 10));
  if (text('categories') !== '') addCategories(card, text('categories').split(','));
  if (contact['private_flag'] === 1) card.addPropertyWithValue('class', 'PRIVATE');
  if (image) addPhoto(card, image);
  return `${card.toString()}\r\n`;
}

function add(card: ICAL.Component, name: string, value: string | string[], types?: readonly string[]): void {
  const property = new ICAL.Property(name, card);
  property.setValue(value);
  if (types) property.setParameter('type', [...types]);
  card.addProperty(property);
}

function addCategories(card: ICAL.Component, categories: string[]): void {
  const property = new ICAL.Property('categories', card);
  property.setValues(categories);
  card.addProperty(property);
}

function addPhoto(card: ICAL.Component, { type, data }: { type: string; data: Buffer }): void {
  const property = new ICAL.Property('photo', card);
  property.setParameter('encoding', 'b');
  property.setParameter('type', type.replace('image/', ''));
  property.setValue(data.toString('base64'));
  card.addProperty(property);
}
