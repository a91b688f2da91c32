import type { Bundle, BundleContext, ServiceEvent, ServiceFactory, ServiceReference } from '@oxtender/bundle-api';
import {
  EventListenerHook,
  FindHook,
  IllegalStateError,
  ListenerHook,
  type ListenerInfo,
  serviceToken,
} from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import fc from 'fast-check';
import { deferred, launch, type Launched, rejection, stopAll } from '../support/launch';

const Store = serviceToken<object>('test.Store');
const Other = serviceToken<object>('test.Other');
const Guarded = serviceToken<{ run(): void }>('test.Guarded', {
  guard: (service) => typeof (service as { run?: unknown }).run === 'function',
});

/** A framework and the contexts of two bundles in it. */
async function two(): Promise<Launched & { a: Bundle; b: Bundle; own: BundleContext; other: BundleContext }> {
  const launched = await launch();
  const a = await launched.start('a');
  const b = await launched.start('b');
  launched.events.clear();
  return { ...launched, a, b, own: a.context!, other: b.context! };
}

/** A factory that makes numbered objects and remembers what came back. */
class Counting implements ServiceFactory<object> {
  readonly made: { for: Bundle; number: number }[] = [];
  readonly back: object[] = [];

  getService(bundle: Bundle): object {
    const made = { for: bundle, number: this.made.length + 1 };
    this.made.push(made);
    return made;
  }

  ungetService(_bundle: Bundle, _registration: unknown, service: object): void {
    this.back.push(service);
  }
}

