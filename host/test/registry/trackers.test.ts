import type { BundleContext, ServiceReference } from '@oxtender/bundle-api';
import { AsyncServiceTracker, BundleTracker, serviceToken, ServiceTracker } from '@oxtender/bundle-api';
import { settle, whenService } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { deferred, launch, type Launched, rejection, stopAll } from '../support/launch';

const Store = serviceToken<object>('test.Store');

async function tracked(): Promise<
  Launched & { own: BundleContext; provide: (properties?: object) => ReturnType<BundleContext['registerService']> }
> {
  const launched = await launch();
  const a = await launched.start('a');
  const provide = (properties: object = {}) => launched.context.registerService(Store, {}, { ...properties });
  return { ...launched, own: a.context!, provide };
}

/** A customizer that writes down what it is called with, by the property `n`. */
function recording(log: string[]): {
  adding: (r: ServiceReference) => string;
  modified: (r: ServiceReference, t: string) => void;
  removed: (r: ServiceReference, t: string) => void;
} {
  const n = (reference: ServiceReference): string => String(reference.getProperty('n'));
  return {
    adding: (reference) => {
      log.push(`adding ${n(reference)}`);
      return `t${n(reference)}`;
    },
    modified: (reference, object) => void log.push(`modified ${n(reference)} ${object}`),
    removed: (reference, object) => void log.push(`removed ${n(reference)} ${object}`),
  };
}

