import { expect } from 'chai';
import type { Task } from '../../model/task';
import { describeItems, type Example } from './item-behaviour';
import type { Scene } from './fixture';

const start = Date.UTC(2027, 0, 4);
const day = 86_400_000;

const item = {
  title: 'Tax return',
  body: { format: 'text', content: 'With receipts' },
  start,
  due: start + 7 * day,
  allDay: true,
  status: 'in-progress',
  percentCompleted: 30,
  importance: 'high',
  reminder: start + 9 * 3_600_000,
  categories: ['Home'],
} as const satisfies Task;

const example: Example<'Tasks'> = {
  item,
  patch: { title: 'Tax return 2026', reminder: null },
  after: { title: 'Tax return 2026', due: item.due },
  cleared: 'reminder',
};

/** Tasks. */
export function describeTasks(scene: () => Scene): void {
  describe('tasks', () => {
    describeItems('Tasks', example, scene);

    it('are done at 100 percent, and at the time told', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Tasks');
      const { id } = await scene().create(folder, item);
      const completedAt = Date.UTC(2027, 0, 6, 12);
      const done = { status: 'done', percentCompleted: 100, completedAt } as const;
      await session.patch(folder, id, done, options);
      expect(await scene().read(folder, id)).to.include(done);
      await session.patch(folder, id, { status: 'in-progress', percentCompleted: 40, completedAt: null }, options);
      const again = await scene().read(folder, id);
      expect(again).to.include({ status: 'in-progress', percentCompleted: 40 });
      expect(again).to.not.have.property('completedAt');
    });

    it('keep moments where the backend knows them', async () => {
      if (scene().fixture.limits?.taskDatesOnly === true) return;
      const folder = await scene().folder('Tasks');
      const timed: Task = { title: 'Call', start: start + 10 * 3_600_000, due: start + 11 * 3_600_000, allDay: false };
      const { id } = await scene().create(folder, timed);
      expect(await scene().read(folder, id)).to.deep.include(timed);
    });

    for (const dates of [{ due: start }, { start }])
      it(`repeat although a device names nothing but ${Object.keys(dates)[0] ?? ''}`, async () => {
        const folder = await scene().folder('Tasks');
        const recurrence = { frequency: 'daily', interval: 1, occurrences: 5 } as const;
        const { id } = await scene().create(folder, { title: 'Water the plants', allDay: true, ...dates, recurrence });
        expect(await scene().read(folder, id)).to.deep.include({ title: 'Water the plants', ...dates, recurrence });
      });

    it('repeat', async () => {
      const folder = await scene().folder('Tasks');
      const recurrence = { frequency: 'weekly', interval: 2, daysOfWeek: 2, occurrences: 6 } as const;
      const { id } = await scene().create(folder, { ...item, recurrence });
      expect((await scene().read(folder, id)).recurrence).to.deep.equal(recurrence);
    });
  });
}