describe('Service registry (reference section 6)', () => {
  afterEach(stopAll);

  it('S7 registers, finds, tells and takes away within one stack; what is wrong is thrown there, too', async () => {
    const { own, other } = await two();
    const seen: string[] = [];
    other.addServiceListener(({ type }) => void seen.push(type));
    const before = (): void => void seen.push('later');
    queueMicrotask(before);
    const registration = own.registerService(Store, {});
    expect(other.getService(registration.reference)).to.be.an('object');
    registration.setProperties({ x: 1 });
    registration.unregister();
    expect(() => own.registerService([], {})).to.throw(TypeError);
    expect(() => registration.unregister()).to.throw(IllegalStateError);
    expect(seen).to.deep.equal(['REGISTERED', 'MODIFIED', 'UNREGISTERING']);
  });

  describe('registering', () => {
    it('S1 takes one or more tokens, duplicates too', async () => {
      const { own } = await two();
      const { reference } = own.registerService([Store, Other, Store], {});
      expect(reference.getProperty('objectClass')).to.deep.equal(['test.Store', 'test.Other']);
      expect(own.getServiceReference(Other)).to.equal(reference);
    });

    it('S1 refuses no token, no service, and what a guard refuses', async () => {
      const { own } = await two();
      expect(() => own.registerService([], {})).to.throw(TypeError);
      expect(() => own.registerService(Store, null as never)).to.throw(TypeError);
      expect(() => own.registerService(Store, undefined as never)).to.throw(TypeError);
      expect(() => own.registerService(Guarded, {} as never)).to.throw(TypeError, 'test.Guarded');
      expect(own.bundle.getRegisteredServices()).to.deep.equal([]);
    });

    it('S2 the framework sets its own properties, whatever the caller says', async () => {
      const { own } = await two();
      const claims = { objectClass: ['lie'], 'service.id': -1, 'SERVICE.BUNDLEID': -1, 'service.scope': 'lie', x: 1 };
      const first = own.registerService(Store, {}, claims).reference;
      const second = own.registerService(Store, { scope: 'prototype', factory: new Counting() }).reference;
      expect(first.getProperties()).to.deep.equal({
        objectClass: ['test.Store'],
        'service.id': first.getProperty('service.id'),
        'service.bundleid': own.bundle.id,
        'service.scope': 'singleton',
        x: 1,
      });
      expect(second.getProperty('service.scope')).to.equal('prototype');
      expect(second.getProperty('service.id')).to.be.greaterThan(first.getProperty('service.id') as number);
    });

    it('S3 keys ignore case and keep it; two that differ only by case are refused', async () => {
      const { own } = await two();
      const { reference } = own.registerService(Store, {}, { Region: 'eu' });
      expect(reference.getProperty('REGION')).to.equal('eu');
      expect(reference.getPropertyKeys()).to.include('Region');
      expect(() => own.registerService(Store, {}, { a: 1, A: 2 })).to.throw(TypeError);
    });

    it('S3 values are copied in and out', async () => {
      const { own } = await two();
      const given = { list: [1, { deep: 1 }], map: { x: 1 }, at: new Date(0), set: new Set([1]) };
      const { reference } = own.registerService(Store, {}, given);
      given.list.push(2);
      given.map.x = 2;
      given.at.setTime(5);
      (reference.getProperty('list') as unknown[]).push(3);
      (reference.getProperty('set') as Set<number>).add(2);
      (reference.getProperty('objectClass') as string[]).push('x');
      expect(reference.getProperty('list')).to.deep.equal([1, { deep: 1 }]);
      expect(reference.getProperty('map')).to.deep.equal({ x: 1 });
      expect(reference.getProperty('at')).to.deep.equal(new Date(0));
      expect(reference.getProperty('set')).to.deep.equal(new Set([1]));
      expect(reference.getProperty('objectClass')).to.deep.equal(['test.Store']);
    });

    it('S4 a ranking that is no integer counts as 0', async () => {
      const { own } = await two();
      const zero = own.registerService(Store, {}).reference;
      for (const ranking of ['10', 1.5, Number.NaN, null, true]) {
        own.registerService(Store, {}, { 'service.ranking': ranking });
      }
      expect(own.getServiceReference(Store)).to.equal(zero);
    });

    it('S5 setProperties replaces all and sorts anew at once', async () => {
      const { own } = await two();
      const first = own.registerService(Store, {}, { x: 1 });
      const second = own.registerService(Store, {}, { y: 1 });
      second.setProperties({ 'service.ranking': 5 });
      expect(own.getServiceReference(Store)).to.equal(second.reference);
      expect(second.reference.getProperty('y')).to.be.undefined;
      second.setProperties({});
      expect(own.getServiceReference(Store)).to.equal(first.reference);
      second.setProperties({ 'service.ranking': -1 });
      first.setProperties({ 'service.ranking': -2 });
      expect(own.getServiceReferences(Store)).to.deep.equal([second.reference, first.reference]);
    });

    it('S5, S6 an unregistered service cannot be changed, nor unregistered again', async () => {
      const { own } = await two();
      const registration = own.registerService(Store, {});
      registration.unregister();
      expect(() => registration.unregister())
        .to.throw()
        .with.property('code', 'ILLEGAL_STATE');
      expect(() => registration.setProperties({}))
        .to.throw()
        .with.property('code', 'ILLEGAL_STATE');
      expect(() => registration[Symbol.dispose]()).not.to.throw();
    });

    it('S6 stopping the bundle unregisters all', async () => {
      const { own, a, context } = await two();
      own.registerService(Store, {});
      await a.stop();
      expect(context.getServiceReferences()).to.satisfy((all: ServiceReference[]) =>
        all.every(({ bundle }) => bundle !== a),
      );
      expect(a.getRegisteredServices()).to.deep.equal([]);
    });
  });

  describe('finding', () => {
    it('S8 greater ranking first, then the older; compareTo agrees', async () => {
      const { own } = await two();
      const rank = (ranking?: number): ServiceReference =>
        own.registerService(Store, {}, ranking === undefined ? {} : { 'service.ranking': ranking }).reference;
      const [none, low, high, high2, zero] = [rank(), rank(-1), rank(7), rank(7), rank(0)];
      const expected = [high, high2, none, zero, low];
      expect(own.getServiceReferences(Store)).to.deep.equal(expected);
      expect([...expected].reverse().sort((x, y) => y.compareTo(x))).to.deep.equal(expected);
      expect(high.compareTo(high2)).to.be.greaterThan(0);
      expect(high.compareTo(high)).to.equal(0);
    });

    it('S8 references of two frameworks do not compare', async () => {
      const first = await two();
      const second = await two();
      const mine = first.own.registerService(Store, {}).reference;
      const yours = second.own.registerService(Store, {}).reference;
      expect(() => mine.compareTo(yours)).to.throw(TypeError);
      expect(() => mine.compareTo({} as never)).to.throw(TypeError);
    });

    it('S8, S9, S11 finding agrees with a plain list, whatever was registered, ranked and taken away', async () => {
      const { own } = await two();
      type Step = { do: 'add' | 'rank' | 'remove'; at: number; ranking: number; pid: string };
      const steps = fc.array(
        fc.record<Step>({
          do: fc.constantFrom('add', 'add', 'rank', 'remove'),
          at: fc.nat(20),
          ranking: fc.integer({ min: -2, max: 2 }),
          pid: fc.constantFrom('p', 'q'),
        }),
        { maxLength: 40 },
      );
      fc.assert(
        fc.property(steps, (script) => {
          const living: {
            registration: ReturnType<typeof own.registerService>;
            ranking: number;
            pid: string;
            order: number;
          }[] = [];
          for (const [order, step] of script.entries()) {
            const target = living[step.at % Math.max(1, living.length)];
            const properties = { 'service.ranking': step.ranking, 'service.pid': step.pid };
            if (step.do === 'add')
              living.push({ registration: own.registerService(Store, {}, properties), order, ...step });
            else if (!target) continue;
            else if (step.do === 'rank') {
              target.registration.setProperties(properties);
              Object.assign(target, { ranking: step.ranking, pid: step.pid });
            } else {
              target.registration.unregister();
              living.splice(living.indexOf(target), 1);
            }
          }
          const expected = [...living].sort((x, y) => y.ranking - x.ranking || x.order - y.order);
          const references = (list: typeof living): ServiceReference[] =>
            list.map(({ registration }) => registration.reference);
          expect(own.getServiceReferences(Store)).to.deep.equal(references(expected));
          expect(own.getServiceReference(Store)).to.equal(references(expected)[0]);
          const p = references(expected.filter(({ pid }) => pid === 'p'));
          expect(own.getServiceReferences(Store, '(service.pid=p)')).to.deep.equal(p);
          expect(own.getServiceReferences(undefined, '(&(service.pid=p)(objectClass=test.Store))')).to.deep.equal(p);
          expect(own.getServiceReferences(undefined, '(|(service.pid=p)(x=1))')).to.deep.equal(p);
          expect(own.getServiceReference(Store, '(service.pid=p)')).to.equal(p[0]);
          for (const { registration } of living) registration.unregister();
          expect(own.getServiceReferences(Store)).to.deep.equal([]);
        }),
        { numRuns: 200 },
      );
    });

    it('S9 none: undefined, or an empty array; a bad filter throws before anything', async () => {
      const { own } = await two();
      expect(own.getServiceReference(Store)).to.be.undefined;
      expect(own.getServiceReferences(Store)).to.deep.equal([]);
      expect(() => own.getServiceReferences(Store, '(x'))
        .to.throw()
        .with.property('code', 'INVALID_SYNTAX');
      expect(() => own.getServiceReference(Store, '(x'))
        .to.throw()
        .with.property('code', 'INVALID_SYNTAX');
    });

    it('S9 finding is no use', async () => {
      const { own, other } = await two();
      const { reference } = own.registerService(Store, {});
      other.getServiceReferences(Store);
      expect(reference.getUsingBundles()).to.deep.equal([]);
    });

    it('S9 finds by filter, with and without a token', async () => {
      const { own } = await two();
      const eu = own.registerService(Store, {}, { region: 'eu', n: 1 }).reference;
      const us = own.registerService(Store, {}, { region: 'us', n: 2 }).reference;
      const byId = `(service.id=${String(us.getProperty('service.id'))})`;
      expect(own.getServiceReference(Store, '(region=us)')).to.equal(us);
      expect(own.getServiceReferences(undefined, '(&(objectClass=test.Store)(n<=1))')).to.deep.equal([eu]);
      expect(own.getServiceReferences(undefined, byId)).to.deep.equal([us]);
      expect(own.getServiceReferences(Other, byId)).to.deep.equal([]);
      expect(own.getServiceReferences(undefined, '(service.id=x)')).to.deep.equal([]);
      expect(own.getServiceReferences(undefined, '(objectClass=test.*)')).to.deep.equal([eu, us]);
    });

    it('S10 another major version of the contract is hidden, unless all are asked for', async () => {
      const { own } = await two();
      const v1 = serviceToken<object>('test.Api', { version: '1.4.0' });
      const v2 = serviceToken<object>('test.Api', { version: '2.0.0' });
      const old = own.registerService(serviceToken<object>('test.Api', { version: '1.0.0' }), {}).reference;
      const young = own.registerService(v2, {}, { 'service.ranking': 1 }).reference;
      expect(own.getServiceReferences(v1)).to.deep.equal([old]);
      expect(own.getServiceReference(v2)).to.equal(young);
      expect(own.getAllServiceReferences(v1)).to.deep.equal([young, old]);
      const seen: unknown[] = [];
      own.addServiceListener(({ reference }) => void seen.push(reference), undefined, v1);
      own.registerService(v2, {});
      const later = own.registerService(v1, {}).reference;
      expect(seen).to.deep.equal([later]);
    });
  });

  describe('getting and releasing', () => {
    it('S12 counts per bundle and registration', async () => {
      const { own, other, a, b } = await two();
      const service = {};
      const { reference } = own.registerService(Store, service);
      expect(other.getService(reference)).to.equal(service);
      expect(other.getService(reference)).to.equal(service);
      expect(own.getService(reference)).to.equal(service);
      expect(reference.getUsingBundles()).to.deep.equal([b, a]);
      expect([
        other.ungetService(reference),
        other.ungetService(reference),
        other.ungetService(reference),
      ]).to.deep.equal([true, true, false]);
      expect(reference.getUsingBundles()).to.deep.equal([a]);
      expect(b.getServicesInUse()).to.deep.equal([]);
      expect(a.getServicesInUse()).to.deep.equal([reference]);
    });

    it('S13 a factory makes one object per bundle, given back when the count is 0', async () => {
      const { own, other, b } = await two();
      const factory = new Counting();
      const { reference } = own.registerService(Store, { scope: 'bundle', factory });
      const first = other.getService(reference);
      expect(other.getService(reference)).to.equal(first);
      expect(own.getService(reference)).not.to.equal(first);
      expect(factory.made.map((each) => each.for)).to.deep.equal([b, own.bundle]);
      other.ungetService(reference);
      expect(factory.back).to.deep.equal([]);
      other.ungetService(reference);
      expect(factory.back).to.deep.equal([first]);
      expect(other.getService(reference)).not.to.equal(first);
    });

    it('S13 an object that merely has a scope is no factory', async () => {
      const { own } = await two();
      const service = { scope: 'bundle', factory: {} };
      const { reference } = own.registerService(Store, service);
      expect(own.getService(reference)).to.equal(service);
    });

    it('S14 a prototype makes a new object each time, and takes each back', async () => {
      const { own, other, b } = await two();
      const factory = new Counting();
      const registration = own.registerService(Store, { scope: 'prototype', factory });
      const objects = other.getServiceObjects(registration.reference);
      const [first, second] = [objects.getService()!, objects.getService()!];
      expect(first).not.to.equal(second);
      expect(other.getService(registration.reference), 'plain get is bundle scope').to.equal(
        other.getService(registration.reference),
      );
      expect(registration.reference.getUsingBundles()).to.deep.equal([b]);
      objects.ungetService(first);
      expect(factory.back).to.deep.equal([first]);
      expect(() => objects.ungetService(first)).to.throw(TypeError);
      expect(() => objects.ungetService({})).to.throw(TypeError);
      registration.unregister();
      expect(factory.back).to.have.length(3).and.to.include(second);
    });

    it('S14 outstanding objects are released when the consumer stops', async () => {
      const { own, other, b } = await two();
      const factory = new Counting();
      const { reference } = own.registerService(Store, { scope: 'prototype', factory });
      const objects = other.getServiceObjects(reference);
      objects.getService();
      objects.getService();
      await b.stop();
      expect(factory.back).to.have.length(2);
      expect(reference.getUsingBundles()).to.deep.equal([]);
    });

    it('S14 service objects of other scopes behave as a plain get', async () => {
      const { own, other } = await two();
      const service = {};
      const objects = other.getServiceObjects(own.registerService(Store, service).reference);
      expect(objects.getService()).to.equal(service);
      expect(() => objects.ungetService({})).to.throw(TypeError);
      objects.ungetService(service);
      expect(() => objects.ungetService(service)).to.throw(TypeError);
    });

    it('S15 a factory that makes nothing, or the wrong thing: undefined and FACTORY_ERROR', async () => {
      const { own, other, host, events } = await two();
      const make = (made: unknown): ServiceFactory<never> => ({
        getService: () => made as never,
        ungetService: () => expect.fail('given back'),
      });
      for (const made of [undefined, null, {}]) {
        const { reference } = own.registerService(Guarded, { scope: 'bundle', factory: make(made) });
        expect(other.getService(reference)).to.be.undefined;
        expect(reference.getUsingBundles()).to.deep.equal([]);
        expect(other.ungetService(reference)).to.be.false;
      }
      await host.events.idle();
      expect(events.errors.map((error) => (error as { code: string }).code)).to.deep.equal(
        Array(3).fill('FACTORY_ERROR'),
      );
    });

    it('S15 a factory that throws: FACTORY_EXCEPTION with its cause; a throwing ungetService: WARNING', async () => {
      const { own, other, host, events } = await two();
      const cause = new Error('boom');
      let broken = true;
      const { reference } = own.registerService(Store, {
        scope: 'bundle',
        factory: {
          getService: () => {
            if (broken) throw cause;
            return {};
          },
          ungetService: () => {
            throw cause;
          },
        },
      });
      expect(other.getService(reference)).to.be.undefined;
      broken = false;
      expect(other.getService(reference)).to.be.an('object');
      expect(other.ungetService(reference)).to.be.true;
      expect(reference.getUsingBundles()).to.deep.equal([]);
      await host.events.idle();
      const [error, warning] = events.frameworkEvents;
      expect([error!.type, warning!.type]).to.deep.equal(['ERROR', 'WARNING']);
      expect(error!.error).to.include({ code: 'FACTORY_EXCEPTION', cause });
      expect(warning!.error).to.include({ code: 'FACTORY_EXCEPTION', cause });
    });

    it('S16 a factory that gets its own service: undefined inside and outside, FACTORY_RECURSION', async () => {
      const { own, other, host, events } = await two();
      const inner: unknown[] = [];
      const { reference } = own.registerService(Store, {
        scope: 'bundle',
        factory: {
          getService: () => {
            inner.push(other.getService(reference));
            return {};
          },
          ungetService: () => undefined,
        },
      });
      expect(other.getService(reference)).to.be.undefined;
      expect(inner).to.deep.equal([undefined]);
      expect(reference.getUsingBundles()).to.deep.equal([]);
      await host.events.idle();
      expect(events.errors[0]).to.have.property('code', 'FACTORY_RECURSION');
    });

    it('S17 the consumer is listed while the factory runs', async () => {
      const { own, other, b } = await two();
      let during: Bundle[] = [];
      const { reference } = own.registerService(Store, {
        scope: 'bundle',
        factory: {
          getService: () => {
            during = reference.getUsingBundles();
            return {};
          },
          ungetService: () => undefined,
        },
      });
      other.getService(reference);
      expect(during).to.deep.equal([b]);
    });

    it('S18 a gone service has no bundle and cannot be got, but still tells its properties', async () => {
      const { own, other } = await two();
      const registration = own.registerService(Store, {}, { x: 1 });
      const { reference } = registration;
      registration.unregister();
      expect(reference.bundle).to.be.undefined;
      expect(other.getService(reference)).to.be.undefined;
      expect(await other.getServiceAsync(reference)).to.be.undefined;
      expect(reference.getProperty('x')).to.equal(1);
    });

    it('a service that goes while its factory makes it is not kept', async () => {
      const { own, other } = await two();
      const factory = new Counting();
      const registration = own.registerService(Store, {
        scope: 'bundle',
        factory: {
          getService: (bundle) => {
            registration.unregister();
            return factory.getService(bundle);
          },
          ungetService: (bundle, reg, service) => factory.ungetService(bundle, reg, service),
        },
      });
      expect(other.getService(registration.reference)).to.be.undefined;
      expect(factory.back).to.have.length(1);
      expect(registration.reference.getUsingBundles()).to.deep.equal([]);
    });

    it('C12 getServiceAsync waits for a factory that waits; concurrent gets make once', async () => {
      const { own, other, b, host, events } = await two();
      const gate = deferred<object>();
      let making = 0;
      const back: object[] = [];
      const registration = own.registerService(Store, {
        scope: 'bundle',
        factory: {
          getService: () => undefined,
          getServiceAsync: () => {
            making++;
            return gate.promise;
          },
          ungetService: (_bundle, _registration, service) => void back.push(service),
        },
      });
      const { reference } = registration;
      const both = Promise.all([other.getServiceAsync(reference), other.getServiceAsync(reference)]);
      expect(other.getService(reference), 'not made yet').to.be.undefined;
      const service = {};
      gate.resolve(service);
      expect(await both).to.deep.equal([service, service]);
      expect(making).to.equal(1);
      expect([
        other.ungetService(reference),
        other.ungetService(reference),
        other.ungetService(reference),
      ]).to.deep.equal([true, true, false]);
      expect(back).to.deep.equal([service]);
      expect(b.getServicesInUse()).to.deep.equal([]);
      await host.events.idle();
      expect(events.errors, 'a service that is not made yet is no error').to.deep.equal([]);
    });

    it('C12 L20 what is made for a bundle that has stopped meanwhile is given back', async () => {
      const { own, other, b } = await two();
      const gates = [deferred<object>(), deferred<object>()];
      const back: object[] = [];
      const made = [{ one: 1 }, { one: 2 }];
      let next = 0;
      const { reference } = own.registerService(Store, {
        scope: 'prototype',
        factory: {
          getService: () => undefined,
          getServiceAsync: () => gates[next++]!.promise,
          ungetService: (_bundle, _registration, service) => void back.push(service),
        },
      });
      const getting = [other.getServiceAsync(reference), other.getServiceObjects(reference).getServiceAsync()];
      await settle();
      await b.stop();
      gates.forEach((gate, index) => gate.resolve(made[index]!));
      expect(await Promise.all(getting)).to.deep.equal([undefined, undefined]);
      expect(back).to.have.members(made);
      expect(reference.getUsingBundles()).to.deep.equal([]);
      expect(b.getServicesInUse()).to.deep.equal([]);
    });

    it('S14 C12 prototypes whose making waits are one for each get, and go back one by one', async () => {
      const { own, other } = await two();
      const factory = new Counting();
      const { reference } = own.registerService(Store, {
        scope: 'prototype',
        factory: {
          getService: () => undefined,
          getServiceAsync: async (bundle) => Promise.resolve(factory.getService(bundle)),
          ungetService: (...args) => factory.ungetService(...args),
        },
      });
      const objects = other.getServiceObjects(reference);
      const [first, second] = await Promise.all([objects.getServiceAsync(), objects.getServiceAsync()]);
      expect(first).not.to.equal(second);
      objects.ungetService(first!);
      expect(factory.back).to.deep.equal([first]);
      expect(() => objects.ungetService(first!)).to.throw(TypeError);
      objects.ungetService(second!);
      expect(reference.getUsingBundles()).to.deep.equal([]);
    });

    it('C12 a service that goes while it is made asynchronously is given back', async () => {
      const { own, other } = await two();
      const gate = deferred<object>();
      const back: object[] = [];
      const registration = own.registerService(Store, {
        scope: 'bundle',
        factory: {
          getService: () => undefined,
          getServiceAsync: () => gate.promise,
          ungetService: (_bundle, _registration, service) => void back.push(service),
        },
      });
      const getting = other.getServiceAsync(registration.reference);
      await settle();
      registration.unregister();
      const service = {};
      gate.resolve(service);
      expect(await getting).to.be.undefined;
      expect(back).to.deep.equal([service]);
      expect(registration.reference.getUsingBundles()).to.deep.equal([]);
    });
  });

  describe('events', () => {
    const record = (context: BundleContext, filter?: string): string[] => {
      const seen: string[] = [];
      context.addServiceListener(({ type }) => void seen.push(type), filter);
      return seen;
    };

    it('S19 REGISTERED when it can be found, MODIFIED when the properties show', async () => {
      const { own, other } = await two();
      const seen: unknown[] = [];
      other.addServiceListener(({ type, reference }) => {
        seen.push(type, other.getServiceReference(Store) === reference, reference.getProperty('x'));
      });
      own.registerService(Store, {}, { x: 1 }).setProperties({ x: 2 });
      expect(seen).to.deep.equal(['REGISTERED', true, 1, 'MODIFIED', true, 2]);
    });

    it('S22 S19 during UNREGISTERING nobody finds it, and who has its reference still gets it', async () => {
      const { own, other, b } = await two();
      const service = {};
      const registration = own.registerService(Store, service);
      const { reference } = registration;
      const seen: unknown[] = [];
      other.addServiceListener(({ type }) => {
        if (type !== 'UNREGISTERING') return;
        seen.push(
          other.getServiceReference(Store),
          other.getService(reference),
          reference.bundle,
          reference.getUsingBundles(),
        );
      });
      registration.unregister();
      expect(seen).to.deep.equal([undefined, service, own.bundle, [b]]);
      expect(reference.getUsingBundles(), 'S22 released for those who did not').to.deep.equal([]);
    });

    it('S19, S20 a listener hears of changes into, inside and out of its filter, and of nothing else', async () => {
      const { own, other } = await two();
      const eu = record(other, '(region=eu)');
      const registration = own.registerService(Store, {}, { region: 'us' });
      registration.setProperties({ region: 'asia' });
      expect(eu).to.deep.equal([]);
      registration.setProperties({ region: 'eu' });
      registration.setProperties({ region: 'eu', x: 1 });
      registration.setProperties({ region: 'us' });
      registration.setProperties({ region: 'us', x: 1 });
      registration.unregister();
      expect(eu).to.deep.equal(['MODIFIED', 'MODIFIED', 'MODIFIED_ENDMATCH']);
    });

    it('S11, S20 a listener that is indexed by its token hears what one that is not hears', async () => {
      const { own, other } = await two();
      const indexed = record(other, '(&(objectClass=test.Store)(x=1))');
      const either = record(other, '(|(objectClass=test.Store)(objectClass=test.Other))');
      const plain = record(other, '(&(objectClass=*tore)(x=1))');
      own.registerService(Other, {}, { x: 1 }).unregister();
      own.registerService([Store, Other], {}, { x: 1 }).setProperties({ x: 2 });
      expect(indexed).to.deep.equal(['REGISTERED', 'MODIFIED_ENDMATCH']);
      expect(plain).to.deep.equal(indexed);
      expect(either).to.deep.equal(['REGISTERED', 'UNREGISTERING', 'REGISTERED', 'MODIFIED']);
    });

    it('S21 a listener added during an event does not get it; one removed, not any more', async () => {
      const { own, other } = await two();
      const seen: string[] = [];
      const third = (): void => void seen.push('third');
      const second = (): void => void seen.push('second');
      const first = (): void => {
        seen.push('first');
        other.removeServiceListener(second);
        other.addServiceListener(third);
      };
      other.addServiceListener(first);
      other.addServiceListener(second);
      own.registerService(Store, {});
      expect(seen).to.deep.equal(['first']);
      own.registerService(Other, {});
      expect(seen).to.deep.equal(['first', 'first', 'third']);
    });

    it('S21 is delivered in the stack of the changer', async () => {
      const { own, other } = await two();
      const seen = record(other);
      own.registerService(Store, {});
      expect(seen).to.deep.equal(['REGISTERED']);
    });

    it('S23 draining waits for those who hold the service, up to its time', async () => {
      const { own, other, clock } = await two();
      const gate = deferred();
      other.addServiceListener(({ type }: ServiceEvent) => (type === 'UNREGISTERING' ? gate.promise : undefined));
      const patient = own.registerService(Store, {});
      other.getService(patient.reference);
      const draining = patient.unregister({ drain: 1000 });
      await settle();
      expect(patient.reference.getUsingBundles()).to.deep.equal([other.bundle]);
      expect(own.getServiceReference(Store)).to.be.undefined;
      gate.resolve();
      await draining;
      expect(patient.reference.getUsingBundles()).to.deep.equal([]);

      const endless = own.registerService(Other, {});
      other.addServiceListener(({ type }) =>
        type === 'UNREGISTERING' ? new Promise<void>(() => undefined) : undefined,
      );
      other.getService(endless.reference);
      const late = endless.unregister({ drain: 1000 });
      await clock.tick(999);
      expect(endless.reference.getUsingBundles()).to.have.length(1);
      await clock.tick(1);
      await late;
      expect(endless.reference.getUsingBundles()).to.deep.equal([]);
      expect(clock.pending).to.equal(0);
    });

    it('S23 without drain the service goes at once; a stopping bundle drains', async () => {
      const { own, other, a } = await two();
      const gate = deferred();
      other.addServiceListener(({ type }) => (type === 'UNREGISTERING' ? gate.promise : undefined));
      const hasty = own.registerService(Store, {});
      other.getService(hasty.reference);
      hasty.unregister();
      expect(hasty.reference.getUsingBundles()).to.deep.equal([]);
      const slow = own.registerService(Store, {});
      other.getService(slow.reference);
      const stopping = a.stop();
      await settle();
      expect([a.state, slow.reference.getUsingBundles().length]).to.deep.equal(['STOPPING', 1]);
      gate.resolve();
      await stopping;
      expect(slow.reference.getUsingBundles()).to.deep.equal([]);
    });
  });

  describe('hooks', () => {
    it('S25 a find hook takes results away, adds none, and never filters the framework', async () => {
      const { own, other, context, host, events } = await two();
      const first = own.registerService(Store, {}, { hidden: true }).reference;
      const second = own.registerService(Store, {}).reference;
      own.registerService(FindHook, {
        find: (_consumer, _token, _filter, references) => {
          for (const reference of references) if (reference.getProperty('hidden')) references.delete(reference);
          (references as unknown as Set<ServiceReference>).add(first);
        },
      });
      expect(other.getServiceReferences(Store)).to.deep.equal([second]);
      expect(other.getServiceReference(Store)).to.equal(second);
      expect(context.getServiceReferences(Store)).to.deep.equal([first, second]);
      await host.events.idle();
      expect(events.errors[0]).to.be.instanceOf(TypeError);
    });

    it('S25 hooks are called best first, and one that throws is skipped', async () => {
      const { own, other, host, events } = await two();
      const order: string[] = [];
      const hook = (name: string, ranking: number): void => {
        const find = (): void => {
          order.push(name);
          if (name === 'broken') throw new Error('broken');
        };
        own.registerService(FindHook, { find }, { 'service.ranking': ranking });
      };
      hook('last', -1);
      hook('broken', 5);
      hook('middle', 0);
      other.getServiceReferences(Store);
      expect(order).to.deep.equal(['broken', 'middle', 'last']);
      await host.events.idle();
      expect(events.errors).to.have.length(1);
    });

    it('S25 an event hook takes listeners away, but not the framework’s', async () => {
      const { own, other, context } = await two();
      const seen: string[] = [];
      other.addServiceListener(() => void seen.push('other'));
      own.addServiceListener(() => void seen.push('own'));
      context.addServiceListener(() => void seen.push('framework'));
      own.registerService(EventListenerHook, {
        event: (_event, listeners) => {
          for (const info of listeners) if (info.bundle !== own.bundle) listeners.delete(info);
        },
      });
      seen.length = 0;
      own.registerService(Store, {});
      expect(seen).to.have.members(['own', 'framework']);
    });

    it('S25 a listener hook is told of all listeners, those before it too', async () => {
      const { own, other, b } = await two();
      const before = (): void => undefined;
      const after = (): void => undefined;
      other.addServiceListener(before, '(x=1)');
      const added: ListenerInfo[] = [];
      const removed: ListenerInfo[] = [];
      own.registerService(ListenerHook, {
        added: (listeners) => void added.push(...listeners),
        removed: (listeners) => void removed.push(...listeners),
      });
      const mine = (list: ListenerInfo[]): unknown[] =>
        list.filter(({ bundle }) => bundle === b).map(({ listener, filter }) => [listener, filter]);
      expect(mine(added)).to.deep.equal([[before, '(x=1)']]);
      other.addServiceListener(after);
      expect(mine(added)).to.deep.equal([
        [before, '(x=1)'],
        [after, undefined],
      ]);
      other.addServiceListener(before, '(x=2)');
      expect(mine(removed)).to.deep.equal([[before, '(x=1)']]);
      await b.stop();
      expect(mine(removed)).to.have.deep.members([
        [before, '(x=1)'],
        [before, '(x=2)'],
        [after, undefined],
      ]);
    });
  });

  describe('permissions', () => {
    it('X4 a bundle registers and uses only what its manifest permits', async () => {
      const { start, own, context } = await two();
      own.registerService(Other, {});
      const restricted = await start('restricted', {
        manifest: { permissions: { services: { register: ['test.St*'], consume: ['test.Store'] } } },
      });
      const mine = restricted.context!;
      const { reference } = mine.registerService(Store, {});
      expect(() => mine.registerService(Other, {}))
        .to.throw()
        .with.property('code', 'PERMISSION_DENIED');
      expect(mine.getServiceReference(Store)).to.equal(reference);
      expect(mine.getServiceReference(Other)).to.be.undefined;
      expect(mine.getServiceReferences(Other)).to.deep.equal([]);
      const foreign = context.getServiceReference(Other)!;
      expect(() => mine.getService(foreign))
        .to.throw()
        .with.property('code', 'PERMISSION_DENIED');
      await rejection(mine.getServiceAsync(foreign), 'PERMISSION_DENIED');
    });

    it('X4 permissions that say nothing of services permit everything', async () => {
      const { start } = await two();
      const free = await start('free', { manifest: { permissions: { net: ['*'] } } });
      expect(() => free.context!.registerService(Store, {})).not.to.throw();
    });
  });
});
