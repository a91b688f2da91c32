import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { OperatedHost } from '../operated-host';
import { bundleRow, namedBundles, preview, rowsOrConsequences } from './bundle-row';
import { optionalBundles } from './command';

/** `refresh`, `resolve`: the wires between bundles (rule U9). */
export const refreshCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'refresh',
    description: 'wire bundles anew that are wired to replaced ones; default: all of those',
    args: [optionalBundles],
    run: async ({ args }) => (await host.framework.wiring.refresh(namedBundles(host, args))).map(bundleRow),
    preview: ({ args }) => preview(host, 'refresh', namedBundles(host, args) ?? host.framework.wiring.removalPending()),
    text: (result) => rowsOrConsequences(result) || 'nothing to refresh',
  },
  {
    name: 'resolve',
    description: 'resolve bundles; default: all',
    args: [optionalBundles],
    async run({ args }) {
      const bundles = namedBundles(host, args);
      await host.framework.wiring.resolve(bundles);
      return (bundles ?? host.context.getBundles().filter(({ id }) => id !== 0)).map(bundleRow);
    },
  },
];
