import type { Bundle, BundlePermissions, CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import { type ConsequenceSet, consequencesOf, nothing } from '../consequences/consequences';
import type { OperatedHost } from '../operated-host';
import { permissionTexts } from '../../framework/permissions';
import { type BundleRow, bundleRow, rowsOrConsequences } from './bundle-row';

/** `install`. */
export const installCommands = (host: OperatedHost): ConsoleCommand[] => [
  {
    name: 'install',
    description: 'install bundles from folders or .tgz files',
    args: [{ name: 'location', description: 'folder or .tgz', required: true, many: true, file: true }],
    options: [
      { name: 'start', description: 'start them too; one that does not start is not installed', type: 'boolean' },
    ],
    async run({ args, options, progress }) {
      const { context, framework } = host;
      const install = (location: string): Promise<Bundle> =>
        options.start === true ? framework.operator.installAndStart(location) : context.installBundle(location);
      const rows: InstalledRow[] = [];
      for (const location of args) {
        progress(`install ${location}`);
        const bundle = await install(location);
        rows.push({
          ...bundleRow(bundle),
          permissions: permissionTexts(bundle.headers.permissions as BundlePermissions),
        });
      }
      return rows;
    },
    preview: (call) => rehearse(host, call),
    text: (result) => [rowsOrConsequences(result), ...permissionLines(result)].join('\n'),
  },
];

interface InstalledRow extends BundleRow {
  readonly permissions: readonly string[];
}

/** For the operator's approval (rule X4). */
function permissionLines(result: unknown): string[] {
  if (!Array.isArray(result)) return [];
  return (result as InstalledRow[]).flatMap(({ name, permissions }) =>
    permissions.length > 0 ? [`${name} may touch: ${permissions.join(', ')}`] : [],
  );
}

async function rehearse(host: OperatedHost, { args, options }: CommandCall): Promise<ConsequenceSet> {
  const { context, framework } = host;
  const start = options.start === true;
  const known = args.flatMap((location) => context.getBundle(location) ?? []);
  const { starts } = start ? consequencesOf(host, { kind: 'start', bundles: known }) : nothing;
  const installs: string[] = [];
  const permissions: string[] = [];
  for (const location of args.filter((each) => !context.getBundle(each))) {
    const { symbolicName, package: json } = await framework.operator.rehearseInstall(location, { start });
    installs.push(`${symbolicName} ${json.version}`);
    permissions.push(...permissionTexts(json.bundle.permissions).map((each) => `${symbolicName}: ${each}`));
  }
  return { ...nothing, installs, permissions, starts: [...starts, ...(start ? installs : [])] };
}
