import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';

/** `history`: the audit trail (rule O4). */
export const historyCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'history',
    description: 'who did what, when, with which result',
    options: [{ name: 'lines', description: 'how many', type: 'number', default: 50 }],
    run: async ({ options }) => {
      const { entries, intact } = await host.audit.read();
      if (!intact) host.log.error('the audit trail was changed by hand: its chain of hashes is broken');
      const rows = entries.slice(-(options.lines as number)).map(({ time, user, command, args, outcome }) => ({
        time,
        user,
        command: [command, ...args].join(' '),
        outcome,
      }));
      return intact
        ? rows
        : [
            ...rows,
            {
              time: '',
              user: '',
              command: '',
              outcome: 'WARNING: the chain of hashes is broken: somebody changed the trail',
            },
          ];
    },
  },
];
