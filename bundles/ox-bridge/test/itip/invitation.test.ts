import { expect } from 'chai';
import { readInvitation } from '../../src/itip/invitation';

/** An invitation at nine in the morning of a zone; it says what the zone is like, or not. */
function invitation(tzid: string, description: readonly string[] = []): string {
  return [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'METHOD:REQUEST', ...description],
    ...['BEGIN:VEVENT', 'UID:u1', 'DTSTAMP:20270101T000000Z', 'SUMMARY:Weekly'],
    ...[`DTSTART;TZID=${tzid}:20270705T090000`, `DTEND;TZID=${tzid}:20270705T100000`],
    ...['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=5', 'END:VEVENT', 'END:VCALENDAR', ''],
  ].join('\r\n');
}

const zones: readonly (readonly [tzid: string, name: string | undefined, utcHour: number])[] = [
  ['Europe/Berlin', 'Europe/Berlin', 7],
  ['W. Europe Standard Time', 'Europe/Berlin', 7],
  ['Pacific Standard Time', 'America/Los_Angeles', 16],
  ['"AUS Eastern Standard Time"', 'Australia/Sydney', -1],
  ['/softwarestudio.org/Olson_20011030_5/Europe/Berlin', 'Europe/Berlin', 7],
  ['Customized Time Zone', undefined, 9],
];

describe('an invitation', () => {
  for (const [tzid, name, utcHour] of zones)
    it(`in the time zone ${tzid}, which it does not describe, is at home in ${name ?? 'none'}`, () => {
      const { appointment } = readInvitation(invitation(tzid));
      expect(appointment.timeZone).to.equal(name);
      expect(appointment.start).to.equal(Date.UTC(2027, 6, 5, utcHour));
    });

  it('in a time zone that only it knows is at the time that it describes', () => {
    const standard = [
      'BEGIN:STANDARD',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:+0500',
      'TZOFFSETTO:+0500',
      'END:STANDARD',
    ];
    const description = ['BEGIN:VTIMEZONE', 'TZID:Customized Time Zone', ...standard, 'END:VTIMEZONE'];
    const { appointment } = readInvitation(invitation('Customized Time Zone', description));
    expect(appointment.start).to.equal(Date.UTC(2027, 6, 5, 4));
  });
});
