import { day } from '../columns/body';
import { taskSubjects } from './vocabulary';

/** Tasks in every state, some recurring. */
export function demoTasks(today: number): Readonly<Record<string, unknown>>[] {
  const due = (days: number): Record<string, unknown> => ({
    full_time: true,
    start_time: today + (days - 2) * day,
    end_time: today + days * day,
  });
  return [
    {
      title: 'Hand in expenses',
      note: 'Receipts are in the blue folder.',
      priority: 3,
      status: 2,
      percent_completed: 40,
      ...due(3),
      alarm: today + 2 * day,
    },
    {
      title: 'Backup prüfen',
      status: 1,
      percent_completed: 0,
      priority: 2,
      ...due(1),
      recurrence_type: 2,
      interval: 1,
      days: 32,
    },
    { title: 'Tax return', status: 5, percent_completed: 10, priority: 1, categories: 'Private', ...due(60) },
    { title: 'Choose a gift 🎁', status: 4, percent_completed: 25, private_flag: true },
    { title: 'Order business cards', status: 3, percent_completed: 100, date_completed: today - day, ...due(-1) },
    ...taskSubjects.map((title, index) => ({
      title,
      priority: 1 + (index % 3),
      status: index % 4 === 3 ? 3 : 1,
      percent_completed: index % 4 === 3 ? 100 : 0,
      ...due(index * 2 - 4),
    })),
  ];
}
