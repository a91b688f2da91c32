import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';

/** `health`. */
export const healthCommands = ({ health }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'health',
    description: 'run the health checks',
    args: [{ name: 'tag', description: 'only checks with these tags', many: true }],
    run: async ({ args }) => {
      const { checks } = await health.report(args);
      return checks.map(({ name, status, message, bundle, tags }) => ({ status, name, bundle, tags, message }));
    },
  },
];
