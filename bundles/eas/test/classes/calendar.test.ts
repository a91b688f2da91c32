import { expect } from 'chai';
import fc from 'fast-check';
import type { Appointment } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import { isAtLeast, type ProtocolVersion } from '../../src/protocol/versions';
import { Calendar, element } from '../../src/wbxml';
import { series, single } from './arbitraries';
import { applicationData, contextFor, edited, patched, versions } from './context';

const owner = { name: 'Anna Miller', address: 'anna@example.com' };

/** What a version carries of an appointment, as a device's new one: with the user as organizer of a meeting. */
function carried(item: Appointment, version: ProtocolVersion): Appointment {
  const { attendees, recurrence, uid, exceptions, ...rest } = item;
  const { firstDayOfWeek, ...rule } = recurrence ?? {};
  const keepsFirstDay = firstDayOfWeek !== undefined && isAtLeast(version, '14.1');
  return {
    ...rest,
    ...((item.attendees ?? []).length > 0 ? { organizer: owner } : {}),
    ownedByUser: true,
    ...(uid === undefined || isAtLeast(version, '16.0') ? {} : { uid }),
    ...(recurrence
      ? { recurrence: { ...(rule as typeof recurrence), ...(keepsFirstDay ? { firstDayOfWeek } : {}) } }
      : {}),
    ...(exceptions ? { exceptions } : {}),
    ...(attendees
      ? {
          attendees: attendees.map(({ name, role, status, ...attendee }) => ({
            ...attendee,
            ...(name === undefined ? {} : { name }),
            role: isAtLeast(version, '12.0') ? role : 'required',
            status: isAtLeast(version, '12.0') && !isAtLeast(version, '16.0') ? status : 'none',
          })),
        }
      : {}),
  };
}

describe('appointments', () => {
  for (const version of versions) {
    const context = contextFor('Calendar', version);

    it(`come back as they went in ${version}`, () => {
      fc.assert(
        fc.property(single, (item) => {
          const data = applicationData('Calendar', item, context);
          expect(readNewItem('Calendar', data, context)).to.deep.equal(carried(item, version));
        }),
      );
    });

    it(`come back as they went as series in ${version}`, () => {
      fc.assert(
        fc.property(series, (item) => {
          const data = applicationData('Calendar', item, context);
          expect(readNewItem('Calendar', data, context)).to.deep.equal(carried(item, version));
        }),
      );
    });

    it(`keep what ${version} cannot carry when a device edits them`, () => {
      fc.assert(
        fc.property(fc.oneof(single, series), (item) => {
          const current: Appointment = {
            ...item,
            start: item.allDay ? item.start : item.start + 123,
            body: { format: 'html', content: '<p>Bring <i>cake</i></p>' },
            location: { displayName: 'Room', street: 'kept' },
            onlineMeetingUri: 'https://meet.example.com/1',
            organizer: { name: 'Another spelling', address: 'ANNA@example.com' },
            ownedByUser: true,
            attendees: [
              { address: 'anna@example.com', role: 'required', status: 'accepted', comment: 'kept' },
              ...(item.attendees ?? []).map((attendee) => ({ ...attendee, comment: 'kept' })),
            ],
          };
          const data = edited(applicationData('Calendar', current, context), [
            [Calendar.Subject, element(Calendar.Subject, 'New')],
          ]);
          const patch = readChange('Calendar', data, context)(current);
          expect(patched(current, patch)).to.deep.equal({ ...current, title: 'New' });
        }),
      );
    });
  }
});
