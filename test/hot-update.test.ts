import { DisposableStore } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder, HostProcess, root } from './support/host-process';
import { Load } from './support/load';

const updates = 20;

/** Bytes that the heap may have more after the updates; each generation of eas takes several of them. */
const tolerance = 15e6;

interface BundleRow {
  readonly name: string;
  readonly state: string;
  readonly version: string;
}

/** What makes a copy of a bundle not start. */
interface Fault {
  readonly what: string;
  readonly activator: string;
  readonly told: string;
}

const faults: readonly Fault[] = [
  { what: 'has a fault of syntax', activator: 'exports.start = (', told: 'the new content does not load' },
  {
    what: 'lacks a module',
    activator: "require('not-installed-anywhere');",
    told: 'the new content does not load',
  },
  {
    what: 'throws when it starts',
    activator: "exports.start = () => { throw new Error('planted'); };",
    told: '0.1.0 is back: oxtender.eas failed to start: planted',
  },
  {
    what: 'rejects late when it starts',
    activator: "exports.start = () => new Promise((_, reject) => setTimeout(reject, 500, new Error('planted late')));",
    told: '0.1.0 is back: oxtender.eas failed to start: planted late',
  },
];

describe('bundles are updated while phones ask without pause', function () {
  this.timeout(240_000);
  const cleanUp = new DisposableStore();
  const data = new DataFolder();
  const contents = new DataFolder();
  let host: HostProcess;
  let load: Load;

  before(async () => {
    cleanUp.add(data);
    cleanUp.add(contents);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
    load = cleanUp.add(await Load.start(host));
  });

  beforeEach(async () => {
    load.reset();
    await load.served(3);
  });

  after(() => cleanUp.dispose());

  /** The heap without what is garbage: `leaks` has it collected. */
  const heapWithoutLeaks = async (): Promise<number> => {
    expect(JSON.parse(await host.cli('leaks', '--json'))).to.deep.equal([]);
    return host.metric('nodejs_heap_size_used_bytes');
  };
  const bundle = async (name: string): Promise<BundleRow | undefined> =>
    (JSON.parse(await host.cli('bundles', '--json')) as BundleRow[]).find((row) => row.name === name);

  it(`eas, ${updates} times: no request fails, and the old generations are freed`, async () => {
    await host.cli('update', 'eas');
    const before = await heapWithoutLeaks();
    for (let count = 0; count < updates; count++) {
      await host.cli('update', 'eas');
      await load.served(3);
    }
    expect(load.failures).to.deep.equal([]);
    expect((await heapWithoutLeaks()) - before).to.be.lessThan(tolerance);
    const { generation } = JSON.parse(await host.cli('info', 'eas', '--json')) as { generation: number };
    expect(generation).to.equal(updates + 2);
  });

  for (const { what, activator, told } of faults) {
    it(`eas by one that ${what}: the old one goes on, and no request fails`, async () => {
      const content = copyOfEas(join(contents.path, what.replaceAll(' ', '-')), activator);
      const { status, text } = await host.cliStatus('update', 'eas', content);
      expect(status).to.equal(1);
      expect(text).to.contain(told);
      expect(await bundle('eas')).to.include({ state: 'ACTIVE', version: '0.1.0' });
      await load.served(3);
      expect(load.failures).to.deep.equal([]);
      await heapWithoutLeaks();
    });
  }

  it('eas by one whose component does not activate: the old one is back, and no request fails', async () => {
    const content = copyOfEas(join(contents.path, 'component'));
    const component = join(content, 'dist', 'src', 'bundle.js');
    const code = readFileSync(component, 'utf8');
    writeFileSync(
      component,
      code.replace(/^ {4}(async )?activate\(.*$/m, "$&\n        throw new Error('planted in activate');"),
    );
    const { text } = await host.cliStatus('update', 'eas', content);
    expect(text).to.match(/0\.1\.0 is back: component eas\.endpoint: .*planted in activate/);
    await load.served(3);
    expect(load.failures).to.deep.equal([]);
  });

  for (const name of ['usm', 'ox-bridge', 'selfservice', 'storage']) {
    it(`${name}: whoever needs it is a busy server meanwhile, and serves again by itself`, async () => {
      const { text } = await host.cliStatus('update', name);
      expect(text).to.match(/→ 0\.1\.0, ACTIVE|has native code/);
      await load.served(3);
      expect(load.failures.filter((outcome) => !outcome.endsWith(' busy'))).to.deep.equal([]);
      await heapWithoutLeaks();
    });
  }
});

/** A folder with the built bundle under another version, and an activator that it has not. */
function copyOfEas(folder: string, activator?: string): string {
  const eas = join(root, 'bundles', 'eas');
  mkdirSync(folder, { recursive: true });
  cpSync(join(eas, 'dist', 'src'), join(folder, 'dist', 'src'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const manifest = JSON.parse(readFileSync(join(eas, 'package.json'), 'utf8')) as { bundle: object };
  const planted = activator === undefined ? {} : { activator: './planted.js' };
  writeFileSync(join(folder, 'planted.js'), activator ?? '');
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ ...manifest, version: '9.9.9', bundle: { ...manifest.bundle, ...planted } }),
  );
  return folder;
}
