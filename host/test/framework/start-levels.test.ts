import type { FrameworkEvent } from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { deferred, launch, type Launched, prepare, rejection, stopAll } from '../support/launch';

/** Bundles with their start levels; started or not, and told of their starts and stops. */
async function levels(launched: Launched, bundles: Record<string, number>): Promise<string[]> {
  const order: string[] = [];
  for (const [name, startLevel] of Object.entries(bundles)) {
    const bundle = await launched.install(name, {
      manifest: { startLevel },
      start: () => void order.push(`+${name}`),
      stop: () => void order.push(`-${name}`),
    });
    await bundle.start();
  }
  return order;
}

describe('Start levels (reference section 3)', () => {
  afterEach(stopAll);

  it('P1 goes up level by level, by id; and down in the reverse order of the starts', async () => {
    const launched = await prepare({ properties: { 'host.beginningStartLevel': '5' } });
    const order = await levels(launched, { c3: 3, a1: 1, b1: 1, d9: 9 });
    expect(order).to.deep.equal([]);
    await launched.framework.start();
    expect(order).to.deep.equal(['+a1', '+b1', '+c3']);
    expect(launched.framework.startLevel.level).to.equal(5);
    await launched.framework.stop();
    expect(order.slice(3)).to.deep.equal(['-c3', '-b1', '-a1']);
    expect(launched.framework.startLevel.level).to.equal(0);
  });

  it('P1 only bundles whose autostart is on', async () => {
    const launched = await prepare();
    const order = await levels(launched, { a: 1, b: 1 });
    await launched.context.getBundle('test:a')!.stop();
    await launched.framework.start();
    expect(order).to.deep.equal(['+b']);
  });

  it('P2 levels are integers from 1, and the framework’s own cannot be set', async () => {
    const { framework, install } = await launch();
    const a = await install('a');
    for (const level of [0, -1, 1.5, Number.NaN]) {
      expect(() => framework.startLevel.setLevel(level)).to.throw(RangeError);
      expect(await rejection(framework.startLevel.setBundleLevel(a, level))).to.be.instanceOf(RangeError);
      expect(await rejection(framework.startLevel.setInitialBundleLevel(level))).to.be.instanceOf(RangeError);
    }
    expect(await rejection(framework.startLevel.setBundleLevel(framework, 1))).to.be.instanceOf(RangeError);
    expect(framework.startLevel.bundleLevel(framework)).to.equal(0);
  });

  it('P3 a change is asynchronous, and STARTLEVEL_CHANGED comes once per request, to its listeners too', async () => {
    const { framework, events } = await launch();
    const heard: FrameworkEvent[] = [];
    framework.startLevel.setLevel(3, (event) => void heard.push(event));
    framework.startLevel.setLevel(7);
    expect(framework.startLevel.level).to.equal(100);
    await settle();
    expect(framework.startLevel.level).to.equal(7);
    expect(events.frameworkEvents.map(({ type }) => type)).to.deep.equal(['STARTLEVEL_CHANGED', 'STARTLEVEL_CHANGED']);
    expect(heard.map(({ type }) => type)).to.deep.equal(['STARTLEVEL_CHANGED']);
  });

  it('P4 level changes leave autostart as it is', async () => {
    const { framework, install } = await launch();
    const a = await install('a', { manifest: { startLevel: 5 } });
    await a.start();
    framework.startLevel.setLevel(1);
    await settle();
    expect([a.state, framework.operator.status(a).autostart]).to.deep.equal(['RESOLVED', 'eager']);
    framework.startLevel.setLevel(5);
    await settle();
    expect(a.state).to.equal('ACTIVE');
  });

  it('P4 a bundle started transiently does not come back', async () => {
    const { framework, install } = await launch();
    const a = await install('a', { manifest: { startLevel: 5 } });
    await a.start({ transient: true });
    framework.startLevel.setLevel(1);
    framework.startLevel.setLevel(5);
    await settle();
    expect(a.state).to.equal('RESOLVED');
  });

  it('P5 changing a bundle’s level starts or stops it at once', async () => {
    const { framework, start } = await launch({ properties: { 'host.beginningStartLevel': '5' } });
    const a = await start('a');
    await framework.startLevel.setBundleLevel(a, 6);
    expect(a.state).to.equal('RESOLVED');
    await framework.startLevel.setBundleLevel(a, 4);
    expect([a.state, framework.startLevel.bundleLevel(a)]).to.deep.equal(['ACTIVE', 4]);
  });

  it('P6 an activator that fails is an ERROR of its bundle, and the change goes on', async () => {
    const launched = await prepare();
    const broken = await launched.install('broken', { start: () => expect.fail('no') });
    await launched.host.setAutostart(launched.host.bundles.installation(broken), 'eager');
    const order = await levels(launched, { after: 1, later: 2 });
    await launched.framework.start();
    expect(order).to.deep.equal(['+after', '+later']);
    const errors = launched.events.frameworkEvents.filter(({ type }) => type === 'ERROR');
    expect(errors.map(({ bundle }) => bundle)).to.deep.equal([broken]);
    expect(errors[0]!.error).to.have.property('code', 'ACTIVATOR_ERROR');
  });

  it('P7 an activator may change levels: it happens after it returned', async () => {
    const { framework, install, events } = await launch({ properties: { 'host.beginningStartLevel': '5' } });
    const late = await install('late', { manifest: { startLevel: 9 } });
    await late.start();
    let inside: number | undefined;
    const a = await install('a', {
      start: async ({ bundle }) => {
        framework.startLevel.setLevel(9);
        await framework.startLevel.setBundleLevel(bundle, 10);
        await settle();
        inside = framework.startLevel.level;
      },
    });
    await a.start();
    await settle();
    expect(inside).to.equal(5);
    expect([framework.startLevel.level, late.state, a.state]).to.deep.equal([9, 'ACTIVE', 'RESOLVED']);
    expect(events.errors).to.deep.equal([]);
  });

  it('P8 new bundles get the initial level; those that are there keep theirs', async () => {
    const { framework, install } = await launch();
    const before = await install('before');
    await framework.startLevel.setInitialBundleLevel(4);
    const after = await install('after');
    const own = await install('own', { manifest: { startLevel: 2 } });
    expect([before, after, own].map((bundle) => framework.startLevel.bundleLevel(bundle))).to.deep.equal([1, 4, 2]);
  });

  describe('the framework’s own life', () => {
    it('P12 init: STARTING at level 0 with a valid context; after stop RESOLVED, and it may start again', async () => {
      const { framework, install, context } = await prepare();
      expect([framework.state, framework.startLevel.level]).to.deep.equal(['STARTING', 0]);
      const a = await install('a');
      await a.start();
      expect(a.state).to.equal('INSTALLED');
      await framework.start();
      expect([framework.state, a.state]).to.deep.equal(['ACTIVE', 'ACTIVE']);
      await framework.stop();
      expect([framework.state, a.state, framework.context]).to.deep.equal(['RESOLVED', 'RESOLVED', undefined]);
      expect(() => context.getBundles())
        .to.throw()
        .with.property('code', 'ILLEGAL_STATE');
      await framework.start();
      expect([framework.state, a.state]).to.deep.equal(['ACTIVE', 'ACTIVE']);
    });

    it('P12 waitForStop resolves with the event, or INFO when the time is over', async () => {
      const { framework, clock } = await launch();
      const patient = framework.waitForStop();
      const hasty = framework.waitForStop(10);
      await clock.tick(10);
      expect((await hasty).type).to.equal('INFO');
      await framework.stop();
      expect((await patient).type).to.equal('STOPPED');
      expect((await framework.waitForStop()).type, 'stopped already').to.equal('STOPPED');
    });

    it('P12 update restarts the framework', async () => {
      const { framework, start, events } = await launch();
      const a = await start('a');
      const stopped = framework.waitForStop();
      await framework.update();
      expect((await stopped).type).to.equal('STOPPED_UPDATE');
      expect([framework.state, a.state]).to.deep.equal(['ACTIVE', 'ACTIVE']);
      expect(events.frameworkEvents.map(({ type }) => type)).to.deep.equal(['STOPPED_UPDATE']);
    });

    it('P12 the framework cannot be uninstalled', async () => {
      const { framework } = await launch();
      await rejection(framework.uninstall(), 'INVALID_OPERATION');
    });

    it('P12 a bundle may stop the framework from its activator', async () => {
      const { framework, install } = await launch();
      const stopped = framework.waitForStop();
      const a = await install('a', { start: () => framework.stop() });
      await a.start();
      await stopped;
      expect([a.state, framework.state]).to.deep.equal(['RESOLVED', 'RESOLVED']);
    });

    it('P13 one failing bundle does not keep the host from booting, unless it is required', async () => {
      const launched = await prepare({ properties: { 'host.requiredBundles': 'needed' } });
      const gate = deferred();
      gate.reject(new Error('no'));
      gate.promise.catch(() => undefined);
      const needed = await launched.install('needed', { start: () => gate.promise });
      await needed.start();
      const error = await rejection(launched.framework.start(), 'ACTIVATOR_ERROR');
      expect(error.message).to.contain('needed');
      expect(launched.framework.state).to.equal('RESOLVED');
    });

    it('P11 safe mode starts level 1 only', async () => {
      const launched = await prepare({ properties: { 'host.safeMode': 'true' } });
      const order = await levels(launched, { a: 1, b: 2 });
      await launched.framework.start();
      expect(order).to.deep.equal(['+a']);
    });
  });

  describe('disabled bundles', () => {
    it('P14 patterns with * and ranges', async () => {
      const { framework, install } = await launch({ properties: { 'host.disabled': 'vendor.*, @scope/mail@^1' } });
      const disabled = async (name: string, version: string): Promise<boolean> =>
        framework.operator.status(await install(name, { version })).disabled;
      expect(await disabled('vendor.mail', '1.0.0')).to.be.true;
      expect(await disabled('other.mail', '1.0.0')).to.be.false;
      expect(await disabled('@scope/mail', '1.2.0')).to.be.true;
      expect(await disabled('@scope/mail', '2.0.0')).to.be.false;
    });

    it('P14 a disabled bundle cannot be started, and keeps its autostart', async () => {
      const { framework, start } = await launch();
      const a = await start('a');
      await framework.operator.setEnabled(a, false);
      expect([a.state, framework.operator.status(a).autostart]).to.deep.equal(['INSTALLED', 'eager']);
      await rejection(a.start(), 'INVALID_OPERATION');
      framework.startLevel.setLevel(1);
      await settle();
      expect(a.state).to.equal('INSTALLED');
    });

    it('P14 L10 the start of a disabled bundle is refused and recorded: enabled, it starts', async () => {
      const { framework, install } = await launch();
      await framework.operator.setDisabledPatterns(['vendor.*']);
      const mail = await install('vendor.mail');
      await rejection(mail.start({ policy: 'declared' }), 'INVALID_OPERATION');
      expect([mail.state, framework.operator.status(mail).autostart]).to.deep.equal(['INSTALLED', 'declared']);
      await framework.operator.setDisabledPatterns([]);
      expect(mail.state).to.equal('ACTIVE');
    });

    it('P14 comes back exactly as it was, live', async () => {
      const { framework, install, start } = await launch();
      const running = await start('running');
      const transient = await install('transient');
      await transient.start({ transient: true });
      const stopped = await install('stopped');
      await framework.operator.setDisabledPatterns(['*']);
      expect([running, transient, stopped].map(({ state }) => state)).to.deep.equal(Array(3).fill('INSTALLED'));
      await framework.operator.setDisabledPatterns([]);
      expect([running, transient, stopped].map(({ state }) => state)).to.deep.equal(['ACTIVE', 'ACTIVE', 'INSTALLED']);
      expect(framework.operator.status(transient).autostart).to.equal('stopped');
    });

    it('P14 a disabled bundle provides nothing to the resolver', async () => {
      const { framework, install } = await launch();
      const provider = await install('provider');
      await framework.operator.setEnabled(provider, false);
      const consumer = await install('consumer', { manifest: { require: [{ ns: 'bundle', name: 'provider' }] } });
      const error = await rejection(consumer.start(), 'RESOLVE_ERROR');
      expect(error.details).to.have.nested.property('missing[0].nearest[0].reason', 'disabled');
    });
  });
});
