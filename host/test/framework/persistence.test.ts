import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bundle, BundleStatus } from '@oxtender/bundle-api';
import { FakeClock, inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { HostFramework } from '../../src/framework/host-framework';
import { packBundle, writeBundle } from '../support/bundles';
import { watchSteps } from '../support/mortal-fs';
import { operate, type StoreOperation } from '../support/store-operations';
import { launch, type Launched, prepare, rejection, stopAll, temporaryFolder } from '../support/launch';

const stateOf = (store: string): { bundles: { symbolicName: string; version: string }[] } =>
  JSON.parse(readFileSync(join(store, 'framework.json'), 'utf8')) as never;

describe('Persistence (reference section 3)', () => {
  afterEach(stopAll);

  describe('store', () => {
    it('P9 brings everything back: ids, autostart, levels, generations, disabled', async () => {
      const store = temporaryFolder();
      const first = await launch({ store });
      await first.framework.startLevel.setInitialBundleLevel(3);
      const folder = writeBundle('folder');
      const running = await first.context.installBundle(folder);
      await running.start({ policy: 'declared' });
      const packed = await first.context.installBundle('packed', packBundle('packed'));
      await packed.update(packBundle('packed', { version: '1.1.0' }));
      await first.framework.operator.setEnabled(packed, false);
      await first.framework.operator.setDisabledPatterns(['x.*']);
      const broken = await first.context.installBundle(
        writeBundle('broken', { code: 'exports.start = () => { throw new Error("no") }' }),
      );
      await rejection(broken.start());
      await first.framework.stop();

      const second = await launch({ store });
      const [, ...bundles] = second.context.getBundles();
      const status = (bundle: Bundle): BundleStatus => second.framework.operator.status(bundle);
      expect(
        bundles.map(({ id, symbolicName, version, generation, state }) => [
          id,
          symbolicName,
          version,
          generation,
          state,
        ]),
      ).to.deep.equal([
        [running.id, 'folder', '1.0.0', 1, 'ACTIVE'],
        [packed.id, 'packed', '1.1.0', 2, 'INSTALLED'],
        [broken.id, 'broken', '1.0.0', 1, 'RESOLVED'],
      ]);
      expect(bundles.map((bundle) => status(bundle).autostart)).to.deep.equal(['declared', 'stopped', 'eager']);
      expect(bundles.map((bundle) => status(bundle).startLevel)).to.deep.equal([3, 3, 3]);
      expect(status(bundles[1]!)).to.include({ disabled: true, previousVersion: '1.0.0' });
      expect(status(bundles[2]!).lastError).to.contain('no');
      expect(second.framework.operator.disabledPatterns).to.deep.equal(['x.*']);
      expect(second.framework.startLevel.initialBundleLevel).to.equal(3);
      await second.framework.operator.rollback(bundles[1]!);
      expect(bundles[1]!.version).to.equal('1.0.0');
    });

    it('P9 folders outside the store are used in place, a store may move', async () => {
      const parent = temporaryFolder();
      const store = join(parent, 'one');
      const first = await launch({ store });
      await first.context.installBundle(writeBundle('folder'));
      await first.context.installBundle('packed', packBundle('packed'));
      await first.framework.stop();
      const moved = join(parent, 'two');
      mkdirSync(moved);
      rmSync(moved, { recursive: true });
      (await import('node:fs')).renameSync(store, moved);
      const second = await launch({ store: moved });
      expect(second.context.getBundles().map(({ symbolicName }) => symbolicName)).to.deep.equal([
        'oxtender.host',
        'folder',
        'packed',
      ]);
    });

    it('P10 a torn state is set aside, and the host starts with a WARNING', async () => {
      const store = temporaryFolder();
      for (const text of ['{"format":1,"bund', '', 'null', '{"format":2}']) {
        writeFileSync(join(store, 'framework.json'), text);
        const heard: string[] = [];
        const { framework } = await prepare({ store }, ({ type }) => void heard.push(type));
        await framework.start();
        expect(framework.state).to.equal('ACTIVE');
        await framework.stop();
        expect(heard, text).to.deep.equal(['WARNING', 'STARTED', 'STOPPED']);
        const aside = readdirSync(store).filter((file) => file.endsWith('.damaged'));
        expect(aside, text).to.have.length(1);
        expect(readFileSync(join(store, aside[0]!), 'utf8')).to.equal(text);
        rmSync(join(store, aside[0]!));
      }
    });

    it('P13 a bundle whose content is gone is an ERROR; it comes back when the content does', async () => {
      const store = temporaryFolder();
      const first = await launch({ store });
      const folder = writeBundle('a');
      const a = await first.context.installBundle(folder);
      await a.start();
      await first.install('inline');
      await first.framework.stop();
      rmSync(folder, { recursive: true });
      const second = await launch({ store });
      expect(second.context.getBundles()).to.have.length(1);
      await second.context.installBundle(writeBundle('b'));
      await second.framework.stop();
      writeBundle('a', {}, folder);
      const third = await launch({ store });
      expect(third.context.getBundle(a.id)).to.include({ symbolicName: 'a', state: 'ACTIVE' });
    });

    it('inline bundles are not written: their code is the program’s', async () => {
      const store = temporaryFolder();
      const { start, framework } = await launch({ store });
      await start('inline');
      await framework.stop();
      expect(stateOf(store).bundles).to.deep.equal([]);
    });

    it('what a crash left in the store is swept', async () => {
      const store = temporaryFolder();
      const first = await launch({ store });
      const a = await first.context.installBundle('packed', packBundle('packed'));
      await first.framework.stop();
      mkdirSync(join(store, 'staging', 'x'), { recursive: true });
      mkdirSync(join(store, 'bundles', String(a.id), '7'), { recursive: true });
      mkdirSync(join(store, 'bundles', '99', '1'), { recursive: true });
      await launch({ store });
      expect(existsSync(join(store, 'staging'))).to.be.false;
      expect(readdirSync(join(store, 'bundles', String(a.id)))).to.deep.equal(['1']);
      expect(existsSync(join(store, 'bundles', '99', '1'))).to.be.false;
    });
  });

  describe('kill -9', () => {
    const before = 'a@1.0.0 enabled';
    const after: Record<StoreOperation, string> = {
      install: 'a@1.0.0 enabled, b@1.0.0 enabled',
      update: 'a@1.1.0 enabled',
      disable: 'a@1.0.0 disabled',
    };
    let archives = { a: '', b: '', new: '' };

    beforeEach(() => {
      archives = { a: packBundle('a'), new: packBundle('a', { version: '1.1.0' }), b: packBundle('b') };
    });

    for (const operation of ['install', 'update', 'disable'] as const) {
      it(`P10 at every step of ${operation}: after the restart the state is the one before or after`, async () => {
        let finished = false;
        let step = 0;
        while (!finished) {
          step++;
          const store = await storeWithA();
          finished = await operateUntil(step, store, operation);
          await expectWhole(store, operation, { finished, step });
        }
        expect(step, 'moments of death').to.be.greaterThan(5);
      });

      it(`P10 a real SIGKILL in the middle of ${operation}`, async () => {
        const store = await storeWithA();
        await kill(store, operation, 6);
        await expectWhole(store, operation, { finished: false, step: 6 });
      });
    }

    async function storeWithA(): Promise<string> {
      const store = temporaryFolder();
      const setup = await prepareAndStart(store);
      await (await setup.context.installBundle('a', archives.a)).start();
      await setup.framework.stop();
      return store;
    }

    const prepareAndStart = (store: string): Promise<Launched> =>
      launch({ store, bundleFolder: join(store, 'bundle.d') });

    /** False when the process died on the way: the framework is left as it is, and the disk too. */
    async function operateUntil(step: number, store: string, operation: StoreOperation): Promise<boolean> {
      const doomed = new HostFramework({ store, bundleFolder: join(store, 'bundle.d'), clock: new FakeClock() });
      await doomed.system.start();
      let left = step;
      const watch = watchSteps(() => --left > 0);
      let settled = false;
      void operate(doomed.system, operation, { a: archives.new, b: archives.b })
        .catch(() => expect(left).to.be.lessThan(1))
        .finally(() => (settled = true));
      const isSettled = (): boolean => settled;
      for (let quiet = 0; !isSettled() && quiet < 50; quiet = left > 0 ? 0 : quiet + 1) await settle();
      watch[Symbol.dispose]();
      await doomed.bundleFolder.close();
      return left > 0;
    }

    async function expectWhole(
      store: string,
      operation: StoreOperation,
      death: { finished: boolean; step: number },
    ): Promise<void> {
      const { context, framework } = await prepareAndStart(store);
      const [, ...bundles] = context.getBundles();
      const found = bundles.map((bundle) => {
        const { disabled, autostart } = framework.operator.status(bundle);
        const due = autostart !== 'stopped' && !disabled;
        expect(bundle.state, bundle.symbolicName).to.equal(due ? 'ACTIVE' : 'INSTALLED');
        return `${bundle.symbolicName}@${bundle.version} ${disabled ? 'disabled' : 'enabled'}`;
      });
      const allowed = death.finished ? [after[operation]] : [before, after[operation]];
      expect(allowed, `death at step ${death.step}`).to.include(found.join(', '));
      await framework.stop();
    }

    async function kill(store: string, operation: StoreOperation, step: number): Promise<void> {
      const program = join(__dirname, '../support/dying-host.js');
      const child = spawn(process.execPath, [program, store, operation, String(step), archives.new, archives.b], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      expect(await once(child, 'exit')).to.deep.equal([null, 'SIGKILL']);
    }
  });

  describe('crash loop', () => {
    it('P11 a bundle during whose start the process died twice is not started the third time', async () => {
      const store = temporaryFolder();
      const first = await launch({ store });
      const a = await first.context.installBundle(writeBundle('a'));
      const b = await first.context.installBundle(writeBundle('b'));
      for (const bundle of [a, b]) await bundle.start();
      await first.framework.stop();
      const die = (deaths: number): void => writeFileSync(join(store, 'starting', String(a.id)), String(deaths));

      die(1);
      const once = await launch({ store });
      expect(once.context.getBundle(a.id)!.state, 'one death is tolerated').to.equal('ACTIVE');
      await once.framework.stop();
      expect(readdirSync(join(store, 'starting'))).to.deep.equal([]);

      die(2);
      const twice = await prepare({ store });
      await twice.framework.start();
      await twice.host.events.idle();
      const guarded = twice.context.getBundle(a.id)!;
      expect([guarded.state, twice.context.getBundle(b.id)!.state]).to.deep.equal(['INSTALLED', 'ACTIVE']);
      const warnings = twice.events.frameworkEvents.filter(({ type }) => type === 'WARNING');
      expect(warnings.map(({ bundle }) => bundle)).to.deep.equal([guarded]);
      await guarded.start();
      expect(guarded.state, 'an operator may start it').to.equal('ACTIVE');
    });

    it('P11 the bundle is remembered while it starts', async () => {
      const store = temporaryFolder();
      const { start } = await launch({ store });
      let during: string[] = [];
      const a = await start('a', { start: () => void (during = readdirSync(join(store, 'starting'))) });
      expect(during).to.deep.equal([String(a.id)]);
      expect(readdirSync(join(store, 'starting'))).to.deep.equal([]);
      await rejection(start('b', { start: () => expect.fail('no') }));
      expect(readdirSync(join(store, 'starting'))).to.deep.equal([]);
    });
  });

  describe('bundle.d', () => {
    const folderOf = (store: string): string => join(store, 'bundle.d');
    const read = (store: string, name: string): string =>
      readFileSync(join(folderOf(store), `${name}.properties`), 'utf8');
    const write = (store: string, name: string, text: string): void =>
      writeFileSync(join(folderOf(store), `${name}.properties`), text);

    it('has a file for each bundle, true to what an operator does', async () => {
      const store = temporaryFolder();
      const { framework, start } = await launch({ store, bundleFolder: folderOf(store) });
      const a = await start('@scope/a');
      const text = (): string[] => read(store, '@scope_a').split('\n').slice(1, 4);
      expect(text()).to.deep.equal(['enabled = true', 'start = true', 'startlevel = 1']);
      await framework.startLevel.setBundleLevel(a, 4);
      await framework.operator.setEnabled(a, false);
      expect(text()).to.deep.equal(['enabled = false', 'start = true', 'startlevel = 4']);
      await a.stop();
      expect(text()[1]).to.equal('start = false');
      await a.start({ transient: true }).catch(() => undefined);
      expect(text()[1], 'transient operations leave no trace').to.equal('start = false');
      await a.uninstall();
      expect(readdirSync(folderOf(store))).to.deep.equal([]);
    });

    it('keeps an operator’s comments, order and foreign keys', async () => {
      const store = temporaryFolder();
      mkdirSync(folderOf(store));
      write(store, 'a', '# mine\nnote: x\n  startlevel : 7\n\nstart=false');
      const { framework, install } = await launch({ store, bundleFolder: folderOf(store) });
      const a = await install('a');
      expect(framework.operator.status(a)).to.include({ startLevel: 7, autostart: 'stopped' });
      await a.start();
      expect(read(store, 'a')).to.equal('# mine\nnote: x\n  startlevel : 7\n\nstart=true\nenabled = true\n');
    });

    it('is read at boot, and wins over the store', async () => {
      const store = temporaryFolder();
      const first = await launch({ store, bundleFolder: folderOf(store) });
      const a = await first.context.installBundle(writeBundle('a'));
      await a.start();
      await first.framework.stop();
      write(store, 'a', 'start = false');
      const second = await launch({ store, bundleFolder: folderOf(store) });
      expect(second.context.getBundle(a.id)!.state).to.equal('INSTALLED');
    });

    it('a file that cannot be read, or says what is not known, is told once and keeps no other one back', async () => {
      const store = temporaryFolder();
      const { host, install, context } = await launch({ store, bundleFolder: folderOf(store) });
      const [a, b] = [await install('a'), await install('b')];
      rmSync(join(folderOf(store), 'a.properties'));
      mkdirSync(join(folderOf(store), 'a.properties'));
      const told: (string | undefined)[] = [];
      context.addFrameworkListener(({ type, message }) => {
        if (type === 'WARNING') told.push(message?.replace(/^.*\//, ''));
      });
      write(store, 'b', '\uFEFFstart = true\nenable = false\nstartlevel = -7\n');
      for (let looks = 0; looks < 3; looks++) await host.bundleFolder.scan();
      await host.events.idle();
      expect([a.state, b.state]).to.deep.equal(['INSTALLED', 'ACTIVE']);
      expect(told).to.deep.equal([
        'a.properties cannot be read: it counts for nothing',
        'b.properties: enable is not known: there are enabled, start, startlevel',
        'b.properties: startlevel must be an integer from 1',
      ]);
    });

    it('a change of a file takes effect on the running host', async () => {
      const store = temporaryFolder();
      const { framework, install, host } = await launch({ store, bundleFolder: folderOf(store) });
      const a = await install('a');
      const change = async (text: string): Promise<unknown[]> => {
        write(store, 'a', text);
        await host.bundleFolder.scan();
        return [a.state, framework.operator.status(a).disabled, framework.startLevel.bundleLevel(a)];
      };
      expect(await change('start = true')).to.deep.equal(['ACTIVE', false, 1]);
      expect(await change('start = true\nenabled = false')).to.deep.equal(['INSTALLED', true, 1]);
      expect(await change('start = true\nenabled = true\nstartlevel = 3')).to.deep.equal(['ACTIVE', false, 3]);
      expect(await change('start = false\nenabled = true\nstartlevel = 3')).to.deep.equal(['RESOLVED', false, 3]);
    });

    it('values that make no sense are a WARNING and change nothing', async () => {
      const store = temporaryFolder();
      const { framework, start, host, events } = await launch({ store, bundleFolder: folderOf(store) });
      const a = await start('a');
      write(store, 'a', 'start = perhaps\nstartlevel = 0\nenabled = 1');
      await host.bundleFolder.scan();
      await host.events.idle();
      expect(framework.operator.status(a)).to.include({ autostart: 'eager', startLevel: 1, disabled: false });
      const messages = events.frameworkEvents.filter(({ type }) => type === 'WARNING').map(({ message }) => message);
      expect(messages).to.have.length(3);
      expect(messages[0]).to.contain('a.properties: enabled must be true or false');
    });

    it('the host’s own writes are no changes', async () => {
      const store = temporaryFolder();
      const { start, host, events } = await launch({ store, bundleFolder: folderOf(store) });
      await start('a');
      events.clear();
      await host.bundleFolder.scan();
      expect(events.events).to.deep.equal([]);
    });

    it('a file that the host is about to replace is no change of an operator', async () => {
      const store = temporaryFolder();
      const { install, host } = await launch({ store, bundleFolder: folderOf(store) });
      const a = await install('a');
      const started = new AbortController();
      const starting = a.start().finally(() => started.abort());
      while (!started.signal.aborted) {
        await host.bundleFolder.scan();
        await nextTurn(); // the start needs the disk, and so turns of the event loop
      }
      await starting;
      expect(a.state).to.equal('ACTIVE');
      expect(read(store, 'a')).to.contain('start = true');
    });

    it('inline bundles keep their settings there', async () => {
      const store = temporaryFolder();
      const first = await launch({ store, bundleFolder: folderOf(store) });
      await first.start('a');
      await first.framework.stop();
      const second = await launch({ store, bundleFolder: folderOf(store) });
      const a = await second.context.installBundle('test:a', inlineBundle('a'));
      expect(second.framework.operator.status(a).autostart).to.equal('declared');
    });
  });
});
