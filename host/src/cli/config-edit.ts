import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { environmentVariable } from '../launch/environment';
import type { HostClient } from './client';
import type { Terminal } from './command-line';
import { render } from './render';

/**
 * Opens a copy of the configuration in the operator's editor, and puts it in place when it is good. While it is not, its
 * faults are told and the editor opens again; an unchanged copy ends it.
 */
export async function editConfiguration(client: HostClient, pid: string, terminal: Terminal): Promise<void> {
  const run = async (command: string, args: readonly string[]): Promise<unknown> =>
    (await client.request({ kind: 'run', command, args, options: {}, dryRun: false, user: userInfo().username }))
      .result;
  const file = (await run('config path', [pid])) as string;
  const folder = mkdtempSync(join(tmpdir(), 'oxtender-edit-'));
  const copy = join(folder, basename(file));
  try {
    let before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    writeFileSync(copy, before, { mode: 0o600 });
    for (;;) {
      openEditor(copy);
      const text = readFileSync(copy, 'utf8');
      if (text === before) {
        terminal.out('nothing was changed\n');
        return;
      }
      before = text;
      try {
        terminal.out(`${render(await run('config put', [copy]))}\n`);
        return;
      } catch (error) {
        terminal.error(`${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openEditor(file: string): void {
  const editor = environmentVariable('VISUAL') ?? environmentVariable('EDITOR') ?? 'vi';
  const { status, error } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`the editor ${editor} ended with status ${String(status)}`);
}
