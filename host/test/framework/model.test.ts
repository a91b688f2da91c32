import type { BundleContext } from '@oxtender/bundle-api';
import { serviceToken } from '@oxtender/bundle-api';
import { EventRecorder, inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { launch, rejection, stopAll, temporaryFolder } from '../support/launch';

const Thing = serviceToken<object>('test.Thing');

describe('Model (reference section 1)', () => {
  afterEach(stopAll);

  it('M1 bundle 0 is the framework', async () => {
    const { framework, context, start } = await launch();
    expect(framework.id).to.equal(0);
    expect(context.getBundle(0)).to.equal(framework);
    expect(context.getBundle('System Bundle')).to.equal(framework);
    const a = await start('a');
    expect(context.getBundles()).to.deep.equal([framework, a]);
  });

  it('M2 an id is never used again, not even after a restart', async () => {
    const store = temporaryFolder();
    const first = await launch({ store });
    const a = await first.install('a');
    await a.uninstall();
    const b = await first.install('b');
    expect(b.id).to.equal(a.id + 1);
    await b.uninstall();
    await first.framework.stop();
    const second = await launch({ store });
    expect((await second.install('c')).id).to.equal(b.id + 1);
  });

  it('M2 a location is one bundle’s', async () => {
    const { context, install } = await launch();
    const a = await install('a');
    expect(context.getBundle('test:a')).to.equal(a);
    expect(context.getBundle('test:b')).to.be.undefined;
  });

  it('M3 an update is a new generation of the same bundle', async () => {
    const { start } = await launch();
    const a = await start('a');
    const { id } = a;
    await a.update(inlineBundle('a', { version: '1.1.0' }));
    expect([a.id, a.generation, a.version, a.state]).to.deep.equal([id, 2, '1.1.0', 'ACTIVE']);
  });

  it('M4 every method of a stale context throws, and starting again does not revive it', async () => {
    const { install, context } = await launch();
    let first: BundleContext | undefined;
    const a = await install('a', { start: (own) => void (first ??= own) });
    await a.start();
    const reference = context.registerService(Thing, {}).reference;
    const methods: ((own: BundleContext) => unknown)[] = [
      (own) => own.getProperty('x'),
      (own) => own.getBundles(),
      (own) => own.getBundle(0),
      (own) => own.getDataFile(),
      (own) => own.registerService(Thing, {}),
      (own) => own.getServiceReference(Thing),
      (own) => own.getServiceReferences(Thing),
      (own) => own.getAllServiceReferences(Thing),
      (own) => own.getService(reference),
      (own) => own.ungetService(reference),
      (own) => own.getServiceObjects(reference),
      (own) => own.addServiceListener(() => undefined),
      (own) => own.removeServiceListener(() => undefined),
      (own) => own.addBundleListener(() => undefined),
      (own) => own.removeBundleListener(() => undefined),
      (own) => own.addFrameworkListener(() => undefined),
      (own) => own.removeFrameworkListener(() => undefined),
      (own) => own.reportError(new Error('x')),
      (own) => own.setTimeout(() => undefined, 1),
      (own) => own.setInterval(() => undefined, 1),
      (own) => own.onDispose(() => undefined),
    ];
    for (const method of methods) expect(() => method(first!), method.toString()).not.to.throw();
    await a.stop();
    await a.start();
    expect(a.context).not.to.equal(first);
    for (const method of methods) {
      expect(() => method(first!), method.toString())
        .to.throw()
        .with.property('code', 'ILLEGAL_STATE');
    }
    await rejection(first!.installBundle('x'), 'ILLEGAL_STATE');
    await rejection(first!.getServiceAsync(reference), 'ILLEGAL_STATE');
  });

  it('M4 a bundle has a context in STARTING, ACTIVE and STOPPING only', async () => {
    const { install, context } = await launch();
    const a = await install('a');
    const seen: string[] = [];
    context.addBundleListener(
      ({ bundle }) => void seen.push(`${bundle.state} ${String(bundle.context !== undefined)}`),
      {
        synchronous: true,
      },
    );
    await a.start();
    await a.stop();
    expect(seen).to.deep.equal(['RESOLVED false', 'STARTING true', 'ACTIVE true', 'STOPPING true', 'RESOLVED false']);
  });

  it('M6 a listener added twice is one; a service listener added again replaces its filter', async () => {
    const { context, install, host } = await launch();
    let bundles = 0;
    const onBundle = (): void => {
      bundles += 1;
    };
    context.addBundleListener(onBundle);
    context.addBundleListener(onBundle);
    await install('a');
    await host.events.idle();
    expect(bundles).to.equal(1);
    const seen: unknown[] = [];
    const onService = ({ reference }: { reference: { getProperty(key: string): unknown } }): void =>
      void seen.push(reference.getProperty('n'));
    context.addServiceListener(onService, '(n=1)');
    context.addServiceListener(onService, '(n=2)');
    context.registerService(Thing, {}, { n: 1 });
    context.registerService(Thing, {}, { n: 2 });
    expect(seen).to.deep.equal([2]);
  });

  it('M6 a listener dies with the context that added it', async () => {
    const { start, context, host, install } = await launch();
    let calls = 0;
    const count = (): void => {
      calls += 1;
    };
    const a = await start('a', {
      start: (own) => {
        own.addBundleListener(count);
        own.addServiceListener(count);
        own.addFrameworkListener(count);
      },
    });
    await host.events.idle();
    await a.stop();
    await host.events.idle();
    calls = 0;
    await install('b');
    context.registerService(Thing, {});
    context.reportError(new Error('x'));
    await host.events.idle();
    expect(calls).to.equal(0);
  });

  it('M7 a listener that throws or rejects harms nobody, and is an ERROR of its own bundle', async () => {
    const { start, context, events, host, install } = await launch();
    const a = await start('a', {
      start: (own) => {
        own.addServiceListener(() => {
          throw new Error('service');
        });
        own.addServiceListener(() => Promise.reject(new Error('service, later')));
        own.addBundleListener(
          () => {
            throw new Error('bundle');
          },
          { synchronous: true },
        );
        own.addBundleListener(() => Promise.reject(new Error('bundle, later')));
      },
    });
    events.clear();
    let after = 0;
    context.addServiceListener(() => void (after += 1));
    context.addBundleListener(() => void (after += 1));
    context.registerService(Thing, {});
    await install('b');
    await host.events.idle();
    await settle();
    expect(after).to.equal(2);
    const errors = events.frameworkEvents.filter(({ type }) => type === 'ERROR');
    expect(errors.map(({ error }) => (error as Error).message)).to.have.members([
      'service',
      'service, later',
      'bundle',
      'bundle, later',
    ]);
    expect(new Set(errors.map(({ bundle }) => bundle))).to.deep.equal(new Set([a]));
  });

  it('M7 a failing listener of ERROR events is only logged', async () => {
    const lines: string[] = [];
    const nothing = (): void => undefined;
    const logger = {
      trace: nothing,
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: (message: string) => void lines.push(message),
      child: () => logger,
      isEnabled: () => true,
    };
    const { context, host } = await launch({ logger });
    const recorder = new EventRecorder(context);
    context.addFrameworkListener(() => {
      throw new Error('again');
    });
    context.reportError(new Error('once'));
    await host.events.idle();
    await settle();
    expect(recorder.errors).to.have.length(1);
    expect(lines).to.deep.equal(['framework error', 'listener of ERROR events failed']);
  });

  it('X6 bundles, contexts and references cannot be changed from outside', async () => {
    const { start, context } = await launch();
    const a = await start('a');
    const { reference } = context.registerService(Thing, {});
    for (const thing of [a, a.context!, context, reference, Thing]) {
      expect(Object.isFrozen(thing)).to.be.true;
    }
    expect(() => Object.assign(a, { state: 'ACTIVE' })).to.throw(TypeError);
    expect(() => Object.assign(a.headers, { name: 'b' })).to.throw(TypeError);
  });
});
