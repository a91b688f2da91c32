import { existsSync, renameSync, rmSync } from 'node:fs';
import { OxSandbox, type OxSandboxSetup } from '../ox-sandbox';
import { seedDemo } from './demo';

/**
 * Makes the server's file with the demonstration in it where there is none yet. It gets its name when it is complete:
 * a process that is killed meanwhile leaves nothing half-made behind.
 */
export async function makeDemoFile(setup: Pick<OxSandboxSetup, 'file' | 'clock'>): Promise<void> {
  if (existsSync(setup.file)) return;
  const unfinished = `${setup.file}.unfinished`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true });
  const sandbox = new OxSandbox({ ...setup, file: unfinished });
  try {
    await seedDemo(sandbox);
  } finally {
    sandbox[Symbol.dispose]();
  }
  renameSync(unfinished, setup.file);
}
