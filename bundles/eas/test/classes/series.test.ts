import { expect } from 'chai';
import type { Appointment } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import { AirSyncBase, Calendar, type Element, element } from '../../src/wbxml';
import { applicationData, contextFor, edited, overTheWire } from './context';

const start = Date.UTC(2026, 2, 2, 8);
const hour = 3_600_000;
/** Mondays at nine in Berlin, which changes its clocks on 29 March. */
const series: Appointment = {
  title: 'Standup',
  start,
  end: start + hour,
  allDay: false,
  timeZone: 'Europe/Berlin',
  recurrence: { frequency: 'weekly', interval: 1, daysOfWeek: 2, firstDayOfWeek: 1 },
  exceptions: [
    { originalStart: Date.UTC(2026, 2, 9, 8), deleted: true },
    {
      originalStart: Date.UTC(2026, 3, 6, 7),
      title: 'Planning',
      start: Date.UTC(2026, 3, 6, 9),
      end: Date.UTC(2026, 3, 6, 10),
    },
  ],
};

const exception = (startTime: string, ...rest: Element[]): Element =>
  element(Calendar.Exception, element(Calendar.ExceptionStartTime, startTime), rest);

describe('series', () => {
  const context = contextFor('Calendar', '14.1');

  it('write exceptions by ExceptionStartTime up to 14.1, by InstanceId from 16.0', () => {
    const keys = (version: '14.1' | '16.0') =>
      applicationData('Calendar', series, contextFor('Calendar', version))
        .child(Calendar.Exceptions)
        ?.children.map((one) =>
          one.children.filter(({ tag }) => tag !== Calendar.Subject).map(({ tag, text }) => `${tag.name} ${text}`),
        );
    const times = ['StartTime 20260406T090000Z', 'EndTime 20260406T100000Z'];
    expect(keys('14.1')).to.deep.equal([
      ['Deleted 1', 'ExceptionStartTime 20260309T080000Z'],
      ['ExceptionStartTime 20260406T070000Z', ...times],
    ]);
    expect(keys('16.0')).to.deep.equal([
      ['Deleted 1', 'InstanceId 20260309T080000Z'],
      ['InstanceId 20260406T070000Z', ...times],
    ]);
  });

  describe('of somebody else, of which the user declined an occurrence', () => {
    const originalStart = Date.UTC(2026, 2, 16, 8);
    const invited: Appointment = {
      ...series,
      organizer: { address: 'bob@example.com' },
      ownedByUser: false,
      exceptions: [{ originalStart, ownStatus: 'declined', title: 'Standup' }],
    };

    for (const version of ['14.1', '16.1'] as const)
      it(`are told without it (${version})`, () => {
        const [told] =
          applicationData('Calendar', invited, contextFor('Calendar', version)).child(Calendar.Exceptions)?.children ??
          [];
        expect(told?.children.map(({ tag }) => tag.name).sort()).to.deep.equal(
          ['Deleted', version === '14.1' ? 'ExceptionStartTime' : 'InstanceId'].sort(),
        );
      });

    it('keep it as it was when the device sends all back', () => {
      const data = edited(applicationData('Calendar', invited, context), [
        [Calendar.Reminder, element(Calendar.Reminder, 5)],
      ]);
      expect(readChange('Calendar', data, context)(invited)).to.deep.equal({ reminder: 5 });
    });

    it('show it to who owns the series', () => {
      const own = { ...invited, ownedByUser: true };
      const [told] = applicationData('Calendar', own, context).child(Calendar.Exceptions)?.children ?? [];
      expect(told?.child(Calendar.Deleted)).to.equal(undefined);
    });
  });

  it('keep exceptions that a device leaves out, and merge the others', () => {
    const data = edited(applicationData('Calendar', series, context), [
      [
        Calendar.Exceptions,
        element(Calendar.Exceptions, [
          exception('20260316T080000Z', element(Calendar.Deleted, 1)),
          exception(
            '20260406T070000Z',
            element(Calendar.Subject, 'Planning'),
            element(Calendar.StartTime, '20260406T110000Z'),
            element(Calendar.EndTime, '20260406T120000Z'),
          ),
        ]),
      ],
    ]);
    expect(readChange('Calendar', data, context)(series)).to.deep.equal({
      exceptions: [
        series.exceptions?.[0],
        { originalStart: Date.UTC(2026, 2, 16, 8), deleted: true },
        { ...series.exceptions?.[1], start: Date.UTC(2026, 3, 6, 11), end: Date.UTC(2026, 3, 6, 12) },
      ],
    });
  });

  it('that a device moves have the exceptions that it sends with them', () => {
    const data = edited(applicationData('Calendar', series, context), [
      [Calendar.StartTime, element(Calendar.StartTime, '20260302T090000Z')],
      [Calendar.EndTime, element(Calendar.EndTime, '20260302T100000Z')],
      [Calendar.Exceptions, element(Calendar.Exceptions, exception('20260309T090000Z', element(Calendar.Deleted, 1)))],
    ]);
    expect(readChange('Calendar', data, context)(series)).to.deep.equal({
      start: start + hour,
      end: start + 2 * hour,
      exceptions: [{ originalStart: Date.UTC(2026, 2, 9, 9), deleted: true }],
    });
  });

  it('take the time of an exception from the series when a device writes that of another zone', () => {
    const data = edited(applicationData('Calendar', series, context), [
      [Calendar.Exceptions, element(Calendar.Exceptions, exception('20260413T080000Z', element(Calendar.Deleted, 1)))],
    ]);
    const { exceptions } = readChange('Calendar', data, context)(series);
    expect(exceptions?.at(-1)).to.deep.equal({ originalStart: Date.UTC(2026, 3, 13, 7), deleted: true });
  });

  it('read empty elements of an exception as empty for that occurrence', () => {
    const data = edited(applicationData('Calendar', series, context), [
      [
        Calendar.Exceptions,
        element(
          Calendar.Exceptions,
          exception('20260316T080000Z', element(Calendar.Location), element(Calendar.Subject)),
        ),
      ],
    ]);
    expect(readChange('Calendar', data, context)(series).exceptions?.[1]).to.deep.equal({
      originalStart: Date.UTC(2026, 2, 16, 8),
      location: {},
      title: '',
    });
  });

  it('set AllDayEvent in exceptions of all-day series up to 14.1', () => {
    const allDay: Appointment = {
      start: Date.UTC(2026, 2, 2),
      end: Date.UTC(2026, 2, 3),
      allDay: true,
      recurrence: { frequency: 'daily', interval: 1 },
      exceptions: [{ originalStart: Date.UTC(2026, 2, 4), title: 'Other' }],
    };
    const data = applicationData('Calendar', allDay, context);
    const [written] = data.child(Calendar.Exceptions)?.children ?? [];
    expect(written?.child(Calendar.AllDayEvent)?.text).to.equal('1');
    expect(written?.child(Calendar.ExceptionStartTime)?.text).to.equal('20260303T230000Z');
    expect(readNewItem('Calendar', data, context).exceptions).to.deep.equal(allDay.exceptions);
  });

  it('are refused with an exception that does not say which occurrence it is', () => {
    const data = edited(applicationData('Calendar', series, context), [
      [Calendar.Exceptions, element(Calendar.Exceptions, element(Calendar.Exception, element(Calendar.Deleted, 1)))],
    ]);
    expect(() => readChange('Calendar', data, context))
      .to.throw()
      .with.property('code', 'MISSING_ELEMENT');
  });

  it('are refused with a pattern in a lunar calendar', () => {
    const data = edited(applicationData('Calendar', series, context), [
      [
        Calendar.Recurrence,
        element(
          Calendar.Recurrence,
          element(Calendar.Type, 5),
          element(Calendar.DayOfMonth, 1),
          element(Calendar.MonthOfYear, 1),
          element(Calendar.CalendarType, 15),
        ),
      ],
    ]);
    expect(() => readChange('Calendar', data, context))
      .to.throw()
      .with.property('code', 'UNSUPPORTED_CALENDAR');
  });

  it('stay in their zone when a device leaves the zone out', () => {
    const data = edited(applicationData('Calendar', series, context), [[Calendar.Timezone, undefined]]);
    expect(readChange('Calendar', data, context)(series)).to.deep.equal({});
  });
});

