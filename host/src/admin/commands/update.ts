import type { Bundle, ConsoleCommand } from '@oxtender/bundle-api';
import { shortName } from '../bundle-names';
import { consequencesText } from '../consequences/text';
import type { OperatedHost } from '../operated-host';
import { type BundleRow, bundleRow, oneBundle, preview } from './bundle-row';
import { bundleArgument } from './command';

interface UpdateRow extends BundleRow {
  /** Version of the generation that was replaced. */
  readonly before: string;
}

/** `update`, `rollback`: another content for a bundle that runs. */
export const updateCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'update',
    description: 'replace the content of a running bundle; requests in flight finish on the old one',
    args: [bundleArgument, { name: 'content', description: 'folder or .tgz; default: where it came from', file: true }],
    options: [{ name: 'approve', description: 'agree to permissions that the new content asks for', type: 'boolean' }],
    run: ({ args, options, progress }) => {
      const bundle = oneBundle(host, args);
      progress(`update ${shortName(bundle)}`);
      const approved = options.approve === true;
      return change(bundle, () => host.framework.operator.update(bundle, args[1], { approved }));
    },
    preview: async ({ args, options }) => {
      const bundle = oneBundle(host, args);
      await host.framework.operator.rehearseUpdate(bundle, args[1], { approved: options.approve === true });
      return preview(host, 'update', [bundle]);
    },
    text: updateText,
  },
  {
    name: 'rollback',
    description: 'back to the content before the last update',
    args: [bundleArgument],
    run: ({ args }) => {
      const bundle = oneBundle(host, args);
      return change(bundle, () => host.framework.operator.rollback(bundle));
    },
    preview: ({ args }) => {
      const bundle = oneBundle(host, args);
      if (host.framework.operator.status(bundle).previousVersion === undefined)
        throw new Error(`${bundle.symbolicName} has no previous generation: there is nothing to roll back to`);
      return preview(host, 'update', [bundle]);
    },
    text: updateText,
  },
];

async function change(bundle: Bundle, operation: () => Promise<void>): Promise<UpdateRow> {
  const before = bundle.version;
  await operation();
  return { ...bundleRow(bundle), before };
}

function updateText(result: unknown): string {
  if (!('before' in (result as object))) return consequencesText(result);
  const { name, before, version, state } = result as UpdateRow;
  return `${name}: ${before} → ${version}, ${state}`;
}
