import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Consequences, PlannedOperation } from '@oxtender/bundle-api';
import { serviceToken } from '@oxtender/bundle-api';
import { inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { packBundle, writeBundle } from '../support/bundles';
import { launch, rejection, stopAll, temporaryFolder } from '../support/launch';

const Greeter = serviceToken<string>('test.Greeter');

/** A bundle whose service says its version. */
const greeting = (version: string, more: Parameters<typeof inlineBundle>[1] = {}): ReturnType<typeof inlineBundle> =>
  inlineBundle('a', { version, start: (own) => void own.registerService(Greeter, `I am ${version}`), ...more });

const failing = { start: (): never => expect.fail('does not start') };

describe('Update, refresh, uninstall (reference section 4)', () => {
  afterEach(stopAll);

  describe('update', () => {
    it('U1 an uninstalled bundle cannot be updated', async () => {
      const { install } = await launch();
      const a = await install('a');
      await a.uninstall();
      await rejection(a.update(), 'ILLEGAL_STATE');
    });

    it('U1 without content: the manifest’s updateLocation, else the location', async () => {
      const { context } = await launch();
      const next = writeBundle('a', { version: '2.0.0' });
      const folder = writeBundle('a', { manifest: { updateLocation: next } });
      const a = await context.installBundle(folder);
      await a.update();
      expect(a.version).to.equal('2.0.0');
      writeBundle('b', {}, folder);
      const b = await context.installBundle(folder.replace(/a$/, 'a/../a'), folder);
      writeBundle('b', { version: '1.1.0' }, folder);
      await b.update();
      expect(b.version).to.equal('1.1.0');
    });

    it('U2 new code runs under the new version; id, autostart, level and data survive', async () => {
      const { context, framework, events } = await launch();
      const a = await context.installBundle('x', greeting('1.0.0'));
      await a.start();
      await framework.startLevel.setBundleLevel(a, 3);
      const { id } = a;
      const data = a.context!.getDataFile('kept');
      events.clear();
      await a.update(greeting('1.1.0'));
      expect([a.id, a.version, a.state, framework.startLevel.bundleLevel(a)]).to.deep.equal([id, '1.1.0', 'ACTIVE', 3]);
      expect(framework.operator.status(a).autostart).to.equal('eager');
      expect(a.context!.getDataFile('kept')).to.equal(data);
      expect(context.getService(context.getServiceReference(Greeter)!)).to.equal('I am 1.1.0');
      expect(events.bundleEvents).to.deep.equal(
        ['STOPPING', 'STOPPED', 'UNRESOLVED', 'UPDATED', 'RESOLVED', 'STARTING', 'STARTED'].map((type) => `${type} a`),
      );
    });

    it('U2 a bundle that did not run is not started', async () => {
      const { context, events } = await launch();
      const a = await context.installBundle('x', greeting('1.0.0'));
      events.clear();
      await a.update(greeting('1.1.0'));
      expect([a.state, a.version]).to.deep.equal(['INSTALLED', '1.1.0']);
      expect(events.bundleEvents).to.deep.equal(['UPDATED a']);
    });

    it('U3 whatever fails before the old one stops leaves it untouched', async () => {
      const { context, events, install } = await launch();
      await install('a', { version: '3.0.0' });
      const a = await context.installBundle('x', greeting('1.0.0'));
      await a.start();
      const { context: own } = a;
      events.clear();
      const contents: Record<string, Parameters<typeof a.update>[0]> = {
        READ_ERROR: `${temporaryFolder()}/nothing`,
        MANIFEST_ERROR: { package: { name: 'a', version: 'x', bundle: {} } },
        DUPLICATE_BUNDLE_ERROR: greeting('3.0.0'),
        RESOLVE_ERROR: greeting('2.0.0', { manifest: { require: [{ ns: 'nowhere' }] } }),
        ACTIVATOR_ERROR: { package: { name: 'a', version: '2.0.0', bundle: { activator: './gone' } } },
      };
      for (const [code, content] of Object.entries(contents)) {
        await rejection(a.update(content), code);
        expect([a.state, a.version, a.generation, a.context], code).to.deep.equal(['ACTIVE', '1.0.0', 1, own]);
      }
      expect(events.bundleEvents).to.deep.equal([]);
      expect(context.getService(context.getServiceReference(Greeter)!)).to.equal('I am 1.0.0');
    });

    it('U4 a stop that fails: the update goes on, or ends when it is told to', async () => {
      for (const policy of ['continue', 'abort']) {
        const { context, events } = await launch({ properties: { 'host.update.onStopError': policy } });
        const a = await context.installBundle('x', greeting('1.0.0', { stop: () => expect.fail('no stop') }));
        await a.start();
        if (policy === 'abort') {
          await rejection(a.update(greeting('1.1.0')), 'ACTIVATOR_ERROR');
          expect([a.state, a.version]).to.deep.equal(['RESOLVED', '1.0.0']);
        } else {
          await a.update(greeting('1.1.0'));
          expect([a.state, a.version]).to.deep.equal(['ACTIVE', '1.1.0']);
          expect(events.errors).to.have.length(1);
        }
      }
    });

    it('U5 when the swap cannot be recorded, the old content is back and runs', async () => {
      const { context, host } = await launch({ store: temporaryFolder() });
      const a = await context.installBundle(writeBundle('a'));
      await a.start();
      const save = host.state.save.bind(host.state);
      let writes = 0;
      host.state.save = () => (++writes === 1 ? Promise.reject(new Error('disk full')) : save());
      const error = await rejection(a.update(writeBundle('a', { version: '1.1.0' })), 'ACTIVATOR_ERROR');
      expect(error.cause).to.have.property('message', 'disk full');
      expect([a.state, a.version]).to.deep.equal(['ACTIVE', '1.0.0']);
    });

    it('U6 a new generation that does not start is rolled back: the old one runs again', async () => {
      const { context, events, host } = await launch();
      const a = await context.installBundle('x', greeting('1.0.0'));
      await a.start();
      events.clear();
      const error = await rejection(a.update(greeting('1.1.0', failing)), 'ACTIVATOR_ERROR');
      expect(error.message).to.contain('1.1.0 did not start, 1.0.0 is back');
      expect(error.cause).to.have.property('code', 'ACTIVATOR_ERROR');
      expect([a.state, a.version, a.generation]).to.deep.equal(['ACTIVE', '1.0.0', 1]);
      expect(context.getService(context.getServiceReference(Greeter)!)).to.equal('I am 1.0.0');
      await host.events.idle();
      expect(events.errors).to.have.length(1);
      expect(events.bundleEvents.filter((each) => each === 'UPDATED a')).to.have.length(2);
    });

    it('U6 when the roll-back does not start either: RESOLVED on the old content, both causes', async () => {
      const { context, framework } = await launch();
      let starts = 0;
      const once = (): void => {
        if (++starts > 1) throw new Error('not again');
      };
      const a = await context.installBundle('x', greeting('1.0.0', { start: once }));
      await a.start();
      const error = await rejection(a.update(greeting('1.1.0', failing)), 'ACTIVATOR_ERROR');
      expect((error.cause as AggregateError).errors).to.have.length(2);
      expect([a.state, a.version]).to.deep.equal(['RESOLVED', '1.0.0']);
      expect(framework.operator.status(a).lastError).to.contain('neither 1.1.0 nor 1.0.0 starts');
    });

    it('U6 keep leaves the new content RESOLVED, as OSGi does', async () => {
      const { context, events } = await launch({ properties: { 'host.update.onStartError': 'keep' } });
      const a = await context.installBundle('x', greeting('1.0.0'));
      await a.start();
      await a.update(greeting('1.1.0', failing));
      expect([a.state, a.version]).to.deep.equal(['RESOLVED', '1.1.0']);
      expect(events.errors).to.have.length(1);
    });

    it('U7 the previous generation is kept for a rollback, until the next update or gc', async () => {
      const store = temporaryFolder();
      const { context, framework } = await launch({ store });
      const version = (text: string): string => packBundle('a', { version: text });
      const a = await context.installBundle('x', version('1.0.0'));
      const generations = (): string[] => readdirSync(join(store, 'bundles', String(a.id)));
      await a.start();
      await a.update(version('1.1.0'));
      expect(framework.operator.status(a).previousVersion).to.equal('1.0.0');
      await framework.operator.rollback(a);
      expect([a.version, a.state]).to.deep.equal(['1.0.0', 'ACTIVE']);
      await framework.operator.rollback(a);
      expect(a.version).to.equal('1.1.0');
      await a.update(version('1.2.0'));
      expect(generations()).to.deep.equal(['2', '3']);
      await framework.operator.collectGarbage();
      expect(generations()).to.deep.equal(['3']);
      await rejection(framework.operator.rollback(a), 'INVALID_OPERATION');
    });

    it('U7 a folder that was updated in place has no previous generation, and a failed update says what the folder has', async () => {
      const { context, framework } = await launch({ store: temporaryFolder() });
      const folder = writeBundle('a', { version: '1.0.0' });
      const a = await context.installBundle(folder);
      await a.start();
      writeBundle('a', { version: '1.1.0' }, folder);
      await a.update();
      expect(framework.operator.status(a).previousVersion).to.be.undefined;
      await rejection(framework.operator.rollback(a), 'INVALID_OPERATION');
      writeBundle('a', { version: '1.2.0', code: 'exports.start = () => { throw new Error("no"); };' }, folder);
      const { message } = await rejection(a.update(), 'ACTIVATOR_ERROR');
      expect(message).to.contain('1.1.0 is back until it is stopped').and.to.contain(`${folder} has 1.2.0`);
      expect([a.version, a.state]).to.deep.equal(['1.1.0', 'ACTIVE']);
    });

    it('U8 the data folder stays inside itself', async () => {
      const { start } = await launch({ store: temporaryFolder() });
      const a = await start('a');
      expect(existsSync(a.context!.getDataFile())).to.be.true;
      for (const path of ['..', '../b/x', '/etc/passwd'])
        expect(() => a.context!.getDataFile(path)).to.throw(RangeError);
    });

    it('N4 native bundles are not updated in a running host', async () => {
      const { context } = await launch();
      const a = await context.installBundle('x', greeting('1.0.0', { manifest: { native: true } }));
      const { message } = await rejection(a.update(greeting('1.1.0')), 'INVALID_OPERATION');
      expect(message).to.contain('native code').and.to.contain('put the new content into x and restart the host');
    });

    it('tells extenders when it begins and when it is over', async () => {
      const told: string[] = [];
      const { context } = await launch({
        extenders: [
          {
            name: 'test',
            phase: 'http',
            updating: (bundle, finished) => {
              told.push(`begin ${bundle.version}`);
              void finished.then(() => told.push(`end ${bundle.version}`));
            },
          },
        ],
      });
      const a = await context.installBundle('x', greeting('1.0.0'));
      await a.start();
      await a.update(greeting('1.1.0'));
      await rejection(a.update(`${temporaryFolder()}/nothing`));
      await settle();
      expect(told).to.deep.equal(['begin 1.0.0', 'end 1.1.0', 'begin 1.1.0', 'end 1.1.0']);
    });
  });

  describe('refresh', () => {
    const needs = (name: string) => ({ manifest: { require: [{ ns: 'bundle', name }] } });

    it('U9 others stay wired to the old generation until refresh', async () => {
      const { context, framework, start, events, host } = await launch();
      const a = await context.installBundle('x', greeting('1.0.0'));
      const b = await start('b', needs('a'));
      const c = await start('c', needs('b'));
      const d = await start('d');
      await a.start();
      await a.update(greeting('1.1.0'));
      expect(framework.wiring.removalPending()).to.deep.equal([a]);
      expect(framework.wiring.wires(b)[0]).to.include({ provider: a, providerGeneration: 1 });
      expect(framework.wiring.dependencyClosure([a]), 'what refresh would touch').to.deep.equal([a, b, c]);
      events.clear();
      expect(await framework.wiring.refresh()).to.deep.equal([a, b, c]);
      await host.events.idle();
      expect(framework.wiring.wires(b)[0]).to.include({ provider: a, providerGeneration: 2 });
      expect(framework.wiring.removalPending()).to.deep.equal([]);
      expect([a, b, c, d].map(({ state }) => state)).to.deep.equal(Array(4).fill('ACTIVE'));
      expect(events.bundleEvents.filter((each) => each.endsWith(' d'))).to.deep.equal([]);
      expect(events.frameworkEvents.map(({ type }) => type)).to.deep.equal(['PACKAGES_REFRESHED']);
    });

    it('U9 refresh leaves stopped what was stopped', async () => {
      const { framework, install, start } = await launch();
      const a = await start('a');
      const b = await install('b', needs('a'));
      await framework.wiring.resolve();
      await framework.wiring.refresh([a]);
      expect([a.state, b.state]).to.deep.equal(['ACTIVE', 'RESOLVED']);
    });

    it('U10 a requirement that imports no modules is not in the closure', async () => {
      const { framework, start } = await launch();
      const provide = [{ ns: 'feature', attrs: { name: 'mail' } }];
      const a = await start('a', { manifest: { provide } });
      await start('b', { manifest: { require: [{ ns: 'feature', name: 'mail' }] } });
      expect(framework.wiring.dependencyClosure([a])).to.deep.equal([a]);
    });
  });

  describe('uninstall', () => {
    it('U11 stops, takes out, and leaves what can be read readable', async () => {
      const { start, events, context } = await launch();
      const a = await start('a');
      events.clear();
      await a.uninstall();
      expect(events.bundleEvents).to.deep.equal(['STOPPING a', 'STOPPED a', 'UNRESOLVED a', 'UNINSTALLED a']);
      expect([a.state, a.symbolicName, a.version, a.location, a.headers['name']]).to.deep.equal([
        'UNINSTALLED',
        'a',
        '1.0.0',
        'test:a',
        'a',
      ]);
      expect(context.getBundle(a.id)).to.be.undefined;
      for (const operation of [a.start(), a.stop(), a.update(), a.uninstall()])
        await rejection(operation, 'ILLEGAL_STATE');
    });

    it('U11 a stop that fails is an ERROR, and the uninstall goes on', async () => {
      const { start, events } = await launch();
      const a = await start('a', { stop: () => expect.fail('no stop') });
      await a.uninstall();
      expect(a.state).to.equal('UNINSTALLED');
      expect(events.errors).to.have.length(1);
    });

    it('U12 data goes with purge only', async () => {
      const { start } = await launch({ store: temporaryFolder() });
      const a = await start('a');
      const data = a.context!.getDataFile();
      await a.uninstall();
      expect(existsSync(data)).to.be.true;
      const again = await start('a');
      await again.uninstall({ purge: true });
      expect(existsSync(data)).to.be.false;
    });

    it('unpacked content goes', async () => {
      const store = temporaryFolder();
      const { context } = await launch({ store });
      const a = await context.installBundle('x', packBundle('a'));
      expect(readdirSync(join(store, 'bundles'))).to.deep.equal([String(a.id)]);
      await a.uninstall();
      expect(readdirSync(join(store, 'bundles'))).to.deep.equal([]);
    });
  });

  describe('consequences', () => {
    it('O2 tells what an operation would stop, start and take away, and changes nothing', async () => {
      const { context, framework, start, install, events } = await launch();
      const a = await context.installBundle('x', greeting('1.0.0'));
      await a.start();
      const b = await start('b', { manifest: { require: [{ ns: 'bundle', name: 'a' }], startLevel: 3 } });
      const c = await install('c');
      b.context!.getService(b.context!.getServiceReference(Greeter)!);
      events.clear();
      const consequencesOf = (planned: PlannedOperation): Consequences => framework.operator.consequencesOf(planned);
      const services = [{ objectClass: ['test.Greeter'], provider: a, users: [b] }];
      expect(consequencesOf({ kind: 'stop', bundles: [a, c] })).to.deep.equal({
        stops: [a],
        starts: [],
        unresolves: [],
        services,
      });
      expect(consequencesOf({ kind: 'start', bundles: [a, c] })).to.deep.include({ starts: [c], stops: [] });
      expect(consequencesOf({ kind: 'update', bundles: [a] })).to.deep.equal({
        stops: [a],
        starts: [a],
        unresolves: [a],
        services,
      });
      expect(consequencesOf({ kind: 'refresh', bundles: [a] })).to.deep.include({
        stops: [a, b],
        starts: [a, b],
        unresolves: [a, b],
      });
      expect(consequencesOf({ kind: 'disable', bundles: [a] })).to.deep.include({ stops: [a], unresolves: [a] });
      expect(consequencesOf({ kind: 'startLevel', bundles: [], level: 2 })).to.deep.include({ stops: [b], starts: [] });
      expect(events.events).to.deep.equal([]);
      await framework.operator.setEnabled(a, false);
      expect(consequencesOf({ kind: 'enable', bundles: [a] })).to.deep.include({ starts: [a] });
    });
  });
});
