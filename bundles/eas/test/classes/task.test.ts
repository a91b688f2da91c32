import { expect } from 'chai';
import fc from 'fast-check';
import type { Task } from '@oxtender/bundle-api';
import { readChange, readNewItem } from '../../src/classes';
import { isAtLeast } from '../../src/protocol/versions';
import { Tasks, element } from '../../src/wbxml';
import { task } from './arbitraries';
import { applicationData, contextFor, edited, overTheWire, patched, versions } from './context';

describe('tasks', () => {
  for (const version of versions) {
    const context = contextFor('Tasks', version);

    it(`come back as they went in ${version}`, () => {
      fc.assert(
        fc.property(task, (item) => {
          const { recurrence, ...rest } = item;
          const carried =
            recurrence && !isAtLeast(version, '14.1') ? { ...recurrence, firstDayOfWeek: undefined } : recurrence;
          const expected = {
            ...rest,
            ...(carried ? { recurrence: JSON.parse(JSON.stringify(carried)) as object } : {}),
          };
          expect(readNewItem('Tasks', applicationData('Tasks', item, context), context)).to.deep.equal(expected);
        }),
      );
    });

    it(`are no change when a device sends them back in ${version}`, () => {
      fc.assert(
        fc.property(task, (item) => {
          const current: Task = { ...item, uid: 'kept', status: 'waiting', percentCompleted: 30, regenerate: true };
          const data = applicationData('Tasks', current, context);
          expect(readChange('Tasks', data, context)(current)).to.deep.equal({});
        }),
      );
    });
  }

  const context = contextFor('Tasks', '14.1');

  it('write dates as local time and as UTC', () => {
    const item: Task = { title: 'T', due: Date.UTC(2026, 6, 1), start: Date.UTC(2026, 0, 1) };
    const data = applicationData('Tasks', item, context);
    expect(data.child(Tasks.DueDate)?.text).to.equal('2026-07-01T00:00:00.000Z');
    expect(data.child(Tasks.UtcDueDate)?.text).to.equal('2026-06-30T22:00:00.000Z');
    expect(data.child(Tasks.UtcStartDate)?.text).to.equal('2025-12-31T23:00:00.000Z');
  });

  it('of a device that writes local midnight in UTC twice are dates', () => {
    const data = overTheWire([
      element(Tasks.UtcDueDate, '2026-06-30T22:00:00.000Z'),
      element(Tasks.DueDate, '2026-06-30T22:00:00.000Z'),
    ]);
    expect(readNewItem('Tasks', data, context)).to.deep.equal({ due: Date.UTC(2026, 6, 1), allDay: true });
  });

  it('keep the time of day that the groupware gave them', () => {
    const current: Task = { due: Date.UTC(2026, 6, 1, 13, 30, 15), allDay: false, status: 'not-started' };
    const data = applicationData('Tasks', current, context);
    expect(readChange('Tasks', data, context)(current)).to.deep.equal({});
  });

  it('are done and taken up again', () => {
    const current: Task = { title: 'T', status: 'in-progress', percentCompleted: 50 };
    const done = edited(applicationData('Tasks', current, context), [
      [Tasks.Complete, element(Tasks.Complete, 1)],
      [Tasks.DateCompleted, element(Tasks.DateCompleted, '2026-11-22T10:00:00.000Z')],
    ]);
    const finished = patched(current, readChange('Tasks', done, context)(current));
    expect(finished).to.deep.equal({
      title: 'T',
      status: 'done',
      percentCompleted: 100,
      completedAt: Date.UTC(2026, 10, 22, 10),
    });
    const open = edited(applicationData('Tasks', finished, context), [
      [Tasks.Complete, element(Tasks.Complete, 0)],
      [Tasks.DateCompleted, undefined],
    ]);
    expect(patched(finished, readChange('Tasks', open, context)(finished))).to.deep.equal({
      title: 'T',
      status: 'not-started',
      percentCompleted: 0,
    });
  });

  it('that a device put aside as finished occurrences do not repeat', () => {
    const data = overTheWire([
      element(Tasks.Subject, 'Water the plants'),
      element(Tasks.Complete, 1),
      element(
        Tasks.Recurrence,
        element(Tasks.Type, 0),
        element(Tasks.Start, '2026-11-22T00:00:00.000Z'),
        element(Tasks.Interval, 1),
        element(Tasks.DeadOccur, 1),
      ),
    ]);
    expect(readNewItem('Tasks', data, context)).to.not.have.property('recurrence');
  });

  it('write Start of a series as UTC up to 14.1, as local time from 16.0', () => {
    const item: Task = { start: Date.UTC(2026, 6, 1), recurrence: { frequency: 'daily', interval: 1 } };
    const startIn = (version: '14.1' | '16.0') =>
      applicationData('Tasks', item, contextFor('Tasks', version)).child(Tasks.Recurrence)?.child(Tasks.Start)?.text;
    expect([startIn('14.1'), startIn('16.0')]).to.deep.equal(['2026-06-30T22:00:00.000Z', '2026-07-01T00:00:00.000Z']);
  });
});
