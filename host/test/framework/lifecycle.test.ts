import type { Bundle, BundleContext, BundleEvent } from '@oxtender/bundle-api';
import { BundleError, IllegalStateError, InvalidSyntaxError, serviceToken } from '@oxtender/bundle-api';
import { inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { deferred, launch, prepare, rejection, stopAll, temporaryFolder } from '../support/launch';

const Greeter = serviceToken<{ greet(): string }>('test.Greeter');
const greeter = { greet: () => 'hello' };
const never = (): Promise<void> => new Promise(() => undefined);

describe('Lifecycle (reference section 2)', () => {
  afterEach(stopAll);

  it('M5 errors have a code and their cause; wrong arguments, use after the end and bad filters have types of their own', async () => {
    const { context, install } = await launch();
    const cause = new Error('planted');
    const failing = await install('failing', { start: () => Promise.reject(cause) });
    const error = await rejection(failing.start(), 'ACTIVATOR_ERROR');
    expect(error).to.be.instanceOf(BundleError).and.to.have.property('cause', cause);
    expect(() => context.registerService(Greeter, null as never)).to.throw(TypeError);
    const running = await install('running');
    await running.start();
    const stale = running.context!;
    await running.stop();
    expect(() => stale.getServiceReferences(Greeter)).to.throw(IllegalStateError);
    await running.uninstall();
    expect(await rejection(running.start())).to.be.instanceOf(IllegalStateError);
    const wrong = (): unknown => context.getServiceReferences(Greeter, '(a=b');
    expect(wrong).to.throw(InvalidSyntaxError).with.property('position', 4);
  });

  it('L12 STARTING is told before the module is loaded, then the activator is made and its start is waited for', async () => {
    const { context } = await launch();
    const log: string[] = [];
    const gate = deferred();
    context.addBundleListener(({ type }) => void log.push(type), { synchronous: true });
    const module = (): object => {
      log.push('module');
      return {
        default: class {
          constructor() {
            log.push('activator');
          }
          async start(): Promise<void> {
            log.push('start');
            await gate.promise;
            log.push('started');
          }
        },
      };
    };
    const bundle = await context.installBundle('test:a', {
      ...inlineBundle('a', { start: () => undefined }),
      modules: { './activator': module },
    });
    const starting = bundle.start();
    await settle();
    expect(bundle.state).to.equal('STARTING');
    gate.resolve();
    await starting;
    expect(log).to.deep.equal([
      'INSTALLED',
      'RESOLVED',
      'STARTING',
      'module',
      'activator',
      'start',
      'started',
      'STARTED',
    ]);
  });

  describe('install', () => {
    it('L1 gives the bundle that is at the location already, and ignores the content', async () => {
      const { context, install } = await launch();
      const a = await install('a');
      expect(await context.installBundle('test:a', inlineBundle('b'))).to.equal(a);
      const both = await Promise.all([install('c'), install('c')]);
      expect(both[0]).to.equal(both[1]);
    });

    it('L2 refuses the same name and version at another location, takes another version beside it', async () => {
      const { context, events } = await launch();
      await context.installBundle('x:1', inlineBundle('a'));
      events.clear();
      const error = await rejection(context.installBundle('x:2', inlineBundle('a')), 'DUPLICATE_BUNDLE_ERROR');
      expect(error.message).to.contain('x:1');
      expect(events.bundleEvents).to.deep.equal([]);
      expect(context.getBundles()).to.have.length(2);
      await context.installBundle('x:2', inlineBundle('a', { version: '1.0.1' }));
      expect(context.getBundles()).to.have.length(3);
    });

    it('L2 holds for two installations at the same time', async () => {
      const { context } = await launch();
      const results = await Promise.allSettled(
        ['x:1', 'x:2'].map((each) => context.installBundle(each, inlineBundle('a'))),
      );
      expect(results.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    });

    it('L3 READ_ERROR for content that cannot be read', async () => {
      const { context, events } = await launch();
      await rejection(context.installBundle(`${temporaryFolder()}/nothing`), 'READ_ERROR');
      await rejection(context.installBundle(`${temporaryFolder()}/nothing.tgz`), 'READ_ERROR');
      expect(events.bundleEvents).to.deep.equal([]);
    });

    it('L3 MANIFEST_ERROR lists all faults with JSON pointers, and uses up no id', async () => {
      const { context, install } = await launch();
      const before = await install('before');
      const bad = {
        package: {
          name: '',
          version: 'one',
          bundle: { startLevel: 0, require: [{ ns: 'x', range: '[1,' }, { filter: '(a' }] },
        },
      };
      const error = await rejection(context.installBundle('bad:', bad as never), 'MANIFEST_ERROR');
      const pointers = (error.details as { pointer: string }[]).map(({ pointer }) => pointer);
      expect(pointers).to.have.members([
        '/name',
        '/version',
        '/bundle/startLevel',
        '/bundle/require/0/range',
        '/bundle/require/1',
        '/bundle/require/1/filter',
      ]);
      expect((await install('after')).id).to.equal(before.id + 1);
    });

    it('L3 X6 a package name that would be no symbolic name, and leads out of folders, is a fault', async () => {
      const { context, install } = await launch();
      for (const name of ['..', '.', 'a b', '../a', '*']) {
        const bad = { package: { name, version: '1.0.0', bundle: {} } };
        const { details } = await rejection(context.installBundle(`bad:${name}`, bad), 'MANIFEST_ERROR');
        expect((details as { pointer: string }[]).map(({ pointer }) => pointer)).to.deep.equal(['/name']);
        await context.installBundle(`good:${name}`, {
          package: { name, version: '1.0.0', bundle: { symbolicName: `good${context.getBundles().length}` } },
        });
      }
      expect((await install('@scope/a_b.c-d')).symbolicName).to.equal('@scope/a_b.c-d');
    });

    it('L4 neither resolves nor starts', async () => {
      const { install, events } = await launch();
      const a = await install('a', { start: () => expect.fail('started') });
      expect(a.state).to.equal('INSTALLED');
      expect(events.bundleEvents).to.deep.equal(['INSTALLED a']);
    });

    it('INSTALLED names the installer as origin', async () => {
      const { context, start } = await launch();
      const origins: Bundle[] = [];
      context.addBundleListener(({ type, origin }) => void origins.push(...(type === 'INSTALLED' ? [origin] : [])), {
        synchronous: true,
      });
      const a = await start('a', { start: (own) => void own.installBundle('test:b', inlineBundle('b')) });
      await settle();
      expect(origins).to.deep.equal([context.bundle, a]);
    });
  });

  describe('start', () => {
    it('goes RESOLVED, STARTING, STARTED with the states of the table', async () => {
      const { context, install } = await launch();
      const seen: string[] = [];
      context.addBundleListener(({ type, bundle }) => void seen.push(`${type} ${bundle.state}`), { synchronous: true });
      const a = await install('a', { start: (own) => void seen.push(`start ${own.bundle.state}`) });
      await a.start();
      expect(seen).to.deep.equal([
        'INSTALLED INSTALLED',
        'RESOLVED RESOLVED',
        'STARTING STARTING',
        'start STARTING',
        'STARTED ACTIVE',
      ]);
    });

    it('L5 an uninstalled bundle cannot be started', async () => {
      const { install } = await launch();
      const a = await install('a');
      await a.uninstall();
      await rejection(a.start(), 'ILLEGAL_STATE');
    });

    it('L6 above the start level: transient rejects, else autostart is recorded and the level starts it', async () => {
      const { framework, install } = await launch({ properties: { 'host.beginningStartLevel': '5' } });
      const a = await install('a', { manifest: { startLevel: 7 } });
      await rejection(a.start({ transient: true }), 'START_TRANSIENT_ERROR');
      expect(framework.operator.status(a).autostart).to.equal('stopped');
      await a.start();
      expect(a.state).to.equal('INSTALLED');
      expect(framework.operator.status(a).autostart).to.equal('eager');
      framework.startLevel.setLevel(7);
      await settle();
      expect(a.state).to.equal('ACTIVE');
    });

    it('L7 calls on one bundle run one after the other, in order', async () => {
      const { install, events } = await launch();
      const a = await install('a', { start: settle, stop: settle });
      await Promise.all([a.start(), a.stop(), a.start()]);
      expect(a.state).to.equal('ACTIVE');
      expect(events.bundleEvents.slice(2)).to.deep.equal([
        'STARTING a',
        'STARTED a',
        'STOPPING a',
        'STOPPED a',
        'STARTING a',
        'STARTED a',
      ]);
    });

    it('L7 different bundles start side by side', async () => {
      const { install } = await launch();
      const gate = deferred();
      const a = await install('a', { start: () => gate.promise });
      const b = await install('b', { start: () => gate.resolve() });
      await Promise.all([a.start(), b.start()]);
      expect([a.state, b.state]).to.deep.equal(['ACTIVE', 'ACTIVE']);
    });

    it('L7 waits at most the lock time-out for another operation', async () => {
      const { install, clock } = await launch();
      const gate = deferred();
      const a = await install('a', { start: () => gate.promise });
      const starting = a.start();
      const stopping = rejection(a.stop(), 'STATECHANGE_ERROR');
      await clock.tick(5000);
      expect((await stopping).message).to.contain('5000 ms');
      gate.resolve();
      await starting;
      expect(a.state).to.equal('ACTIVE');
      await a.stop();
      expect(a.state).to.equal('RESOLVED');
    });

    it('L8 an operation that would wait for itself is refused at once, naming the chain', async () => {
      const { install, start, clock } = await launch();
      const errors: Error[] = [];
      const b = await install('b', {
        start: async (own) => {
          await settle();
          errors.push(await rejection(own.getBundle('test:a')!.stop(), 'STATECHANGE_ERROR'));
        },
      });
      const a = await start('a', { start: () => b.start() });
      expect(errors[0]!.message).to.contain('a.start -> b.start -> a.stop');
      expect([a.state, b.state]).to.deep.equal(['ACTIVE', 'ACTIVE']);
      expect(clock.pending, 'nothing waits').to.equal(0);
    });

    it('L8 a bundle may not wait for its own stop, but another chain may stop it', async () => {
      const { install } = await launch();
      let own: Promise<Error> | undefined;
      const a = await install('a', {
        start: ({ bundle }) => void (own = rejection(bundle.stop(), 'STATECHANGE_ERROR')),
      });
      await a.start();
      expect((await own!).message).to.contain('a.start -> a.stop');
      await a.stop();
      expect(a.state).to.equal('RESOLVED');
    });

    it('L8 a chain ends with its operation: what the activator left running may act on the bundle', async () => {
      const { install } = await launch();
      const gate = deferred();
      let later: Promise<void> | undefined;
      const a = await install('a', {
        start: ({ bundle }) => {
          later = gate.promise.then(() => bundle.stop());
        },
      });
      await a.start();
      gate.resolve();
      await later;
      expect(a.state).to.equal('RESOLVED');
    });

    it('L9 an active bundle: success, no event, autostart recorded unless transient', async () => {
      const { install, framework, events } = await launch();
      const a = await install('a');
      await a.start({ transient: true });
      events.clear();
      await a.start({ transient: true });
      expect(framework.operator.status(a).autostart).to.equal('stopped');
      await a.start();
      expect(framework.operator.status(a).autostart).to.equal('eager');
      expect(events.bundleEvents).to.deep.equal([]);
    });

    it('L10 autostart is recorded before resolving and before the activator runs', async () => {
      const { install, framework } = await launch();
      const unresolvable = await install('u', { manifest: { require: [{ ns: 'nowhere' }] } });
      await rejection(unresolvable.start(), 'RESOLVE_ERROR');
      expect(framework.operator.status(unresolvable).autostart).to.equal('eager');
      let during: string | undefined;
      const a = await install('a', {
        start: ({ bundle }) => {
          during = framework.operator.status(bundle).autostart;
          throw new Error('no');
        },
      });
      await rejection(a.start(), 'ACTIVATOR_ERROR');
      expect(during).to.equal('eager');
      expect(framework.operator.status(a).autostart).to.equal('eager');
    });

    it('L11 a bundle that does not resolve stays INSTALLED, and the error carries the diagnosis', async () => {
      const { install } = await launch();
      const a = await install('a', { manifest: { require: [{ ns: 'bundle', name: 'storage', range: '^2' }] } });
      await install('storage');
      const error = await rejection(a.start(), 'RESOLVE_ERROR');
      expect(a.state).to.equal('INSTALLED');
      expect(error.message).to.contain('storage 1.0.0').and.to.contain('outside ^2');
      expect(error.details).to.have.nested.property('missing[0].nearest[0].reason', 'range');
    });

    it('L13 every way to fail ends RESOLVED with STOPPING, STOPPED and the cause', async () => {
      const { context, events } = await launch();
      const module = (exports: unknown) => ({ './x': () => exports });
      const manifest = { activator: './x' };
      const ways: Record<string, Record<string, () => unknown>> = {
        throws: module({ start: () => expect.fail('thrown') }),
        rejects: module({ start: () => Promise.reject(new Error('rejected')) }),
        constructor: module(
          class {
            readonly broken = expect.fail('constructed');
          },
        ),
        'no start': module({ default: {} }),
        'no activator': module({ default: 5 }),
        'no module': {},
        'module throws': {
          './x': () => {
            throw new Error('evaluated');
          },
        },
      };
      for (const [name, modules] of Object.entries(ways)) {
        const symbolicName = name.replace(' ', '-');
        const bundle = await context.installBundle(name, {
          package: { name: symbolicName, version: '1.0.0', bundle: manifest },
          modules,
        });
        events.clear();
        const error = await rejection(bundle.start(), 'ACTIVATOR_ERROR');
        expect(error.cause, name).to.be.instanceOf(Error);
        expect(bundle.state, name).to.equal('RESOLVED');
        expect(events.bundleEvents, name).to.deep.equal(
          ['RESOLVED', 'STARTING', 'STOPPING', 'STOPPED'].map((type) => `${type} ${symbolicName}`),
        );
      }
    });

    it('L13 what the activator did before it failed is undone', async () => {
      const { install, context, clock, host } = await launch();
      let own: BundleContext | undefined;
      const disposed: string[] = [];
      const a = await install('a', {
        start: (ctx) => {
          own = ctx;
          ctx.registerService(Greeter, greeter);
          ctx.addServiceListener(() => void disposed.push('service listener'));
          ctx.addBundleListener(() => void disposed.push('bundle listener'), { synchronous: true });
          ctx.setInterval(() => disposed.push('timer'), 10);
          ctx.onDispose(() => void disposed.push('subscription'));
          throw new Error('late');
        },
      });
      await rejection(a.start());
      expect(context.getServiceReference(Greeter)).to.be.undefined;
      expect(clock.pending).to.equal(0);
      expect(disposed.filter((each) => each !== 'bundle listener')).to.deep.equal(['service listener', 'subscription']);
      disposed.length = 0;
      context.registerService(Greeter, greeter);
      await (await install('b')).start();
      await clock.tick(100);
      expect(disposed).to.deep.equal([]);
      expect(() => own?.getBundles())
        .to.throw()
        .with.property('code', 'ILLEGAL_STATE');
      expect(host.bundles.find(a)?.ledger.registered.size).to.equal(0);
    });

    it('L14 a start that hangs times out; if it ends later, stop is called once on the dead context', async () => {
      const { install, clock } = await launch();
      const gate = deferred();
      const stops: BundleContext[] = [];
      let own: BundleContext | undefined;
      const a = await install('a', {
        start: (ctx) => {
          own = ctx;
          return gate.promise;
        },
        stop: (ctx) => void stops.push(ctx),
      });
      const starting = rejection(a.start(), 'START_TIMEOUT');
      await clock.tick(30_000);
      await starting;
      expect(a.state).to.equal('RESOLVED');
      expect(own?.signal.aborted).to.be.true;
      expect(stops).to.deep.equal([]);
      gate.resolve();
      await settle();
      expect(stops).to.deep.equal([own]);
      expect(() => own?.getProperty('x'))
        .to.throw()
        .with.property('code', 'ILLEGAL_STATE');
    });

    it('L14 a start that fails after its time-out is only a warning', async () => {
      const { install, clock, events } = await launch({ properties: { 'host.startTimeout': '10' } });
      const gate = deferred();
      const a = await install('a', { start: () => gate.promise, stop: () => expect.fail('stopped') });
      const starting = rejection(a.start(), 'START_TIMEOUT');
      await clock.tick(10);
      await starting;
      gate.reject(new Error('late'));
      await settle();
      expect(events.frameworkEvents.map(({ type }) => type)).to.deep.equal(['WARNING']);
    });

    it('L14 0 switches the time-out off', async () => {
      const { install, clock } = await launch({ properties: { 'host.startTimeout': '0' } });
      const gate = deferred();
      const a = await install('a', { start: () => gate.promise });
      const starting = a.start();
      await clock.tick(1e9);
      expect(a.state).to.equal('STARTING');
      gate.resolve();
      await starting;
    });

    it('L15 a start that waits behind an uninstall rejects', async () => {
      const { install } = await launch();
      const a = await install('a');
      const uninstalling = a.uninstall();
      await rejection(a.start(), 'ILLEGAL_STATE');
      await uninstalling;
    });

    it('L16 a bundle without activator is legal', async () => {
      const { start } = await launch();
      expect((await start('a')).state).to.equal('ACTIVE');
    });

    it('activators are classes or objects, default exports or not', async () => {
      const { context } = await launch();
      const started: string[] = [];
      class Activator {
        start(): void {
          started.push('class');
        }
      }
      const shapes = [
        Activator,
        { default: Activator },
        { start: () => started.push('object') },
        { default: { start: () => started.push('object') } },
      ];
      for (const [index, exports] of shapes.entries()) {
        const bundle = await context.installBundle(`x:${index}`, {
          package: { name: `x${index}`, version: '1.0.0', bundle: { activator: './x' } },
          modules: { './x': () => exports },
        });
        await bundle.start();
      }
      expect(started).to.deep.equal(['class', 'class', 'object', 'object']);
    });
  });

  describe('lazy activation', () => {
    const lazy = { activation: 'lazy' } as const;

    it('L17 waits in STARTING for the first use', async () => {
      const { install, events } = await launch();
      const calls: string[] = [];
      const a = await install('a', {
        manifest: lazy,
        start: () => void calls.push('start'),
        stop: () => void calls.push('stop'),
      });
      events.clear();
      await a.start({ policy: 'declared' });
      expect(a.state).to.equal('STARTING');
      expect(events.bundleEvents).to.deep.equal(['RESOLVED a', 'LAZY_ACTIVATION a']);
      expect(calls).to.deep.equal([]);
      await a.start();
      expect(events.bundleEvents.slice(2)).to.deep.equal(['STARTING a', 'STARTED a']);
      expect(calls).to.deep.equal(['start']);
    });

    it('L17 fetching one of its services activates it', async () => {
      const { install, context, host } = await launch();
      let started = 0;
      const a = await install('a', { manifest: lazy, start: () => void (started += 1) });
      await a.start({ policy: 'declared' });
      host.bundles.find(a)!.context!.registerService(Greeter, greeter); // as the component extender does
      const reference = context.getServiceReference(Greeter)!;
      expect(started).to.equal(0);
      expect(await context.getServiceAsync(reference)).to.equal(greeter);
      expect([started, a.state]).to.deep.equal([1, 'ACTIVE']);
    });

    it('L17 a synchronous fetch begins the activation', async () => {
      const { install, context, host } = await launch();
      const a = await install('a', { manifest: lazy });
      await a.start({ policy: 'declared' });
      host.bundles.find(a)!.context!.registerService(Greeter, greeter);
      context.getService(context.getServiceReference(Greeter)!);
      await settle();
      expect(a.state).to.equal('ACTIVE');
    });

    it('L17 stopped before its first use, the activator is never called', async () => {
      const { install, events } = await launch();
      const a = await install('a', {
        manifest: lazy,
        start: () => expect.fail('started'),
        stop: () => expect.fail('stopped'),
      });
      await a.start({ policy: 'declared' });
      events.clear();
      await a.stop();
      expect(a.state).to.equal('RESOLVED');
      expect(events.bundleEvents).to.deep.equal(['STOPPING a', 'STOPPED a']);
    });

    it('L17 without the declared policy a lazy bundle starts at once', async () => {
      const { start } = await launch();
      expect((await start('a', { manifest: lazy })).state).to.equal('ACTIVE');
    });
  });

  describe('stop', () => {
    it('L18 records autostart first, also for a bundle that is not active', async () => {
      const { start, install, framework } = await launch();
      const a = await install('a', { start: () => expect.fail('no') });
      await rejection(a.start());
      await a.stop();
      expect(framework.operator.status(a).autostart).to.equal('stopped');
      let during: string | undefined;
      const b = await start('b', { stop: ({ bundle }) => void (during = framework.operator.status(bundle).autostart) });
      await b.stop();
      expect(during).to.equal('stopped');
      await b.start();
      await b.stop({ transient: true });
      expect(framework.operator.status(b).autostart).to.equal('eager');
    });

    it('L19 STOPPING is seen with everything still in place, then the activator stops', async () => {
      const { start, context } = await launch();
      const seen: string[] = [];
      const a = await start('a', {
        start: (own) => void own.registerService(Greeter, greeter),
        stop: () => void seen.push('activator'),
      });
      context.addBundleListener(
        ({ type, bundle }) => {
          if (type === 'STOPPING')
            seen.push(`${bundle.state} ${String(context.getServiceReference(Greeter) !== undefined)}`);
        },
        { synchronous: true },
      );
      await a.stop();
      expect(seen).to.deep.equal(['STOPPING true', 'activator']);
    });

    it('L20 clean-up runs after a stop that throws, and only then the error comes', async () => {
      const { start, context, events, clock } = await launch();
      const a = await start('a', {
        start: (own) => {
          own.registerService(Greeter, greeter);
          own.setTimeout(() => expect.fail('fired'), 1);
        },
        stop: () => Promise.reject(new Error('broken')),
      });
      events.clear();
      const error = await rejection(a.stop(), 'ACTIVATOR_ERROR');
      expect(error.cause).to.have.property('message', 'broken');
      expect(events.bundleEvents).to.deep.equal(['STOPPING a', 'STOPPED a']);
      expect(a.state).to.equal('RESOLVED');
      expect(context.getServiceReference(Greeter)).to.be.undefined;
      expect(clock.pending).to.equal(0);
    });

    it('L20 takes services newest first, then subscriptions, then what the bundle used', async () => {
      const { start, context, events } = await launch();
      const order: string[] = [];
      const A = serviceToken('test.A');
      const B = serviceToken('test.B');
      const used = context.registerService(Greeter, greeter);
      const a = await start('a', {
        start: (own) => {
          own.registerService(A, {});
          own.registerService(B, {});
          own.getService(own.getServiceReference(Greeter)!);
          own.onDispose(() => void order.push(`subscription 1, ${used.reference.getUsingBundles().length} users`));
          own.onDispose(() => void order.push('subscription 2'));
        },
      });
      context.addServiceListener(({ type, reference }) => {
        if (type === 'UNREGISTERING') order.push((reference.getProperty('objectClass') as string[])[0]!);
      });
      await a.stop();
      expect(order).to.deep.equal(['test.B', 'test.A', 'subscription 2', 'subscription 1, 1 users']);
      expect(used.reference.getUsingBundles()).to.deep.equal([]);
      expect(events.errors).to.deep.equal([]);
    });

    it('L20 what the bundle registers while it is taken apart goes too', async () => {
      const { start, context } = await launch();
      const a = await start('a', {
        start: (own) => own.onDispose(() => void own.registerService(Greeter, greeter)),
      });
      await a.stop();
      expect(context.getServiceReference(Greeter)).to.be.undefined;
    });

    it('L20 a subscription that fails or hangs does not keep the rest', async () => {
      const { start, clock, events } = await launch();
      const order: string[] = [];
      const a = await start('a', {
        start: (own) => {
          own.onDispose(() => void order.push('first'));
          own.onDispose(() => Promise.reject(new Error('broken')));
        },
      });
      await a.stop();
      await settle();
      expect(order).to.deep.equal(['first']);
      expect(events.errors).to.have.length(1);
      const b = await start('b', { start: (own) => own.onDispose(never) });
      const stopping = b.stop();
      await clock.tick(10_000);
      await stopping;
      expect(b.state).to.equal('RESOLVED');
    });

    it('L21 the context’s timers fire until the bundle stops', async () => {
      const { start, clock } = await launch();
      let ticks = 0;
      let once = 0;
      const a = await start('a', {
        start: (own) => {
          own.setInterval(() => ticks++, 10);
          own.setTimeout(() => once++, 5);
          own.setTimeout(() => expect.fail('disposed'), 5)[Symbol.dispose]();
        },
      });
      await clock.tick(25);
      expect([ticks, once]).to.deep.equal([2, 1]);
      await a.stop();
      await clock.tick(100);
      expect([ticks, clock.pending]).to.deep.equal([2, 0]);
    });

    it('L21 the signal is aborted when the bundle stops', async () => {
      const { start } = await launch();
      let aborted: boolean | undefined;
      let signal: AbortSignal | undefined;
      const a = await start('a', {
        start: (own) => void ({ signal } = own),
        stop: () => void (aborted = signal?.aborted),
      });
      expect(signal?.aborted).to.be.false;
      await a.stop();
      expect(aborted).to.be.true;
    });

    it('L22 a stop that hangs times out: clean, RESOLVED, tainted', async () => {
      const { start, clock, framework, context } = await launch();
      const a = await start('a', { start: (own) => void own.registerService(Greeter, greeter), stop: never });
      const stopping = rejection(a.stop(), 'STOP_TIMEOUT');
      await clock.tick(10_000);
      await stopping;
      expect(a.state).to.equal('RESOLVED');
      expect(context.getServiceReference(Greeter)).to.be.undefined;
      expect(framework.operator.status(a).tainted).to.be.true;
      await a.start();
      expect(framework.operator.status(a).tainted, 'a new start is a new chance').to.be.false;
    });

    it('L23 stopping a bundle does not stop those that depend on it', async () => {
      const { start } = await launch();
      const provider = await start('provider');
      const consumer = await start('consumer', { manifest: { require: [{ ns: 'bundle', name: 'provider' }] } });
      await provider.stop();
      expect([provider.state, consumer.state]).to.deep.equal(['RESOLVED', 'ACTIVE']);
    });

    it('L24 a stopped bundle stays stopped whatever else happens', async () => {
      const { start, framework } = await launch();
      const a = await start('a');
      await a.stop();
      await start('b', { manifest: { require: [{ ns: 'bundle', name: 'a' }] } });
      await framework.wiring.resolve();
      await framework.wiring.refresh(framework.context!.getBundles());
      expect(a.state).to.equal('RESOLVED');
    });
  });

  describe('events', () => {
    it('L25 synchronous listeners come first, in the stack; the others see each event once, in order', async () => {
      const { context, host } = await launch();
      const seen: string[] = [];
      context.addBundleListener(({ type }) => void seen.push(`async ${type}`));
      context.addBundleListener(({ type }) => void seen.push(`sync ${type}`), { synchronous: true });
      const a = await context.installBundle('x', inlineBundle('a'));
      await a.start();
      await a.stop();
      await host.events.idle();
      const of = (kind: string): string[] =>
        seen.filter((each) => each.startsWith(kind)).map((each) => each.split(' ')[1]!);
      expect(of('sync')).to.deep.equal(['INSTALLED', 'RESOLVED', 'STARTING', 'STARTED', 'STOPPING', 'STOPPED']);
      expect(of('async')).to.deep.equal(['INSTALLED', 'RESOLVED', 'STARTED', 'STOPPED']);
      expect(seen.indexOf('sync INSTALLED')).to.be.lessThan(seen.indexOf('async INSTALLED'));
    });

    it('L25 a listener removed before its turn is not called', async () => {
      const { context, host, install } = await launch();
      const listener = (): void => expect.fail('called');
      context.addBundleListener(listener);
      const installing = install('a');
      context.removeBundleListener(listener);
      await installing;
      await host.events.idle();
    });

    it('L26 the framework tells of its own start and stop', async () => {
      const { framework, context, events } = await prepare();
      const late: string[] = [];
      context.addBundleListener(({ type, bundle }: BundleEvent) => void late.push(...(bundle.id === 0 ? [type] : [])), {
        synchronous: true,
      });
      await framework.start();
      await framework.stop();
      expect(events.frameworkEvents.map(({ type }) => type)).to.deep.equal(['STARTED', 'STOPPED']);
      expect(late).to.deep.equal(['STARTED', 'STOPPING', 'STOPPED']);
    });
  });
});
