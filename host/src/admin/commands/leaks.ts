import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';
import { timeText } from './command';

/** `leaks` (rule N2). */
export const leaksCommands = ({ framework }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'leaks',
    description: 'replaced generations that are still in memory, and which of their modules',
    run: async () =>
      (await framework.operator.leaks()).map(({ unloadedAt, ...leak }) => ({
        ...leak,
        unloaded: timeText(unloadedAt),
      })),
    text: (leaks) => ((leaks as object[]).length === 0 ? 'no replaced generation is in memory' : ''),
  },
];
