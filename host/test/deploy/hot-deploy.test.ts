import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { copyFileSync, renameSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { planDeployment } from '../../src/deploy/deploy-plan';
import { HotDeploy, type HotDeployOptions } from '../../src/deploy/hot-deploy';
import { Logging } from '../../src/log/logging';
import { packBundle, writeBundle } from '../support/bundles';
import { launch, type Launched, stopAll, temporaryFolder } from '../support/launch';

interface Scene extends Launched {
  readonly folder: string;
  readonly deploy: HotDeploy;
  readonly messages: () => string[];
  /** Two looks: what is the same in both is acted on. */
  readonly scan: () => Promise<void>;
  readonly states: () => string[];
}

const open: HotDeploy[] = [];

async function scene(options: Partial<HotDeployOptions> = {}): Promise<Scene> {
  const clock = new FakeClock();
  const launched = await launch({ clock, store: join(temporaryFolder(), 'store') });
  const logging = new Logging({ clock, destination: { write: () => undefined } });
  const folder = join(temporaryFolder(), 'deploy');
  const { framework, context } = launched;
  const deploy = new HotDeploy({
    folder,
    stateFile: join(folder, '..', 'deployed.json'),
    framework,
    context,
    clock,
    log: logging.logger('deploy'),
    startNew: true,
    onRemove: 'uninstall',
    ...options,
  });
  open.push(deploy);
  return {
    ...launched,
    folder,
    deploy,
    messages: () => logging.entries().map(({ message }) => message),
    scan: async () => {
      await deploy.scanNow();
      await deploy.scanNow();
    },
    states: () =>
      context
        .getBundles()
        .flatMap(({ id, symbolicName, version, state }) => (id === 0 ? [] : [`${symbolicName} ${version} ${state}`])),
  };
}

describe('O5 hot deploy folder', () => {
  afterEach(async () => {
    for (const deploy of open.splice(0)) await deploy[Symbol.asyncDispose]();
    await stopAll();
  });

  it('installs and starts what is new, updates what changed, uninstalls what is gone', async () => {
    const { folder, scan, states } = await scene();
    copyFileSync(packBundle('a'), join(folder, 'a.tgz'));
    writeBundle('b', {}, join(folder, 'b'));
    await scan();
    expect(states()).to.deep.equal(['a 1.0.0 ACTIVE', 'b 1.0.0 ACTIVE']);
    copyFileSync(packBundle('a', { version: '2.0.0' }), join(folder, 'a.tgz'));
    writeBundle('b', { version: '1.1.0' }, join(folder, 'b'));
    await scan();
    expect(states()).to.deep.equal(['a 2.0.0 ACTIVE', 'b 1.1.0 ACTIVE']);
    rmSync(join(folder, 'a.tgz'));
    await scan();
    expect(states()).to.deep.equal(['b 1.1.0 ACTIVE']);
  });

  it('does not touch what still changes', async () => {
    const { folder, deploy, states } = await scene();
    copyFileSync(packBundle('a'), join(folder, 'a.tgz'));
    for (let second = 1; second <= 3; second++) {
      utimesSync(join(folder, 'a.tgz'), second, second);
      await deploy.scanNow();
      expect(states()).to.deep.equal([]);
    }
    await deploy.scanNow();
    expect(states()).to.deep.equal(['a 1.0.0 ACTIVE']);
  });

  it('scans every two seconds by itself', async () => {
    const { folder, clock, states, deploy } = await scene();
    renameSync(packBundle('a'), join(folder, 'a.tgz'));
    await clock.tick(2000);
    await deploy.scanNow();
    expect(states()).to.deep.equal(['a 1.0.0 ACTIVE']);
  });

  it('tries what failed again when its file changes, not at every scan', async () => {
    const { folder, scan, states, messages } = await scene();
    copyFileSync(packBundle('a'), join(folder, 'a.tgz'));
    truncateSync(join(folder, 'a.tgz'), 50);
    await scan();
    await scan();
    expect(messages()).to.deep.equal(['could not be deployed']);
    copyFileSync(packBundle('a'), join(folder, 'a.tgz'));
    await scan();
    expect(states()).to.deep.equal(['a 1.0.0 ACTIVE']);
  });

  it('does not start what an operator stopped, nor what is to be installed only', async () => {
    const { folder, scan, states, context } = await scene({ startNew: false });
    copyFileSync(packBundle('a'), join(folder, 'a.tgz'));
    await scan();
    expect(states()).to.deep.equal(['a 1.0.0 INSTALLED']);
    const bundle = context.getBundle(join(folder, 'a.tgz'))!;
    await bundle.start();
    await bundle.stop();
    copyFileSync(packBundle('a', { version: '2.0.0' }), join(folder, 'a.tgz'));
    await scan();
    expect(states()).to.deep.equal(['a 2.0.0 INSTALLED']);
  });

  it('stops or leaves what is gone, when it is told to', async () => {
    for (const [onRemove, state] of [
      ['stop', 'RESOLVED'],
      ['ignore', 'ACTIVE'],
    ] as const) {
      const { folder, scan, states } = await scene({ onRemove });
      copyFileSync(packBundle('a'), join(folder, 'a.tgz'));
      await scan();
      rmSync(join(folder, 'a.tgz'));
      await scan();
      expect(states()).to.deep.equal([`a 1.0.0 ${state}`]);
    }
  });

  it('remembers over a restart what it did', async () => {
    const first = await scene();
    copyFileSync(packBundle('a'), join(first.folder, 'a.tgz'));
    await first.scan();
    await first.deploy[Symbol.asyncDispose]();
    const again = new HotDeploy({
      folder: first.folder,
      stateFile: join(first.folder, '..', 'deployed.json'),
      framework: first.framework,
      context: first.context,
      clock: first.clock,
      log: new Logging({ clock: first.clock, destination: { write: () => undefined } }).logger('x'),
      startNew: true,
      onRemove: 'uninstall',
    });
    open.push(again);
    first.events.clear();
    await again.scanNow();
    await again.scanNow();
    expect(first.events.bundleEvents).to.deep.equal([]);
    rmSync(join(first.folder, 'a.tgz'));
    await again.scanNow();
    await again.scanNow();
    expect(first.states()).to.deep.equal([]);
  });

  it('whatever happens in the folder, two quiet scans end in what is there', () => {
    const path = fc.constantFrom('a', 'b', 'c');
    const signature = fc.constantFrom('1', '2', '3');
    const folder = fc
      .dictionary(path, signature)
      .map((files) => Object.entries(files).map(([file, each]) => ({ path: file, signature: each })));
    fc.assert(
      fc.property(fc.array(folder, { minLength: 1 }), (scans) => {
        const deployed = new Map<string, { signature: string }>();
        let before: { path: string; signature: string }[] = [];
        const last = scans.at(-1)!;
        for (const now of [...scans, last, last]) {
          const { removed, changed, added } = planDeployment(now, before, deployed);
          for (const gone of removed) deployed.delete(gone);
          for (const each of [...changed, ...added]) deployed.set(each.path, each);
          before = now;
        }
        expect(new Map([...deployed].map(([file, each]) => [file, each.signature]))).to.deep.equal(
          new Map(last.map((each) => [each.path, each.signature])),
        );
      }),
    );
  });
});
