import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as tar from 'tar';
import { writeLock } from '../../src/framework/store/integrity';
import { packBundle, writeBundle } from '../support/bundles';
import { launch, prepare, rejection, stopAll, temporaryFolder } from '../support/launch';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const requireSignature = { 'host.integrity.policy': 'require', 'host.integrity.trustedKeys': pem };

/** Signs a folder's lock, by our key or somebody else's. */
function signLock(folder: string, key = privateKey): void {
  const signature = sign(null, readFileSync(join(folder, 'bundle.lock')), key).toString('base64');
  writeFileSync(join(folder, 'bundle.lock.sig'), signature);
}

describe('Integrity and unpacking (reference section 17)', () => {
  afterEach(stopAll);

  describe('bundle.lock', () => {
    it('X2 a bundle that is as it was packed installs, and its digest is known', async () => {
      const folder = writeBundle('a', { files: { 'lib/x.js': '1' } });
      const lock = writeLock(folder);
      expect(Object.keys(lock.files)).to.deep.equal(['index.js', 'lib/x.js', 'package.json']);
      const { context, host } = await launch();
      const a = await context.installBundle(folder);
      expect(host.bundles.installation(a).current.content.digest).to.equal(lock.digest);
    });

    it('X2 a changed, missing or additional file is an INTEGRITY_ERROR naming it', async () => {
      const changes: Record<string, (folder: string) => void> = {
        'index.js': (folder) => writeFileSync(join(folder, 'index.js'), 'exports.start = () => steal();'),
        'extra.js': (folder) => writeFileSync(join(folder, 'extra.js'), ''),
        'package.json': (folder) => void writeBundle('a', { version: '1.0.1', files: {} }, folder),
      };
      const { context } = await launch();
      for (const [file, change] of Object.entries(changes)) {
        const folder = writeBundle('a');
        writeLock(folder);
        change(folder);
        const error = await rejection(context.installBundle(folder), 'INTEGRITY_ERROR');
        expect(error.message).to.contain(file);
      }
      const damaged = writeBundle('a');
      writeFileSync(join(damaged, 'bundle.lock'), '{}');
      await rejection(context.installBundle(damaged), 'INTEGRITY_ERROR');
      expect(context.getBundles()).to.have.length(1);
    });

    it('X2 is checked at update: the old generation goes on', async () => {
      const { context } = await launch();
      const a = await context.installBundle(writeBundle('a'));
      await a.start();
      const next = writeBundle('a', { version: '2.0.0' });
      writeLock(next);
      writeFileSync(join(next, 'index.js'), '');
      await rejection(a.update(next), 'INTEGRITY_ERROR');
      expect([a.state, a.version]).to.deep.equal(['ACTIVE', '1.0.0']);
    });

    it('X2 is checked at boot: the bundle is not started', async () => {
      const store = temporaryFolder();
      const folder = writeBundle('a');
      writeLock(folder);
      const first = await launch({ store });
      await (await first.context.installBundle(folder)).start();
      await first.framework.stop();
      writeFileSync(join(folder, 'index.js'), 'exports.start = () => { throw new Error("ran"); }');
      const heard: unknown[] = [];
      const second = await prepare(
        { store },
        ({ error }) => void heard.push((error as { code?: string } | undefined)?.code),
      );
      await second.framework.start();
      await second.host.events.idle();
      expect(heard).to.include('INTEGRITY_ERROR');
      const [bundle] = second.context.getBundles().filter(({ symbolicName }) => symbolicName === 'a');
      expect(bundle?.state).to.be.oneOf(['INSTALLED', 'RESOLVED']);
      expect(bundle && second.framework.operator.status(bundle).corrupt).to.equal(true);
    });
  });

  describe('signatures', () => {
    it('X2 require takes only what a trusted key has signed', async () => {
      const { context } = await launch({ properties: requireSignature });
      const folder = writeBundle('a');
      await rejection(context.installBundle(folder), 'INTEGRITY_ERROR');
      writeLock(folder);
      await rejection(context.installBundle(folder), 'INTEGRITY_ERROR');
      signLock(folder, generateKeyPairSync('ed25519').privateKey);
      const error = await rejection(context.installBundle(folder), 'INTEGRITY_ERROR');
      expect(error.message).to.contain('no trusted key');
      signLock(folder);
      await context.installBundle(folder);
    });

    it('X2 warn installs with a WARNING', async () => {
      const { context, events, host } = await launch({
        properties: { ...requireSignature, 'host.integrity.policy': 'warn' },
      });
      await context.installBundle(writeBundle('a'));
      await host.events.idle();
      expect(events.frameworkEvents.map(({ type, message }) => `${type} ${message!}`)).to.deep.equal([
        'WARNING a: the bundle is not signed',
      ]);
    });

    it('X2 a downgrade needs permission where signatures count', async () => {
      const signed = (version: string): string => {
        const folder = writeBundle('a', { version });
        writeLock(folder);
        signLock(folder);
        return folder;
      };
      const { context } = await launch({ properties: requireSignature });
      const a = await context.installBundle(signed('2.0.0'));
      await rejection(a.update(signed('1.0.0')), 'INTEGRITY_ERROR');
      const lax = await launch({ properties: { ...requireSignature, 'host.integrity.allowDowngrade': 'true' } });
      const b = await lax.context.installBundle(signed('2.0.0'));
      await b.update(signed('1.0.0'));
      expect(b.version).to.equal('1.0.0');
    });

    it('X2 an unknown policy keeps the host from being made', async () => {
      expect((await rejection(launch({ properties: { 'host.integrity.policy': 'maybe' } }))).message).to.contain(
        'policy',
      );
    });
  });

  describe('archives', () => {
    /** An archive with whatever `make` puts beside the package's folder. */
    function archive(make: (parent: string) => string[]): string {
      const parent = temporaryFolder();
      writeBundle('a', {}, join(parent, 'package'));
      const file = join(temporaryFolder(), 'a.tgz');
      tar.c({ file, cwd: parent, gzip: true, sync: true, preservePaths: true }, ['package', ...make(parent)]);
      return file;
    }

    it('are unpacked below the store, and run', async () => {
      const store = temporaryFolder();
      const { context } = await launch({ store });
      const a = await context.installBundle('x', packBundle('a', { files: { 'lib/deep/x.js': '' } }));
      await a.start();
      expect(readdirSync(join(store, 'bundles', String(a.id), '1')).sort()).to.deep.equal([
        'index.js',
        'lib',
        'package.json',
      ]);
      expect(readdirSync(join(store, 'staging'))).to.deep.equal([]);
    });

    it('X3 links, paths outside and bombs are refused, and nothing stays behind', async () => {
      const store = temporaryFolder();
      const { context } = await launch({ store });
      const hostile: Record<string, (parent: string) => string[]> = {
        link: (parent) => {
          symlinkSync('/etc/passwd', join(parent, 'package/link'));
          return [];
        },
        outside: (parent) => {
          writeFileSync(join(parent, '../outside.txt'), 'x');
          return ['../outside.txt'];
        },
        bomb: (parent) => {
          mkdirSync(join(parent, 'package/big'));
          // Some bytes that do not shrink: the library itself refuses what inflates a thousand times.
          const big = Buffer.concat([randomBytes(8192), Buffer.alloc(4 * 1024 * 1024)]);
          for (let n = 0; n < 8; n++) writeFileSync(join(parent, `package/big/${n}`), big);
          return [];
        },
      };
      // What was looked for, not what the library refuses by itself.
      const reasons: Record<string, string> = {
        link: 'package/link is a SymbolicLink',
        outside: '../outside.txt is outside the bundle',
        bomb: 'inflates more than',
      };
      for (const [name, make] of Object.entries(hostile)) {
        const { message } = await rejection(context.installBundle(`x:${name}`, archive(make)), 'READ_ERROR');
        expect(message, name).to.include(reasons[name]);
      }
      const damaged = join(temporaryFolder(), 'damaged.tgz');
      writeFileSync(damaged, readFileSync(packBundle('a')).subarray(0, 100));
      await rejection(context.installBundle('x:damaged', damaged), 'READ_ERROR');
      expect(readdirSync(join(store, 'staging'))).to.deep.equal([]);
      expect(context.getBundles()).to.have.length(1);
    });

    it('X3 install scripts are not run', async () => {
      const marker = join(temporaryFolder(), 'ran');
      const scripts = { preinstall: `touch ${marker}`, install: `touch ${marker}`, postinstall: `touch ${marker}` };
      const { context } = await launch({ store: temporaryFolder() });
      await (await context.installBundle('x', packBundle('a', { package: { scripts } }))).start();
      expect(() => readFileSync(marker)).to.throw();
    });
  });

  describe('manifests', () => {
    it('X6 no key of a manifest reaches a prototype', async () => {
      const { context } = await launch();
      const folder = writeBundle('a');
      writeFileSync(
        join(folder, 'package.json'),
        '{"name":"a","version":"1.0.0","__proto__":{"polluted":1},"bundle":{"activator":"index.js","__proto__":{"polluted":1}}}',
      );
      const a = await context.installBundle(folder);
      expect(a.headers['polluted']).to.be.undefined;
      expect(({} as Record<string, unknown>)['polluted']).to.be.undefined;
    });

    it('15.1 unknown keys are warned of, x- keys are not', async () => {
      const warned: unknown[] = [];
      const nothing = (): void => undefined;
      const logger = {
        trace: nothing,
        debug: nothing,
        info: nothing,
        warn: (message: string, fields?: object) => void warned.push([message, fields]),
        error: nothing,
        child: () => logger,
        isEnabled: () => true,
      };
      const { install } = await launch({ logger });
      await install('a', { manifest: { 'x-mine': 1, activater: './x' } as never });
      expect(warned).to.deep.equal([['manifest key unknown', { bundle: 'a', key: 'activater' }]]);
    });

    it('15.1 the symbolic name is the package’s unless it says otherwise', async () => {
      const { install } = await launch();
      expect((await install('@scope/a')).symbolicName).to.equal('@scope/a');
      expect((await install('b', { manifest: { symbolicName: 'vendor.b' } })).symbolicName).to.equal('vendor.b');
    });
  });
});
