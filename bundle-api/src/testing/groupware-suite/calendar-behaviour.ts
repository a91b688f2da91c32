import { expect } from 'chai';
import type { Appointment } from '../../model/appointment';
import type { Recurrence } from '../../model/values';
import { describeItems, type Example } from './item-behaviour';
import type { Scene } from './fixture';

const hour = 3_600_000;
const day = 24 * hour;

/** 2027-03-22, a Monday, 10:00 in Berlin: the clocks change on the 28th. */
const monday = Date.UTC(2027, 2, 22, 9);

const single = {
  title: 'Review',
  location: { displayName: 'Room 1' },
  start: monday,
  end: monday + hour,
  allDay: false,
  timeZone: 'Europe/Berlin',
  busyStatus: 'tentative',
  reminder: 15,
  body: { format: 'text', content: 'Bring\nnumbers' },
  categories: ['Work', 'Urgent'],
} as const satisfies Appointment;

const example: Example<'Calendar'> = {
  item: single,
  patch: { title: 'Review of numbers', location: null },
  after: { title: 'Review of numbers', start: monday },
  cleared: 'location',
};

const daily: Appointment = {
  title: 'Stand-up',
  start: monday,
  end: monday + hour / 4,
  allDay: false,
  timeZone: 'Europe/Berlin',
  recurrence: { frequency: 'daily', interval: 1, occurrences: 20 },
};

/** Starts at ten in the morning of Berlin, as the series does: an hour earlier in UTC once the clocks have changed. */
const afterTheChange = Date.UTC(2027, 2, 29, 8);

const recurrences: Readonly<Record<string, readonly [recurrence: Recurrence, start: number]>> = {
  'every third day': [{ frequency: 'daily', interval: 3, occurrences: 5 }, monday],
  'Mondays and Wednesdays every other week': [
    { frequency: 'weekly', interval: 2, daysOfWeek: 2 + 8, until: '2027-12-31' },
    monday,
  ],
  'the 22nd of every month, without end': [{ frequency: 'monthly', interval: 1, dayOfMonth: 22 }, monday],
  'the fourth Monday of every second month': [
    { frequency: 'monthly', interval: 2, daysOfWeek: 2, weekOfMonth: 4, occurrences: 6 },
    monday,
  ],
  'the last Sunday of every month': [
    { frequency: 'monthly', interval: 1, daysOfWeek: 1, weekOfMonth: 5 },
    Date.UTC(2027, 2, 28, 8),
  ],
  'every 22nd of March': [{ frequency: 'yearly', interval: 1, dayOfMonth: 22, month: 3 }, monday],
  'the fourth Monday of March': [
    { frequency: 'yearly', interval: 1, daysOfWeek: 2, weekOfMonth: 4, month: 3, occurrences: 10 },
    monday,
  ],
};

/** Appointments. */
export function describeCalendar(scene: () => Scene): void {
  describe('appointments', () => {
    describeItems('Calendar', example, scene);

    it('keep a day that is whole', async () => {
      const folder = await scene().folder('Calendar');
      const start = Date.UTC(2027, 5, 1);
      const item: Appointment = { title: 'Holiday', start, end: start + 2 * day, allDay: true };
      const { id } = await scene().create(folder, item);
      expect(await scene().read(folder, id)).to.deep.include(item);
    });

    for (const [name, [recurrence, start]] of Object.entries(recurrences))
      it(`repeat on ${name}`, async () => {
        const folder = await scene().folder('Calendar');
        const item = { ...single, start, end: start + hour, recurrence };
        const { id } = await scene().create(folder, item);
        expect((await scene().read(folder, id)).recurrence).to.deep.equal(recurrence);
      });

    it('change their pattern, and stop repeating', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Calendar');
      const { id } = await scene().create(folder, {
        ...single,
        recurrence: { frequency: 'daily', interval: 1, until: '2027-04-30' },
      });
      const recurrence: Recurrence = { frequency: 'weekly', interval: 1, daysOfWeek: 2, occurrences: 4 };
      await session.patch(folder, id, { recurrence }, options);
      expect((await scene().read(folder, id)).recurrence).to.deep.equal(recurrence);
      await session.patch(folder, id, { recurrence: null }, options);
      expect(await scene().read(folder, id)).to.not.have.property('recurrence');
    });

    describeExceptions(scene);
    describeDates(scene);
  });
}

