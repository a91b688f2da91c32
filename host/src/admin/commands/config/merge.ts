import type { ConsoleCommand } from '@oxtender/bundle-api';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { mergeProperties } from '../../../configuration/merge-properties';
import { writeFileAtomically } from '../../../files/atomic-file';
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
  preview: ({ args }) => Promise.resolve(mergesOf(host, args[0]).map(row)),
  text: (rows) => ((rows as object[]).length === 0 ? 'no upgrade has left a file to merge' : ''),
});

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

function row({ pid, offered, changes }: Merge): object {
  const changed = changes.map(({ key, restarts }) => `${key} (restarts ${restarts})`);
  return {
    pid,
    from: offered,
    changes: changed.length === 0 ? 'none: only comments and new keys' : changed.join(', '),
  };
}
