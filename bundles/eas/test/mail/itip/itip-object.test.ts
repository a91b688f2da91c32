import type { Appointment } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { writeItip } from '../../../src/mail/itip/itip-object';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 2, 8);

const series: Appointment = {
  uid: 'series@example.com',
  title: 'Team meeting',
  ...{ start, end: start + hour, allDay: false, timeZone: 'Europe/Berlin' },
  recurrence: { frequency: 'daily', interval: 1 },
  organizer: { address: 'alice@example.com' },
  exceptions: [
    { originalStart: start + day, location: { displayName: 'Canteen' } },
    { originalStart: start + 2 * day, start: start + 2 * day + 3 * hour, end: start + 2 * day + 5 * hour },
    { originalStart: start + 3 * day, deleted: true },
  ],
};

/** DTSTART, DTEND and RECURRENCE-ID of each event. */
function timesOf(calendar: string): (string | undefined)[][] {
  const events = calendar
    .replaceAll(/\r\n[ \t]/g, '')
    .split('BEGIN:VEVENT')
    .slice(1);
  return events.map((text) =>
    ['DTSTART', 'DTEND', 'RECURRENCE-ID'].map(
      (name) => new RegExp(`^${name};TZID=Europe/Berlin:(.*)$`, 'm').exec(text)?.[1],
    ),
  );
}

describe('the message about a series', () => {
  it('has changed occurrences at their own times', () => {
    const message = { method: 'REQUEST' as const, meeting: series, attendees: [], stamp: start, zone: 'UTC' };
    expect(timesOf(writeItip(message))).to.deep.equal([
      ['20261102T090000', '20261102T100000', undefined],
      // Only the place is another: the occurrence stays where it is.
      ['20261103T090000', '20261103T100000', '20261103T090000'],
      ['20261104T120000', '20261104T140000', '20261104T090000'],
    ]);
  });
});