describe('single occurrences in 16.x', () => {
  const context = contextFor('Calendar', '16.1');
  const originalStart = Date.UTC(2026, 3, 6, 7);
  const change = (...elements: Element[]) =>
    readChange('Calendar', overTheWire(elements), context, originalStart)(series);

  it('take what the device changed, compared with the exception that is there', () => {
    expect(change(element(Calendar.Subject, 'Planning'), element(Calendar.Reminder, 5))).to.deep.equal({ reminder: 5 });
    expect(change(element(Calendar.StartTime, '20260406T093000Z'))).to.deep.equal({
      start: Date.UTC(2026, 3, 6, 9, 30),
    });
  });

  it('can lose what the series has', () => {
    const place: Appointment = { ...series, location: { displayName: 'Room' } };
    const data = overTheWire([element(AirSyncBase.Location)]);
    expect(readChange('Calendar', data, context, originalStart)(place)).to.deep.equal({ location: {} });
  });

  for (const tag of [Calendar.Timezone, Calendar.Deleted, Calendar.Recurrence, Calendar.Exceptions]) {
    it(`refuse ${tag.name}`, () => {
      expect(() => change(element(tag, '1')))
        .to.throw()
        .with.property('code', 'INVALID_VALUE');
    });
  }
});

describe('appointments in 16.x', () => {
  const context = contextFor('Calendar', '16.1');

  it('stay as they are where the device says nothing', () => {
    const data = overTheWire([element(Calendar.Subject, 'New')]);
    expect(readChange('Calendar', data, context)(series)).to.deep.equal({ title: 'New' });
  });

  it('lose their exceptions with a new time, and their pattern with an empty Recurrence', () => {
    const data = overTheWire([element(Calendar.StartTime, '20260302T083000Z'), element(Calendar.Recurrence)]);
    expect(readChange('Calendar', data, context)(series)).to.deep.equal({
      start: start + hour / 2,
      recurrence: null,
      exceptions: null,
    });
  });

  const past = '20261122T100000Z';
  const future = '20261122T150000Z';
  const at = (hours: number, minutes = 0): number => Date.UTC(2026, 10, 22, hours, minutes);
  const completed: readonly (readonly [
    string,
    string | undefined,
    string | undefined,
    readonly number[] | undefined,
  ])[] = [
    ['neither', undefined, undefined, [at(12), at(12, 30)]],
    ['an end in the past', undefined, past, undefined],
    ['an end in the future', undefined, future, [at(12), at(15)]],
    ['a start in the past', past, undefined, [at(10), at(12, 30)]],
    ['a start in the future', future, undefined, undefined],
  ];
  for (const [name, from, to, expected] of completed) {
    it(`with ${name} ${expected ? 'are completed' : 'are refused'}`, () => {
      const data = overTheWire([
        ...(from === undefined ? [] : [element(Calendar.StartTime, from)]),
        ...(to === undefined ? [] : [element(Calendar.EndTime, to)]),
      ]);
      const read = () => readNewItem('Calendar', data, context);
      if (expected) expect([read().start, read().end]).to.deep.equal(expected);
      else expect(read).to.throw().with.property('code', 'MISSING_ELEMENT');
    });
  }

  it('are refused without times up to 14.1, and when they end before they begin', () => {
    expect(() => readNewItem('Calendar', overTheWire([]), contextFor('Calendar', '14.1'))).to.throw();
    const backwards = overTheWire([element(Calendar.StartTime, future), element(Calendar.EndTime, past)]);
    expect(() => readNewItem('Calendar', backwards, context))
      .to.throw()
      .with.property('code', 'INVALID_VALUE');
  });
});
