import type { ConsoleCommand } from '@oxtender/bundle-api';
import { findBundles, shortName } from '../bundle-names';
import type { OperatedHost } from '../operated-host';
import { bundleRow, preview, rowsOrConsequences } from './bundle-row';
import { bundlesArgument, forEach } from './command';

/** `uninstall`, `gc`. */
export const uninstallCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'uninstall',
    description: 'stop bundles and take them out',
    args: [bundlesArgument],
    options: [{ name: 'purge', description: 'delete their data and configuration too', type: 'boolean' }],
    async run({ args, options }) {
      const bundles = findBundles(host.context, args);
      await forEach(bundles, async (bundle) => {
        const pids = Object.keys(bundle.headers.configuration ?? {});
        await bundle.uninstall({ purge: options.purge === true });
        if (options.purge !== true) return;
        await deleteConfigurations(host, pids);
        host.preferences.delete(bundle.symbolicName);
      });
      return bundles.map(bundleRow);
    },
    preview: async ({ args }) => {
      const bundles = findBundles(host.context, args);
      return { ...(await preview(host, 'uninstall', bundles)), uninstalls: bundles.map(shortName) };
    },
    text: rowsOrConsequences,
  },
  {
    name: 'gc',
    description: 'delete the contents before the last updates: no rollback after that',
    async run() {
      await host.framework.operator.collectGarbage();
      return 'previous contents are deleted';
    },
    preview: () => Promise.resolve(previousContents(host)),
  },
];

/** Rule U12. */
async function deleteConfigurations(
  { configuration: { admin } }: OperatedHost,
  pids: readonly string[],
): Promise<void> {
  const own = admin
    .listConfigurations()
    .filter(({ pid, factoryPid }) => pids.includes(pid) || pids.includes(factoryPid ?? ''));
  for (const configuration of own) await configuration.delete();
}

function previousContents({ context, framework }: OperatedHost): object[] {
  return context
    .getBundles()
    .filter(({ id }) => id !== 0)
    .map((bundle) => ({ name: shortName(bundle), version: framework.operator.status(bundle).previousVersion }))
    .filter(({ version }) => version !== undefined);
}
