import { expect } from 'chai';
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { packBundle } from '../support/bundles';
import { stopAll, temporaryFolder } from '../support/launch';
import { killAll, MainProcess } from '../support/main-process';

/** A command, and what `oxtender bundles` says before it and after it. */
interface Change {
  readonly words: readonly string[];
  readonly before: string;
  readonly after: string;
  /** Makes it as it was before. */
  readonly undo: readonly string[];
}

/** Changes in the data folder before the host dies; more and more apart, as most happens at the beginning. */
const deaths = [1, 2, 3, 5, 8, 12, 18] as const;

/** As in `oxtender bundles`, the ids left out. */
async function bundlesOf(host: MainProcess): Promise<string> {
  const rows = JSON.parse((await host.oxtender('bundles', '--json')).out) as Record<string, string>[];
  return rows
    .map(({ name, version, state, note }) => `${name} ${version} ${state}${note ? ` ${note}` : ''}`)
    .join(', ');
}

/** Kills the host at the nth change in its data folder. @returns whether the command had been answered before */
async function runUntilDeath(host: MainProcess, words: readonly string[], death: number): Promise<boolean> {
  let left = death;
  const watcher = watch(host.data, { recursive: true }, () => {
    if (--left === 0) host.kill('SIGKILL');
  });
  const { status } = await host.oxtender(...words);
  watcher.close();
  host.kill('SIGKILL');
  await host.ended();
  return status === 0;
}

describe('P10 kill -9 in the middle of a command of the CLI', function () {
  this.timeout(120_000);
  afterEach(async () => {
    await killAll();
    await stopAll();
  });

  const changes: Readonly<Record<string, () => Change>> = {
    'install --start': () => ({
      words: ['install', '--start', packBundle('b')],
      before: 'a 1.0.0 ACTIVE',
      after: 'a 1.0.0 ACTIVE, b 1.0.0 ACTIVE',
      undo: ['uninstall', 'b'],
    }),
    update: () => ({
      words: ['update', 'a', packBundle('a', { version: '1.1.0' })],
      before: 'a 1.0.0 ACTIVE',
      after: 'a 1.1.0 ACTIVE',
      undo: ['rollback', 'a'],
    }),
    disable: () => ({
      words: ['disable', 'a'],
      before: 'a 1.0.0 ACTIVE',
      after: 'a 1.0.0 INSTALLED disabled',
      undo: ['enable', 'a'],
    }),
    enable: () => ({
      words: ['enable', 'a'],
      before: 'a 1.0.0 INSTALLED disabled',
      after: 'a 1.0.0 ACTIVE',
      undo: ['disable', 'a'],
    }),
  };

  for (const [name, changeOf] of Object.entries(changes)) {
    it(`${name}: after the restart everything is as before it, or as after it`, async () => {
      const { words, before, after, undo } = changeOf();
      const data = join(temporaryFolder(), 'data');
      let host = MainProcess.start(data);
      await host.ready();
      await host.oxtender('install', '--start', packBundle('a'));
      if (before.endsWith('disabled')) await host.oxtender('disable', 'a');
      for (const death of deaths) {
        expect(await bundlesOf(host)).to.equal(before);
        const answered = await runUntilDeath(host, words, death);
        host = MainProcess.start(data);
        await host.ready();
        const found = await bundlesOf(host);
        expect(answered ? [after] : [before, after], `death at change ${death}`).to.include(found);
        expect(existsSync(join(data, 'store', 'staging'))).to.equal(false);
        expect(readdirSync(join(data, 'bundle.d')).filter((file) => !file.endsWith('.properties'))).to.deep.equal([]);
        expect(host.lines.filter(({ level }) => level === 'error' || level === 'warn')).to.deep.equal([]);
        if (found === after) await host.oxtender(...undo);
      }
    });
  }
});
