import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';
import { timeText } from './command';

/** `jobs`. */
export const jobsCommands = ({ schedulers }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'jobs',
    description: 'scheduled jobs',
    run: () =>
      Promise.resolve(
        schedulers.list().map((job) => ({ ...job, lastEnd: job.lastEnd === undefined ? null : timeText(job.lastEnd) })),
      ),
  },
];