function describeExceptions(scene: () => Scene): void {
  describe('with exceptions', () => {
    const changed = {
      originalStart: afterTheChange,
      title: 'Stand-up with guests',
      start: afterTheChange + hour,
      end: afterTheChange + 2 * hour,
    };
    const deleted = { originalStart: afterTheChange + day, deleted: true };

    it('are created as one item, read with them, and listed once', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Calendar');
      const { id, version } = await scene().create(folder, { ...daily, exceptions: [changed, deleted] });
      const { exceptions = [] } = await scene().read(folder, id);
      expect(exceptions).to.have.length(2);
      expect(exceptions[0]).to.deep.include(changed);
      expect(exceptions[1]).to.deep.equal(deleted);
      const { items } = await session.list(folder, options);
      expect(items.map((one) => [one.id, one.version])).to.deep.equal([[id, version]]);
    });

    it('get more, and change the ones they have, as another version of the one item', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Calendar');
      const { id, version } = await scene().create(folder, daily);
      const { token } = await session.list(folder, options);
      const first = await session.patch(folder, id, { exceptions: [changed] }, { ...options, ifVersion: version });
      expect(first.id).to.equal(id);
      expect(first.version).to.not.equal(version);
      expect((await scene().read(folder, id)).exceptions?.[0]).to.deep.include(changed);

      const again = { ...changed, title: 'Stand-up outside' };
      const second = await session.patch(
        folder,
        id,
        { exceptions: [again, deleted] },
        { ...options, ifVersion: first.version },
      );
      expect(second.version).to.not.equal(first.version);
      const item = await scene().read(folder, id);
      expect(item).to.deep.include({ title: daily.title, start: daily.start });
      expect(item.exceptions?.[0]).to.deep.include(again);
      expect(item.exceptions?.[1]).to.deep.equal(deleted);

      const delta = await session.changes(folder, token, options);
      const ids = delta.kind === 'delta' ? delta.changed.map((one) => [one.id, one.version]) : undefined;
      if (ids) expect(ids).to.deep.equal([[id, second.version]]);
    });

    it('lose one that is deleted after it was changed', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Calendar');
      const { id } = await scene().create(folder, { ...daily, exceptions: [changed] });
      const gone = { originalStart: changed.originalStart, deleted: true };
      await session.patch(folder, id, { exceptions: [gone] }, options);
      expect((await scene().read(folder, id)).exceptions).to.deep.equal([gone]);
    });

    it('keep them when something else of the series changes', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Calendar');
      const { id } = await scene().create(folder, { ...daily, exceptions: [changed, deleted] });
      const before = (await scene().read(folder, id)).exceptions;
      await session.patch(folder, id, { body: { format: 'text', content: 'New agenda' } }, options);
      const after = await scene().read(folder, id);
      expect(after.body).to.deep.equal({ format: 'text', content: 'New agenda' });
      expect(after.exceptions?.map(({ originalStart }) => originalStart)).to.deep.equal(
        before?.map(({ originalStart }) => originalStart),
      );
    });

    it('go with the series', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Calendar');
      const { id } = await scene().create(folder, { ...daily, exceptions: [changed, deleted] });
      await session.delete(folder, [id], { ...options, mode: 'permanent' });
      expect((await session.list(folder, options)).items).to.deep.equal([]);
    });

    it('move with the series', async () => {
      const { session, options } = scene();
      const [from, to] = [await scene().folder('Calendar'), await scene().folder('Calendar')];
      const { id } = await scene().create(from, { ...daily, exceptions: [changed, deleted] });
      const [result] = await session.move(from, [id], to, options);
      if (!result || result.error) throw result?.error ?? new Error('move answered nothing');
      const moved = await scene().read(to, result.moved.id);
      expect(moved).to.deep.include({ title: daily.title, recurrence: daily.recurrence });
      expect(moved.exceptions?.[0]).to.deep.include(changed);
      expect(moved.exceptions?.[1]).to.deep.equal(deleted);
      expect((await session.list(from, options)).items).to.deep.equal([]);
    });
  });
}

function describeDates(scene: () => Scene): void {
  it('matter until their end, a series until its last occurrence, an endless one always', async () => {
    const { session, options } = scene();
    const folder = await scene().folder('Calendar');
    const { id: one } = await scene().create(folder, single);
    const { id: twenty } = await scene().create(folder, daily);
    const { id: endless } = await scene().create(folder, { ...daily, recurrence: { frequency: 'daily', interval: 1 } });
    const { items } = await session.list(folder, options);
    const dates = new Map(items.map(({ id, date }) => [id, date]));
    expect(dates.get(one)).to.equal(single.end);
    expect(dates.get(twenty)).to.be.at.least(monday + 19 * day);
    expect(dates.get(endless)).to.equal(undefined);
  });
}
