import { expect } from 'chai';
import type { Appointment } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import { day, formatCompactDateTime } from '../../src/values/date-time';
import { encodeTimeZone } from '../../src/values/time-zone/time-zone-blob';
import { rulesOfZone } from '../../src/values/time-zone/time-zone-rules';
import { fromLocal } from '../../src/values/time-zone/zone-offset';
import { Calendar, type Element, element } from '../../src/wbxml';
import { applicationData, contextFor, overTheWire, until14 } from './context';

/** One zone for each whole offset from −11 to +14, some with summer time. */
const zones = [
  ...['Pacific/Pago_Pago', 'Pacific/Honolulu', 'America/Anchorage', 'America/Los_Angeles', 'America/Denver'],
  ...['America/Chicago', 'America/New_York', 'America/Halifax', 'America/Sao_Paulo', 'America/Noronha'],
  ...['Atlantic/Azores', 'Europe/London', 'Europe/Berlin', 'Europe/Helsinki', 'Europe/Moscow', 'Asia/Dubai'],
  ...['Asia/Karachi', 'Asia/Kathmandu', 'Asia/Dhaka', 'Asia/Bangkok', 'Asia/Shanghai', 'Asia/Tokyo'],
  ...['Australia/Adelaide', 'Australia/Sydney', 'Pacific/Guadalcanal', 'Pacific/Auckland', 'Pacific/Tongatapu'],
  ...['Pacific/Kiritimati', 'Pacific/Chatham', 'Etc/UTC'],
];

/** Dates in winter, in summer, and on which clocks are changed. */
const dates = ['2026-01-01', '2026-03-08', '2026-03-29', '2026-06-30', '2026-10-25', '2026-12-31'].map((date) =>
  Date.parse(date),
);

/** An all-day event of two days as a device in a zone writes it up to 14.1. */
function fromDevice(zone: string, date: number, ...rest: Element[]): Element {
  const midnight = (at: number): string => formatCompactDateTime(fromLocal(zone, at));
  return overTheWire([
    element(Calendar.AllDayEvent, 1),
    element(Calendar.StartTime, midnight(date)),
    element(Calendar.EndTime, midnight(date + 2 * day)),
    ...rest,
  ]);
}

function timesOf({ start, end, allDay }: Appointment): object {
  return { start, end, allDay };
}

describe('all-day events', () => {
  for (const zone of zones) {
    it(`of a device in ${zone} are on their date`, () => {
      for (const date of dates) {
        const expected = { start: date, end: date + 2 * day, allDay: true };
        const blob = element(Calendar.Timezone, encodeTimeZone({ ...rulesOfZone(zone, 2026), name: '' }));
        for (const version of until14) {
          const context = contextFor('Calendar', version);
          expect(timesOf(readNewItem('Calendar', fromDevice(zone, date, blob), context)), version).to.deep.equal(
            expected,
          );
        }
        const modern = overTheWire([
          element(Calendar.AllDayEvent, 1),
          element(Calendar.StartTime, formatCompactDateTime(date)),
          element(Calendar.EndTime, formatCompactDateTime(date + 2 * day)),
        ]);
        expect(timesOf(readNewItem('Calendar', modern, contextFor('Calendar', '16.1')))).to.deep.equal(expected);
      }
    });

    it(`reach a user in ${zone} at midnight there, and from 16.0 as dates`, () => {
      for (const date of dates) {
        const item: Appointment = { start: date, end: date + day, allDay: true };
        const user = { displayName: 'A', primaryAddress: 'a@b.example', addresses: [], timeZone: zone };
        const old = applicationData('Calendar', item, contextFor('Calendar', '14.1', { user }));
        expect(old.child(Calendar.StartTime)?.text).to.equal(formatCompactDateTime(fromLocal(zone, date)));
        expect(old.child(Calendar.EndTime)?.text).to.equal(formatCompactDateTime(fromLocal(zone, date + day)));
        const modern = applicationData('Calendar', item, contextFor('Calendar', '16.0', { user }));
        expect(modern.child(Calendar.StartTime)?.text).to.equal(formatCompactDateTime(date));
        expect(modern.child(Calendar.Timezone)).to.equal(undefined);
      }
    });
  }

  it("without a zone are on the date whose midnight is nearest, in the user's zone first", () => {
    const context = contextFor('Calendar', '12.1');
    const read = (start: string) =>
      readNewItem(
        'Calendar',
        overTheWire([
          element(Calendar.AllDayEvent, 1),
          element(Calendar.StartTime, start),
          element(Calendar.EndTime, start),
        ]),
        context,
      ).start;
    expect(read('20260630T220000Z')).to.equal(Date.UTC(2026, 6, 1));
    expect(read('20260701T000000Z')).to.equal(Date.UTC(2026, 6, 1));
    expect(read('20260701T050000Z')).to.equal(Date.UTC(2026, 6, 1));
    expect(read('20260630T150000Z')).to.equal(Date.UTC(2026, 6, 1));
  });

  it('become timed when a device leaves AllDayEvent out', () => {
    const current: Appointment = { start: Date.UTC(2026, 6, 1), end: Date.UTC(2026, 6, 2), allDay: true };
    const data = overTheWire([
      element(Calendar.StartTime, '20260701T080000Z'),
      element(Calendar.EndTime, '20260701T090000Z'),
    ]);
    expect(readChange('Calendar', data, contextFor('Calendar', '14.1'))(current)).to.deep.equal({
      allDay: false,
      start: Date.UTC(2026, 6, 1, 8),
      end: Date.UTC(2026, 6, 1, 9),
    });
  });

  it('that a device in another zone sends back are no change', () => {
    const current: Appointment = { start: Date.UTC(2026, 6, 1), end: Date.UTC(2026, 6, 3), allDay: true };
    const context = contextFor('Calendar', '14.1');
    for (const zone of zones) {
      const blob = element(Calendar.Timezone, encodeTimeZone(rulesOfZone(zone, 2026)));
      const data = fromDevice(zone, current.start, blob);
      expect(readChange('Calendar', data, context)(current), zone).to.deep.equal({});
    }
  });

  // grommunio/grommunio-sync, mapiprovider.php
  it('are what Outlook means by a series of whole days', () => {
    const read = (type: string, ...rest: Element[]) => {
      const zone = element(Calendar.Timezone, encodeTimeZone({ ...rulesOfZone('Europe/Berlin', 2026), name: '' }));
      const times = [element(Calendar.StartTime, '20260629T220000Z'), element(Calendar.EndTime, '20260630T220000Z')];
      return readNewItem(
        'Calendar',
        overTheWire([zone, ...times, ...rest]),
        contextFor('Calendar', '14.1', { device: { type } }),
      );
    };
    const daily = element(Calendar.Recurrence, element(Calendar.Type, 0), element(Calendar.Interval, 1));
    const start = Date.UTC(2026, 5, 30);
    expect(timesOf(read('WindowsOutlook15', daily))).to.deep.equal({ start, end: start + day, allDay: true });
    expect(read('WindowsOutlook15').allDay).to.equal(false);
    expect(read('iPhone', daily).allDay).to.equal(false);
  });
});
