import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serviceToken } from '@oxtender/bundle-api';
import * as api from '@oxtender/bundle-api';
import { expect } from 'chai';
import { writeBundle } from '../support/bundles';
import { launch, rejection, stopAll, temporaryFolder } from '../support/launch';

/** What the bundles' code registers: `{ id: 'test.Probe' }` is a token, whoever made it. */
const Probe = serviceToken<() => unknown>('test.Probe');

/** An activator that registers a function. */
const probe = (body: string): string =>
  `exports.start = (context) => void context.registerService({ id: 'test.Probe', version: '1.0.0' }, () => { ${body} });`;

const cachedBelow = (folder: string): string[] => Object.keys(require.cache).filter((file) => file.startsWith(folder));

describe('Module loading (reference section 16)', () => {
  afterEach(stopAll);

  /** Installs and starts a folder; the function calls what its code registered. */
  async function running(folder: string) {
    const launched = await launch();
    const bundle = await launched.context.installBundle(folder);
    await bundle.start();
    const call = (): unknown => {
      const reference = launched.context.getServiceReference(Probe)!;
      try {
        return launched.context.getService(reference)!();
      } finally {
        launched.context.ungetService(reference);
      }
    };
    return { ...launched, bundle, call };
  }

  it('N1 an update sees new code in every file, also in those loaded late', async () => {
    const files = (text: string) => ({
      'lib/now.js': `exports.x = '${text}';`,
      'lib/late.js': `exports.x = '${text}';`,
    });
    const code = `const now = require('./lib/now'); ${probe("return [now.x, require('./lib/late').x];")}`;
    const folder = writeBundle('a', { code, files: files('old') });
    const { bundle, call } = await running(folder);
    expect(call()).to.deep.equal(['old', 'old']);
    writeBundle('a', { version: '1.1.0', code, files: files('new') }, folder);
    await bundle.update();
    expect(call()).to.deep.equal(['new', 'new']);
  });

  it('N1 a stopped bundle leaves no module behind, and starts afresh', async () => {
    const code = `const state = require('./state'); ${probe('return ++state.count;')}`;
    const folder = writeBundle('a', { code, files: { 'state.js': 'exports.count = 0;' } });
    const { bundle, call } = await running(folder);
    expect([call(), call()]).to.deep.equal([1, 2]);
    expect(cachedBelow(folder)).to.have.length(2);
    await bundle.stop();
    expect(cachedBelow(folder)).to.deep.equal([]);
    await bundle.start();
    expect(call()).to.equal(1);
  });

  it('U2 preloading the new code does not disturb the old, whose late modules stay its own', async () => {
    const code = (extra: string) => `${extra} ${probe("return require('./late').x;")}`;
    const folder = writeBundle('a', { code: code("require('./late');"), files: { 'late.js': "exports.x = 'old';" } });
    const { bundle, call } = await running(folder);
    writeBundle(
      'a',
      { version: '2.0.0', code: "throw new Error('does not load')", files: { 'late.js': "exports.x = 'new';" } },
      folder,
    );
    await rejection(bundle.update(), 'ACTIVATOR_ERROR');
    expect([bundle.state, bundle.version, call()]).to.deep.equal(['ACTIVE', '1.0.0', 'old']);
  });

  it('U6 a roll-back in a folder used in place runs the old code, which is still in memory', async () => {
    const folder = writeBundle('a', {
      code: `const { x } = require('./x'); ${probe('return x;')}`,
      files: { 'x.js': "exports.x = 'old';" },
    });
    const { bundle, call } = await running(folder);
    const broken = "require('./x'); exports.start = () => { throw new Error('no'); };";
    writeBundle('a', { version: '2.0.0', code: broken, files: { 'x.js': "exports.x = 'new';" } }, folder);
    await rejection(bundle.update(), 'ACTIVATOR_ERROR');
    expect([bundle.version, call()]).to.deep.equal(['1.0.0', 'old']);
  });

  it('N1, N2 stopped and updated code is really freed', async () => {
    const heavy = 'exports.heavy = Array.from({ length: 20000 }, (_, i) => ({ i }));';
    const folder = writeBundle('a', { code: `${heavy} ${probe('return 1;')}` });
    const { bundle, framework, call } = await running(folder);
    for (let round = 0; round < 5; round++) {
      await bundle.stop();
      await bundle.start();
      await bundle.update();
      call();
    }
    expect(await framework.operator.leaks()).to.deep.equal([]);
  });

  it('N2 a generation that something holds is reported', async () => {
    const code = 'globalThis.testHolder ??= module.exports; exports.start = () => {}; exports.self = module;';
    const folder = writeBundle('a', { code });
    const { bundle, framework } = await running(folder);
    await bundle.update();
    const [leak, ...others] = await framework.operator.leaks();
    expect(leak).to.deep.include({ bundle: 'a', version: '1.0.0', generation: 1 });
    expect(leak?.alive).to.include.members(['./index.js', './index.js exports']);
    expect(others).to.deep.equal([]);
    Reflect.deleteProperty(globalThis, 'testHolder');
    expect(await framework.operator.leaks()).to.deep.equal([]);
  });

  it('N2 the way from a root to what is held is named', async () => {
    const code = 'globalThis.testHolder ??= module.exports; exports.start = () => {}; exports.self = module;';
    const program = join(__dirname, '..', 'support', 'held-generation.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program, writeBundle('a', { code })]);
    const heldBy = JSON.parse(stdout) as { what: string; path: string[] }[];
    const way = heldBy.find(({ what }) => what === './index.js exports')?.path.join(' > ');
    expect(way)
      .to.match(/testHolder/)
      .and.to.not.match(/weak_refs_keep_during_job/);
  });

  it('N2 a package outside the bundle that the bundle loaded first does not hold it', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'node_modules/hoisted'), { recursive: true });
    writeFileSync(
      join(root, 'node_modules/hoisted/index.js'),
      'exports.loads = (globalThis.loads = (globalThis.loads ?? 0) + 1);',
    );
    const folder = writeBundle(
      'a',
      { code: `const { loads } = require('hoisted'); ${probe('return loads;')}` },
      join(root, 'bundles/a'),
    );
    const { bundle, framework, call } = await running(folder);
    await bundle.update();
    await bundle.update();
    expect(call(), 'loaded once, for all generations').to.equal(1);
    expect(await framework.operator.leaks()).to.deep.equal([]);
    Reflect.deleteProperty(globalThis, 'loads');
  });

  it('N1 a bundle behind a symbolic link is found under its real path', async () => {
    const real = writeBundle('a', { code: `require('./x'); ${probe('return __dirname;')}`, files: { 'x.js': '' } });
    const link = join(temporaryFolder(), 'link');
    symlinkSync(real, link);
    const { bundle, call } = await running(link);
    expect([bundle.location, call()]).to.deep.equal([link, real]);
    await bundle.stop();
    expect(cachedBelow(real)).to.deep.equal([]);
  });

  it('N3 shared packages are the host’s copies, wherever the bundle lies and whatever it brings', async () => {
    const code = probe(
      "return [require('@oxtender/bundle-api'), require('koa'), require('koa/package.json').version];",
    );
    const own = {
      'node_modules/koa/index.js': "module.exports = 'own';",
      'node_modules/koa/package.json': '{"version":"0.0.1"}',
    };
    const { call } = await running(writeBundle('a', { code, files: own }));
    const [bundleApi, koa, version] = call() as [unknown, unknown, string];
    expect(bundleApi).to.equal(api);
    expect(koa).to.be.a('function');
    expect(version).not.to.equal('0.0.1');
  });

  it('other packages are the bundle’s own', async () => {
    const files = { 'node_modules/mine/index.js': "module.exports = 'mine';" };
    const { call } = await running(writeBundle('a', { code: probe("return require('mine');"), files }));
    expect(call()).to.equal('mine');
  });

  it('an entry has what every CommonJS module has', async () => {
    const report = `[require.main === module, module.parent.id, module.loaded, module.filename === __filename,
      require.resolve('./x'), require.cache[__filename] === module, (await import('./y.mjs')).default]`;
    const code = `#!/usr/bin/env node\n${probe(`return (async () => ${report})();`)}`;
    const folder = writeBundle('a', { code, files: { 'x.js': '', 'y.mjs': 'export default 1;' } });
    const { call } = await running(folder);
    const expected = [false, join(folder, 'package.json'), true, true, join(folder, 'x.js'), true, 1];
    expect(await call()).to.deep.equal(expected);
  });

  it('an entry and what it requires may require each other', async () => {
    const files = { 'x.js': "const a = require('./index'); exports.late = () => a.name;" };
    const result = '[late(), Object.getPrototypeOf(exports) === Object.prototype]';
    const code = `const { late } = require('./x'); ${probe(`return ${result};`)} exports.name = 'a';`;
    const { call } = await running(writeBundle('a', { code, files }));
    expect(call()).to.deep.equal(['a', true]);
  });

  it('stack traces name line and column of an entry', async () => {
    const folder = writeBundle('a', { code: probe("throw new Error('here');") });
    const { call } = await running(folder);
    const column = probe('').indexOf('{  }') + 3 + 'throw '.length;
    expect(call)
      .to.throw()
      .with.property('stack')
      .that.includes(`${join(folder, 'index.js')}:1:${column}`);
  });

  it('an entry may be named without its extension, or be a folder', async () => {
    for (const activator of ['./index', './']) {
      const { call } = await running(writeBundle('a', { manifest: { activator }, code: probe('return 1;') }));
      expect(call()).to.equal(1);
    }
  });

  it('an entry that is missing is told as Node tells it', async () => {
    const { context } = await launch();
    const bundle = await context.installBundle(writeBundle('a', { manifest: { activator: './gone.js' } }));
    const error = await rejection(bundle.start(), 'ACTIVATOR_ERROR');
    expect(error.cause).to.have.property('code', 'MODULE_NOT_FOUND');
  });

  it('L13 code that does not compile fails the start, and the next one sees the corrected file', async () => {
    const { context } = await launch();
    const folder = writeBundle('a', { code: 'this is no code' });
    const bundle = await context.installBundle(folder);
    const error = await rejection(bundle.start(), 'ACTIVATOR_ERROR');
    expect(error.cause).to.be.instanceOf(SyntaxError);
    writeBundle('a', {}, folder);
    await bundle.start();
    expect(bundle.state).to.equal('ACTIVE');
  });

  it('X1 a module path that leads out of the bundle is a manifest error', async () => {
    const { context } = await launch();
    for (const activator of ['../other/index.js', '/etc/x.js', './a/../../x']) {
      await rejection(context.installBundle(writeBundle('a', { manifest: { activator } })), 'MANIFEST_ERROR');
    }
  });
});
