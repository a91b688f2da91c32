import { expect } from 'chai';
import type { Appointment, Attendee } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import { Calendar, element } from '../../src/wbxml';
import { applicationData, contextFor, edited, overTheWire } from './context';

const start = Date.UTC(2026, 6, 1, 8);
const meeting: Appointment = { start, end: start + 3_600_000, allDay: false, timeZone: 'Europe/Berlin', title: 'Plan' };
const bob: Attendee = { address: 'bob@example.org', name: 'Bob', role: 'required', status: 'accepted' };
const eve: Attendee = { address: 'eve@example.org', role: 'optional', status: 'none' };
const anna: Attendee = { address: 'anna@example.com', name: 'Anna', role: 'required', status: 'accepted' };

describe('meetings', () => {
  const context = contextFor('Calendar', '14.1');
  const statusOf = (item: Appointment): readonly (string | undefined)[] => {
    const data = applicationData('Calendar', item, context);
    return [data.child(Calendar.MeetingStatus)?.text, data.child(Calendar.ResponseType)?.text];
  };

  const cases: readonly (readonly [string, Partial<Appointment>, readonly string[]])[] = [
    ['of nobody else are none', {}, ['0', '0']],
    ['of the user alone are none', { attendees: [anna] }, ['0', '0']],
    ['to which the user invites', { attendees: [anna, bob], ownedByUser: true }, ['1', '1']],
    ['that the user cancelled', { attendees: [bob], ownedByUser: true, cancelled: true }, ['5', '1']],
    ['to which the user is invited', { organizer: bob, attendees: [anna], ownedByUser: false }, ['3', '5']],
    ['that the user accepted', { organizer: bob, attendees: [anna], ownStatus: 'accepted' }, ['3', '3']],
    ['that the organizer cancelled', { organizer: bob, attendees: [anna], cancelled: true }, ['7', '5']],
  ];
  for (const [name, fields, expected] of cases) {
    it(`${name}: MeetingStatus and ResponseType ${expected.join(', ')}`, () => {
      expect(statusOf({ ...meeting, ...fields })).to.deep.equal(expected);
    });
  }

  it('list all attendees but the organizer, with the codes of the specification', () => {
    const data = applicationData('Calendar', { ...meeting, organizer: anna, attendees: [anna, bob, eve] }, context);
    const listed = data.child(Calendar.Attendees)?.children.map((one) => one.children.map(({ text }) => text));
    expect(listed).to.deep.equal([
      ['bob@example.org', 'Bob', '3', '1'],
      ['eve@example.org', 'eve@example.org', '0', '2'],
    ]);
  });

  it('keep answers, comments and the organizer when the device changes the list', () => {
    const current: Appointment = {
      ...meeting,
      organizer: anna,
      ownedByUser: true,
      attendees: [anna, { ...bob, comment: 'late' }, eve],
    };
    const data = edited(applicationData('Calendar', current, context), [
      [
        Calendar.Attendees,
        element(
          Calendar.Attendees,
          element(Calendar.Attendee, element(Calendar.Email, 'BOB@example.org'), element(Calendar.Name, 'Bob')),
          element(Calendar.Attendee, element(Calendar.Email, 'kim@example.org'), element(Calendar.Name, 'Kim')),
        ),
      ],
    ]);
    expect(readChange('Calendar', data, context)(current)).to.deep.equal({
      attendees: [
        anna,
        { ...bob, comment: 'late' },
        { address: 'kim@example.org', name: 'Kim', role: 'required', status: 'none' },
      ],
    });
  });

  it('take the time tentatively until the user says yes, and come back so without a change', () => {
    const invitation = {
      ...meeting,
      organizer: bob,
      attendees: [anna],
      ownedByUser: false,
      busyStatus: 'busy',
    } as const;
    const shown = (ownStatus: 'none' | 'tentative' | 'accepted') =>
      applicationData('Calendar', { ...invitation, ownStatus }, context).child(Calendar.BusyStatus)?.text;
    expect([shown('none'), shown('tentative'), shown('accepted')]).to.deep.equal(['1', '1', '2']);
    const data = applicationData('Calendar', invitation, context);
    expect(readChange('Calendar', data, context)(invitation)).to.deep.equal({});
  });

  it('made by a device have the user as organizer, unless it names another of a received one', () => {
    const times = [element(Calendar.StartTime, '20260701T080000Z'), element(Calendar.EndTime, '20260701T090000Z')];
    const named = [element(Calendar.OrganizerName, 'Bob'), element(Calendar.OrganizerEmail, 'bob@example.org')];
    const own = readNewItem('Calendar', overTheWire([...times, ...named, element(Calendar.MeetingStatus, 1)]), context);
    expect([own.organizer?.address, own.ownedByUser]).to.deep.equal(['anna@example.com', true]);
    const foreign = readNewItem(
      'Calendar',
      overTheWire([...times, ...named, element(Calendar.MeetingStatus, 3)]),
      context,
    );
    expect([foreign.organizer?.address, foreign.ownedByUser]).to.deep.equal(['bob@example.org', false]);
  });

  it('take the id of a device from ClientUid in 16.x, without the NUL that iOS ends it with', () => {
    const data = overTheWire([
      element(Calendar.StartTime, '20260701T080000Z'),
      element(Calendar.EndTime, '20260701T090000Z'),
      element(Calendar.UID, 'not-the-device-s'),
      element(Calendar.ClientUid, '0123456789ABCDEF0123456789ABCDEF'),
    ]);
    expect(readNewItem('Calendar', data, contextFor('Calendar', '16.1')).uid).to.equal(
      '0123456789ABCDEF0123456789ABCDEF',
    );
  });
});