describe('Trackers (reference section 8)', () => {
  afterEach(stopAll);

  it('T1 tracks a token, a filter or one reference', async () => {
    const { own, provide } = await tracked();
    const one = provide({ n: 1 });
    provide({ n: 2 });
    expect(new ServiceTracker(own, Store).open().size).to.equal(2);
    expect(new ServiceTracker(own, '(&(objectClass=test.Store)(n=2))').open().size).to.equal(1);
    const single = new ServiceTracker(own, one.reference as ServiceReference<object>).open();
    expect(single.getServiceReferences()).to.deep.equal([one.reference]);
    one.unregister();
    expect(single.isEmpty).to.be.true;
    expect(() => new ServiceTracker(own, '(n'))
      .to.throw()
      .with.property('code', 'INVALID_SYNTAX');
  });

  it('T1 open and close do nothing twice, and a closed tracker may be opened again', async () => {
    const { own, provide } = await tracked();
    const log: string[] = [];
    provide({ n: 1 });
    const tracker = new ServiceTracker<object, string>(own, Store, recording(log)).open().open();
    await tracker.close();
    await tracker.close();
    tracker.open();
    expect(log).to.deep.equal(['adding 1', 'removed 1 t1', 'adding 1']);
  });

  it('T2 adds what is there and whatever comes, once', async () => {
    const { own, provide } = await tracked();
    const log: string[] = [];
    provide({ n: 1 });
    let first = true;
    const tracker: ServiceTracker<object, string> = new ServiceTracker<object, string>(own, Store, {
      ...recording(log),
      adding: (reference) => {
        if (first) {
          first = false;
          provide({ n: 2 }); // while the initial list is worked off
        }
        return recording(log).adding(reference);
      },
    });
    tracker.open();
    provide({ n: 3 });
    expect(log.sort()).to.deep.equal(['adding 1', 'adding 2', 'adding 3']);
    expect(tracker.size).to.equal(3);
  });

  it('T3 what adding does not want is not tracked', async () => {
    const { own, provide } = await tracked();
    for (const nothing of [undefined, null]) {
      const tracker = new ServiceTracker<object, string>(own, Store, {
        adding: () => nothing,
        modified: () => expect.fail('modified'),
        removed: () => expect.fail('removed'),
      }).open();
      const registration = provide();
      registration.setProperties({ x: 1 });
      registration.unregister();
      expect(tracker.size).to.equal(0);
    }
  });

  it('T3 an adding that throws: not tracked, an ERROR, the others unaffected', async () => {
    const { own, provide, host, events } = await tracked();
    provide({ n: 1 });
    provide({ n: 2 });
    const tracker = new ServiceTracker<object, string>(own, Store, {
      adding: (reference) => (reference.getProperty('n') === 1 ? expect.fail('broken') : 'ok'),
    }).open();
    expect(tracker.getServices()).to.deep.equal(['ok']);
    await host.events.idle();
    expect(events.frameworkEvents.map(({ type, bundle }) => [type, bundle])).to.deep.equal([['ERROR', own.bundle]]);
  });

  it('T4 modified while tracked, removed exactly once, added when it changes into the filter', async () => {
    const { own, provide } = await tracked();
    const log: string[] = [];
    new ServiceTracker<object, string>(own, '(&(objectClass=test.Store)(on=true))', recording(log)).open();
    const registration = provide({ n: 1, on: false });
    registration.setProperties({ n: 1, on: true });
    registration.setProperties({ n: 1, on: true, x: 1 });
    registration.setProperties({ n: 1, on: false });
    registration.setProperties({ n: 1, on: true });
    registration.unregister();
    expect(log).to.deep.equal(['adding 1', 'modified 1 t1', 'removed 1 t1', 'adding 1', 'removed 1 t1']);
  });

  it('T5 without a customizer it gets on adding and ungets on removed', async () => {
    const { own, provide } = await tracked();
    const { reference } = provide();
    const tracker = new ServiceTracker<object>(own, Store).open();
    expect(reference.getUsingBundles()).to.deep.equal([own.bundle]);
    await tracker.close();
    expect(reference.getUsingBundles()).to.deep.equal([]);
  });

  it('T6 the best is the best at the time of the call, negative rankings and changes included', async () => {
    const { own, provide } = await tracked();
    const low = provide({ n: 1, 'service.ranking': -5 });
    const lower = provide({ n: 2, 'service.ranking': -6 });
    const log: string[] = [];
    const tracker = new ServiceTracker<object, string>(own, Store, recording(log)).open();
    expect(tracker.getService()).to.equal('t1');
    lower.setProperties({ n: 2, 'service.ranking': 7 });
    expect(tracker.getService()).to.equal('t2');
    expect(tracker.getServices()).to.deep.equal(['t2', 't1']);
    expect([...tracker.getTracked().keys()]).to.deep.equal([lower.reference, low.reference]);
    expect(tracker.getServiceReference()).to.equal(lower.reference);
    tracker.remove(lower.reference as ServiceReference<object>);
    expect(tracker.getServices()).to.deep.equal(['t1']);
  });

  it('T6 the tracking count grows with every change; -1 when closed', async () => {
    const { own, provide } = await tracked();
    const tracker = new ServiceTracker<object>(own, Store);
    expect(tracker.getTrackingCount()).to.equal(-1);
    tracker.open();
    const counts = [tracker.getTrackingCount()];
    const registration = provide();
    counts.push(tracker.getTrackingCount());
    registration.setProperties({});
    counts.push(tracker.getTrackingCount());
    registration.unregister();
    counts.push(tracker.getTrackingCount());
    expect(counts).to.deep.equal([0, 1, 2, 3]);
    await tracker.close();
    expect(tracker.getTrackingCount()).to.equal(-1);
  });

  it('T7 waitForService: the service, or undefined at the time-out and on close', async () => {
    const { own, provide, clock } = await tracked();
    const tracker = new ServiceTracker<object>(own, Store).open();
    const soon = tracker.waitForService(100);
    const forEver = tracker.waitForService(0);
    const late = tracker.waitForService(10);
    await clock.tick(10);
    expect(await late).to.be.undefined;
    const registration = provide();
    expect(await soon).to.equal(own.getService(registration.reference));
    expect(await forEver).to.equal(await tracker.waitForService(5));
    registration.unregister();
    const waiting = tracker.waitForService(0);
    await tracker.close();
    expect(await waiting).to.be.undefined;
    expect(await tracker.waitForService(0), 'closed').to.be.undefined;
    expect(await rejection(tracker.waitForService(-1))).to.be.instanceOf(RangeError);
    expect(clock.pending).to.equal(0);
  });

  it('T8 close removes all, then is silent; the bundle’s stop closes', async () => {
    const { start, provide, context } = await tracked();
    const log: string[] = [];
    const b = await start('b', {
      start: (ctx) => void new ServiceTracker<object, string>(ctx, Store, recording(log)).open(),
    });
    provide({ n: 1 });
    const second = provide({ n: 2 });
    await b.stop();
    second.setProperties({ n: 3 });
    second.unregister();
    expect(log).to.deep.equal(['adding 1', 'adding 2', 'removed 1 t1', 'removed 2 t2']);
    expect(context.getServiceReferences(Store)[0]!.getUsingBundles()).to.deep.equal([]);
  });

  it('T9 a service that goes while it is added is removed right after', async () => {
    const { own, provide } = await tracked();
    const log: string[] = [];
    const registration = provide({ n: 1 });
    const tracker = new ServiceTracker<object, string>(own, Store, {
      ...recording(log),
      adding: (reference) => {
        log.push('begin');
        registration.unregister();
        log.push('end');
        return recording([]).adding(reference);
      },
    });
    tracker.open();
    expect(log).to.deep.equal(['begin', 'end', 'removed 1 t1']);
    expect(tracker.size).to.equal(0);
  });

  it('T9 an adding that registers a matching service does not loop', async () => {
    const { own, provide } = await tracked();
    const tracker: ServiceTracker<object, number> = new ServiceTracker<object, number>(own, Store, {
      adding: (reference) => {
        const n = reference.getProperty('n') as number;
        if (n < 5) provide({ n: n + 1 });
        return n;
      },
    });
    tracker.open();
    provide({ n: 1 });
    expect(tracker.getServices()).to.have.members([1, 2, 3, 4, 5]);
  });

  it('T9 a tracker closed while it adds leaves no ghost', async () => {
    const { own, provide } = await tracked();
    const log: string[] = [];
    const tracker: ServiceTracker<object, string> = new ServiceTracker<object, string>(own, Store, {
      ...recording(log),
      adding: (reference) => {
        void tracker.close();
        return recording(log).adding(reference);
      },
    });
    tracker.open();
    provide({ n: 1 });
    expect(log).to.deep.equal(['adding 1', 'removed 1 t1']);
  });

  it('S23 the promise of removed takes part in draining', async () => {
    const { own, provide } = await tracked();
    const gate = deferred();
    new ServiceTracker<object, string>(own, Store, { adding: () => 'x', removed: () => gate.promise }).open();
    const registration = provide();
    let drained = false;
    const draining = registration.unregister({ drain: 1000 }).then(() => (drained = true));
    await settle();
    expect(drained).to.be.false;
    gate.resolve();
    await draining;
  });

  it('T10 a bundle tracker follows states; a bundle that leaves them is removed', async () => {
    const { own, install, start } = await tracked();
    const log: string[] = [];
    const before = await start('before');
    const tracker = new BundleTracker(own, ['STARTING', 'ACTIVE'], {
      adding: (bundle) => {
        log.push(`adding ${bundle.symbolicName} ${bundle.state}`);
        return bundle.id > 0 ? bundle.symbolicName : undefined;
      },
      modified: (bundle) => void log.push(`modified ${bundle.symbolicName} ${bundle.state}`),
      removed: (bundle) => void log.push(`removed ${bundle.symbolicName} ${bundle.state}`),
    }).open();
    log.length = 0;
    const b = await install('b');
    await b.start();
    await b.stop();
    expect(log).to.deep.equal(['adding b STARTING', 'modified b ACTIVE', 'removed b STOPPING']);
    expect([...tracker.getTracked().keys()]).to.deep.equal([own.bundle, before]);
    await tracker.close();
    await b.start();
    expect(log.slice(3)).to.deep.equal(['removed a ACTIVE', 'removed before ACTIVE']);
  });

  it('T11 an async tracker: removed waits for adding', async () => {
    const { own, provide } = await tracked();
    const gate = deferred();
    const log: string[] = [];
    const tracker = new AsyncServiceTracker<object, string>(own, Store, {
      adding: async () => {
        log.push('adding');
        await gate.promise;
        log.push('added');
        return 'x';
      },
      modified: () => void log.push('modified'),
      removed: () => void log.push('removed'),
    }).open();
    const registration = provide();
    registration.setProperties({ x: 1 });
    registration.unregister();
    await settle();
    expect([log, tracker.getServices()]).to.deep.equal([['adding'], []]);
    gate.resolve();
    await settle();
    expect(log).to.deep.equal(['adding', 'added', 'modified', 'removed']);
  });

  it('T11 an adding that fails or gives nothing is not removed', async () => {
    const { own, provide, events } = await tracked();
    const tracker = new AsyncServiceTracker<object, string>(own, Store, {
      adding: (reference) =>
        reference.getProperty('n') === 1 ? Promise.reject(new Error('no')) : Promise.resolve(undefined),
      removed: () => expect.fail('removed'),
    }).open();
    const both = [provide({ n: 1 }), provide({ n: 2 })];
    await tracker.idle();
    for (const registration of both) registration.unregister();
    await tracker.close();
    await settle();
    expect(events.errors).to.have.length(1);
  });

  describe('whenService (15.7)', () => {
    it('resolves as soon as there is one', async () => {
      const { own, provide } = await tracked();
      const soon = whenService(own, Store);
      const registration = provide();
      expect(await soon).to.equal(own.getService(registration.reference));
    });

    it('rejects when its signal aborts, or the bundle stops', async () => {
      const { own, context } = await tracked();
      const abort = new AbortController();
      const waiting = rejection(whenService(own, Store, { signal: abort.signal }));
      abort.abort(new Error('enough'));
      expect((await waiting).message).to.equal('enough');
      const stopped = rejection(whenService(own, Store));
      await context.getBundle('test:a')!.stop();
      expect((await stopped).message).to.contain('test.Store');
    });
  });
});
