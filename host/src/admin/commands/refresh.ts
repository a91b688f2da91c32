import type { Bundle, ConsoleCommand } from '@oxtender/bundle-api';
import { allBundles, shortName } from '../bundle-names';
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
      return (bundles ?? allBundles(host.context)).map(bundleRow);
    },
    preview: ({ args }) => {
      const unresolved = (namedBundles(host, args) ?? allBundles(host.context)).filter(
        ({ state }) => state === 'INSTALLED',
      );
      return Promise.resolve(unresolved.map((bundle) => rehearsal(host, bundle)));
    },
    text: (result) => ((result as object[]).length === 0 ? 'nothing would change' : ''),
  },
];

function rehearsal({ framework }: OperatedHost, bundle: Bundle): object {
  const { resolvable, text } = framework.wiring.explain(bundle);
  return { name: shortName(bundle), version: bundle.version, then: resolvable ? 'RESOLVED' : `INSTALLED: ${text}` };
}
