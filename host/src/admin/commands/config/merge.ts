import type { ConsoleCommand } from '@oxtender/bundle-api';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { mergeProperties } from '../../../configuration/merge-properties';
import { writeFileAtomically } from '../../../files/atomic-file';
import { type ConsequenceSet, nothing } from '../../consequences/consequences';
import { both, consequencesOfChange } from '../../consequences/of-configuration';
import { consequencesText } from '../../consequences/text';
import type { OperatedHost } from '../../operated-host';
import { type PlannedChange, plannedChanges } from './changes';
import { pidArgument } from './show';

/** What an upgrade leaves beside a file that was edited: dpkg's names, and ucf's. */
const offers = ['.dpkg-dist', '.dpkg-new', '.ucf-dist'];

interface Merge {
  readonly pid: string;
  readonly offered: string;
  readonly before: string;
  readonly text: string;
  readonly changes: readonly PlannedChange[];
}

/** `config merge`: the new version of an edited file, with the values of the old one. */
export const mergeCommand = (host: OperatedHost): ConsoleCommand => ({
  name: 'config merge',
  description:
    'take over the files that an upgrade left beside edited ones (.dpkg-dist), with the values that you gave',
  args: [{ ...pidArgument, required: false, description: 'one PID; default: all' }],
  run: async ({ args }) => {
    const merges = mergesOf(host, args[0]);
    for (const { pid, offered, before, text } of merges) {
      await writeFileAtomically(`${host.configuration.admin.fileOf(pid)}.dpkg-old`, before, { mode: 0o640 });
      await host.configuration.admin.store(pid, () => text);
      await rm(offered);
    }
    return merges.map(row);
  },
  preview: ({ args }) => {
    const merges = mergesOf(host, args[0]);
    const consequences = merges.map(({ pid, changes }) =>
      consequencesOfChange(
        host,
        pid,
        changes.map(({ key }) => key),
      ),
    );
    return Promise.resolve({ merges: merges.map(row), ...consequences.reduce(both, nothing) });
  },
  text: (result) => {
    const { merges, ...consequences } = Array.isArray(result) ? { merges: result, ...nothing } : (result as MergePlan);
    if (merges.length === 0) return 'no upgrade has left a file to merge';
    if (Array.isArray(result)) return '';
    return [...merges.map(({ pid, changes }) => `${pid}: ${changes}`), consequencesText(consequences)].join('\n');
  },
});

interface MergePlan extends ConsequenceSet {
  readonly merges: readonly MergeRow[];
}

function mergesOf(host: OperatedHost, pid: string | undefined): Merge[] {
  const { admin } = host.configuration;
  const pids = pid === undefined ? admin.listConfigurations().map((one) => one.pid) : [pid];
  return pids.flatMap((one) => {
    const file = admin.fileOf(one);
    const offered = offers.map((suffix) => `${file}${suffix}`).find((path) => existsSync(path));
    const before = admin.textOf(one);
    if (offered === undefined || before === undefined) return [];
    const text = mergeProperties(readFileSync(offered, 'utf8'), before);
    return [{ pid: one, offered, before, text, changes: plannedChanges(host, one, text) }];
  });
}

interface MergeRow {
  readonly pid: string;
  readonly from: string;
  readonly changes: string;
}

function row({ pid, offered, changes }: Merge): MergeRow {
  const changed = changes.map(({ key, restarts }) => `${key} (restarts ${restarts})`);
  return {
    pid,
    from: offered,
    changes: changed.length === 0 ? 'none: only comments and new keys' : changed.join(', '),
  };
}
