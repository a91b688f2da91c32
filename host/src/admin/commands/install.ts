import type { Bundle, ConsoleCommand } from '@oxtender/bundle-api';
import { shortName } from '../bundle-names';
import type { OperatedHost } from '../operated-host';
import { type BundleRow, bundleRow } from './bundle-row';

/** `install`. */
export const installCommands = ({ context }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'install',
    description: 'install bundles from folders or .tgz files',
    args: [{ name: 'location', description: 'folder or .tgz', required: true, many: true, file: true }],
    options: [{ name: 'start', description: 'start them too', type: 'boolean' }],
    async run({ args, options, progress }) {
      const rows: BundleRow[] = [];
      for (const location of args) {
        progress(`install ${location}`);
        const bundle = await context.installBundle(location);
        if (options.start === true) await startInstalled(bundle);
        rows.push(bundleRow(bundle));
      }
      return rows;
    },
    preview: ({ args }) =>
      Promise.resolve(
        args.map((location) => ({
          location,
          state: context.getBundle(location) ? 'is installed already' : 'would be installed',
        })),
      ),
  },
];

/** @throws Error that says that the bundle is there all the same */
async function startInstalled(bundle: Bundle): Promise<void> {
  try {
    await bundle.start();
  } catch (cause) {
    throw new Error(`${shortName(bundle)} ${bundle.version} is installed, and does not run`, { cause });
  }
}
