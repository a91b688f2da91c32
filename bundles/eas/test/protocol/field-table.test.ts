import type { Appointment, Contact } from '@oxtender/bundle-api';
import { expect } from 'chai';
import {
  fieldTable,
  patchOfChangedElements,
  patchOfWholeItem,
  readApplicationData,
  writeApplicationData,
} from '../../src/protocol/field-table';
import { coded, flag, integer, record, text, textList } from '../../src/protocol/fields';
import type { Element } from '../../src/wbxml';
import { AirSync, AirSyncBase, Calendar, Contacts, Contacts2, element } from '../../src/wbxml';

const contactFields = fieldTable<Contact>([
  text(Contacts.FirstName, 'firstName'),
  text(Contacts.LastName, 'lastName', { missing: 'clear-always' }),
  text(Contacts.JobTitle, 'jobTitle', { missing: 'keep' }),
  text(Contacts2.NickName, 'nickname', { since: '14.0', max: 10 }),
  textList(Contacts.Categories, Contacts.Category, 'categories'),
  flag(Calendar.AllDayEvent, 'private', { until: '14.1' }),
]);

const appointmentFields = fieldTable<Appointment>([
  integer(Calendar.Reminder, 'reminder', { max: 1000 }),
  coded(Calendar.BusyStatus, 'busyStatus', { free: 0, tentative: 1, busy: 2, away: 3, elsewhere: 4 }),
  record(AirSyncBase.Location, 'location', fieldTable([text(AirSyncBase.DisplayName, 'displayName')])),
]);

// @ts-expect-error a key whose values are no text
fieldTable<Appointment>([text(Calendar.StartTime, 'start')]);
// @ts-expect-error a key whose values are only some texts
fieldTable<Appointment>([text(Calendar.BusyStatus, 'busyStatus')]);
// @ts-expect-error no such key
fieldTable<Contact>([text(Contacts.FirstName, 'givenName')]);
// @ts-expect-error a word is missing
fieldTable<Appointment>([coded(Calendar.BusyStatus, 'busyStatus', { free: 0, busy: 2 })]);

const data = (...children: Element[]) => element(AirSync.ApplicationData, children);

describe('fieldTable', () => {
  it('writes what the version has, in the order of the table', () => {
    const anna: Contact = { categories: ['a', 'b'], nickname: 'Nan', firstName: 'Anna', lastName: '' };
    expect(writeApplicationData(contactFields, anna, { version: '14.0' })).to.deep.equal([
      element(Contacts.FirstName, 'Anna'),
      element(Contacts2.NickName, 'Nan'),
      element(Contacts.Categories, element(Contacts.Category, 'a'), element(Contacts.Category, 'b')),
    ]);
    expect(writeApplicationData(contactFields, anna, { version: '12.1' }).map(({ tag }) => tag.name)).to.deep.equal([
      'FirstName',
      'Categories',
    ]);
  });

  it('tells values, empty elements and missing ones apart', () => {
    const read = readApplicationData(
      contactFields,
      data(element(Contacts.FirstName, 'Anna'), element(Contacts.LastName), element(Contacts.Picture, 'unknown here')),
      { version: '14.0' },
    );
    expect(read.patch).to.deep.equal({ firstName: 'Anna', lastName: null });
    expect([...read.present]).to.deep.equal([Contacts.FirstName, Contacts.LastName]);
    expect(patchOfChangedElements(read)).to.deep.equal({ firstName: 'Anna', lastName: null });
  });

  it('clears what a whole item leaves out, unless it is ghosted or the field says otherwise', () => {
    const read = readApplicationData(contactFields, data(element(Contacts.FirstName, 'Anna')), { version: '16.0' });
    expect(patchOfWholeItem(contactFields, read, { version: '16.0' })).to.deep.equal({
      firstName: 'Anna',
      lastName: null,
      nickname: null,
      categories: null,
    });
    const supported = new Set([Contacts.Categories]);
    expect(patchOfWholeItem(contactFields, read, { version: '16.0', supported })).to.deep.equal({
      firstName: 'Anna',
      lastName: null,
      categories: null,
    });
  });

  it('reads back what it wrote', () => {
    const appointment: Appointment = {
      start: Date.UTC(2026, 10, 22, 8),
      end: Date.UTC(2026, 10, 22, 9),
      allDay: false,
      reminder: 15,
      busyStatus: 'away',
      location: { displayName: 'Room 1' },
    };
    const written = writeApplicationData(appointmentFields, appointment, { version: '16.1' });
    expect(written.map((child) => child.text)).to.deep.equal(['15', '3', '']);
    const { patch } = readApplicationData(appointmentFields, data(...written), { version: '16.1' });
    expect({ ...appointment, ...patch }).to.deep.equal(appointment);
    expect(patch).to.have.all.keys('reminder', 'busyStatus', 'location');
  });

  it('refuses values outside of their range; an empty element clears', () => {
    const read = (...children: Element[]) =>
      readApplicationData(appointmentFields, data(...children), { version: '16.1' }).patch;
    for (const bad of [
      element(Calendar.Reminder, '1001'),
      element(Calendar.Reminder, 'x'),
      element(Calendar.BusyStatus, 9),
    ]) {
      expect(() => read(bad))
        .to.throw()
        .with.property('code', 'INVALID_VALUE');
    }
    expect(read(element(Calendar.Reminder))).to.deep.equal({ reminder: null });
  });
});
