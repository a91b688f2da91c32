import type { CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import type { OxSandbox } from '../ox-sandbox';
import { seedBulk } from '../seed/bulk';
import { accountOf } from './account';

const kinds = ['contacts', 'events', 'tasks', 'mails'] as const;

/** `oxtender sandbox:seed` */
export function seedCommand(sandbox: OxSandbox): ConsoleCommand {
  return {
    name: 'sandbox:seed',
    description: 'Fill the folders of a user with made-up objects; the same numbers give the same objects',
    options: [
      { name: 'user', description: 'Login name', required: true },
      ...kinds.map((kind) => ({ name: kind, description: `Number of ${kind}`, type: 'number' as const, default: 0 })),
    ],
    run: async ({ options, signal }) => {
      const counts = countsOf(options);
      await seedBulk(accountOf(sandbox, options['user']), counts, { signal });
      return counts;
    },
    preview: ({ options }) => {
      accountOf(sandbox, options['user']);
      return Promise.resolve(countsOf(options));
    },
  };
}

/** @throws Error for what is no number of objects */
function countsOf(options: CommandCall['options']): Record<(typeof kinds)[number], number> {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, Number(options[kind] ?? 0)]));
  for (const [kind, count] of Object.entries(counts))
    if (!Number.isSafeInteger(count) || count < 0) throw new Error(`--${kind} is a number of objects, 0 or more`);
  return counts as Record<(typeof kinds)[number], number>;
}
