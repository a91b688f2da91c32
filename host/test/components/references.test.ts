import type { Cardinality, ServiceRegistration } from '@oxtender/bundle-api';
import {
  Activate,
  Component,
  Deactivate,
  Reference,
  type ReferenceOptions,
  ServiceGoneError,
  serviceToken,
} from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { type LaunchedHost, launchHost } from '../support/host-parts';
import { deferred, stopAll } from '../support/launch';

interface Store {
  readonly name: string;
}
const Store = serviceToken<Store>('test.Store');
interface Other {
  readonly other: true;
}
const Other = serviceToken<Other>('test.Other');

/** A host with one component that tells what happens to it, and the services a (ranking 1), b (2), … */
interface Scene {
  readonly host: LaunchedHost;
  /** The services that were there before the component, in the order given. */
  readonly first: ServiceRegistration<Store>[];
  readonly add: (name: string, ranking: number, properties?: object) => ServiceRegistration<Store>;
  /** What happened since it was asked last. */
  readonly taken: () => string[];
}

async function started(options: ReferenceOptions, ...before: [string, number][]): Promise<Scene> {
  const log: string[] = [];
  @Component({ name: 'c' })
  class Watcher {
    @Reference(Store, { name: 'store', bind: 'bind', unbind: 'unbind', updated: 'updated', ...options })
    store!: unknown;
    bind({ name }: Store): void {
      log.push(`+${name}`);
    }
    unbind({ name }: Store): void {
      log.push(`-${name}`);
    }
    updated({ name }: Store, properties: { x?: number }): void {
      log.push(`~${name} ${properties.x}`);
    }
    @Activate() up(): void {
      log.push('up');
    }
    @Deactivate() down(): void {
      log.push('down');
    }
  }
  const host = await launchHost();
  const add = (name: string, ranking: number, properties = {}): ServiceRegistration<Store> =>
    host.context.registerService(Store, { name }, { 'service.ranking': ranking, ...properties });
  const first = before.map(([name, ranking]) => add(name, ranking));
  await host.run('a', { Watcher });
  return { host, first, add, taken: () => log.splice(0) };
}

type Policy = `${'static' | 'dynamic'} ${'reluctant' | 'greedy'}`;

const optionsOf = (policy: Policy, cardinality: Cardinality): ReferenceOptions => {
  const [kind, option] = policy.split(' ') as ['static', 'greedy'];
  return { policy: kind, policyOption: option, cardinality };
};

/** The table of rule C15: what happens when a better service arrives, when the bound one leaves, when properties change. */
const matrix: readonly {
  policy: Policy;
  cardinality: Cardinality;
  better: string[];
  leaves: string[];
  changed: string[];
  unbound?: string[];
}[] = [
  { policy: 'static reluctant', cardinality: '1..1', better: [], leaves: ['down', '-a', '+b', 'up'], changed: [] },
  {
    policy: 'static greedy',
    cardinality: '1..1',
    better: ['down', '-a', '+b', 'up'],
    leaves: ['down', '-b', '+a', 'up'],
    changed: [],
  },
  { policy: 'dynamic reluctant', cardinality: '1..1', better: [], leaves: ['+b', '-a'], changed: ['~a 1'] },
  { policy: 'dynamic greedy', cardinality: '1..1', better: ['+b', '-a'], leaves: ['+a', '-b'], changed: ['~a 1'] },
  {
    policy: 'static reluctant',
    cardinality: '0..1',
    better: [],
    leaves: ['down', '-a', '+b', 'up'],
    changed: [],
    unbound: [],
  },
  {
    policy: 'static greedy',
    cardinality: '0..1',
    better: ['down', '-a', '+b', 'up'],
    leaves: ['down', '-b', '+a', 'up'],
    changed: [],
    unbound: ['down', '+n', 'up'],
  },
  {
    policy: 'dynamic reluctant',
    cardinality: '0..1',
    better: [],
    leaves: ['+b', '-a'],
    changed: ['~a 1'],
    unbound: ['+n'],
  },
  {
    policy: 'dynamic greedy',
    cardinality: '0..1',
    better: ['+b', '-a'],
    leaves: ['+a', '-b'],
    changed: ['~a 1'],
    unbound: ['+n'],
  },
  { policy: 'static reluctant', cardinality: '1..n', better: [], leaves: ['down', '-a', '+b', 'up'], changed: [] },
  {
    policy: 'static greedy',
    cardinality: '1..n',
    better: ['down', '-a', '+b', '+a', 'up'],
    leaves: ['down', '-a', '-b', '+a', 'up'],
    changed: [],
  },
  { policy: 'dynamic reluctant', cardinality: '1..n', better: ['+b'], leaves: ['-a'], changed: ['~a 1'] },
  { policy: 'dynamic greedy', cardinality: '0..n', better: ['+b'], leaves: ['-a'], changed: ['~a 1'], unbound: ['+n'] },
];

describe('Components: references (reference 9.4)', () => {
  afterEach(stopAll);

  for (const { policy, cardinality, better, leaves, changed, unbound } of matrix) {
    describe(`C15 ${policy} ${cardinality}`, () => {
      it('a better service arrives, then the bound one leaves', async () => {
        const { add, taken, first } = await started(optionsOf(policy, cardinality), ['a', 1]);
        expect(taken()).to.deep.equal(['+a', 'up']);
        const b = add('b', 2);
        expect(taken()).to.deep.equal(better);
        const boundIsB = leaves.includes('-b') && !leaves.includes('+b') && !cardinality.endsWith('n');
        (boundIsB ? b : cardinality === '1..n' && policy === 'static greedy' ? b : first[0]!).unregister();
        expect(taken()).to.deep.equal(leaves);
      });

      it('the properties of the bound service change', async () => {
        const { taken, first } = await started(optionsOf(policy, cardinality), ['a', 1]);
        taken();
        first[0]!.setProperties({ 'service.ranking': 1, x: 1 });
        expect(taken()).to.deep.equal(changed);
      });

      it('the last service leaves', async () => {
        const { host, taken, first } = await started(optionsOf(policy, cardinality), ['a', 1]);
        taken();
        first[0]!.unregister();
        const state = host.components.list()[0]!.state;
        const gone = ['down', '-a'];
        if (cardinality.startsWith('1')) {
          expect([state, taken()]).to.deep.equal(['unsatisfied-reference', gone]);
        } else {
          expect([state, taken()]).to.deep.equal(['active', policy.startsWith('static') ? [...gone, 'up'] : ['-a']]);
        }
      });

      if (unbound) {
        it('C16 a service arrives when none was there', async () => {
          const { add, taken } = await started(optionsOf(policy, cardinality));
          expect(taken()).to.deep.equal(['up']);
          add('n', 0);
          expect(taken()).to.deep.equal(unbound);
        });
      }
    });
  }

  it('C15 a greedy reference follows a changed ranking, a reluctant one does not', async () => {
    for (const [option, expected] of [
      ['greedy', ['+a', '-b']],
      ['reluctant', []],
    ] as const) {
      const { taken, first } = await started({ policy: 'dynamic', policyOption: option }, ['a', 1], ['b', 2]);
      expect(taken()).to.deep.equal(['+b', 'up']);
      first[0]!.setProperties({ 'service.ranking': 3 });
      expect(taken()).to.deep.equal(expected);
    }
  });

  it('C15 leaving the target is leaving, coming into it is arriving', async () => {
    const { host, add, taken } = await started({ policy: 'dynamic', target: '(region=eu)' });
    const store = add('a', 0, { region: 'us' });
    expect(taken()).to.deep.equal([]);
    store.setProperties({ region: 'eu' });
    expect(taken()).to.deep.equal(['+a', 'up']);
    store.setProperties({ region: 'us' });
    expect(taken()).to.deep.equal(['down', '-a']);
    expect(host.components.list()[0]!.references[0]!.candidates[0]).to.match(
      /service \d+ of oxtender.host does not match \(region=eu\)/,
    );
  });

  it('C15 configuration overrides the target and raises the minimum, up to the bound', async () => {
    const { host, add, taken } = await started({ policy: 'dynamic', cardinality: '0..n' });
    taken();
    await host.configure('c', { 'store.target': '(region=eu)', 'store.cardinality.minimum': 2 });
    expect(taken()).to.deep.equal(['down']);
    add('a', 0, { region: 'eu' });
    add('b', 0, { region: 'us' });
    expect(taken()).to.deep.equal([]);
    add('c', 0, { region: 'eu' });
    expect(taken()).to.deep.equal(['+a', '+c', 'up']);
  });

  it('C15 a target that is no filter leaves the reference unsatisfied, and says so', async () => {
    const { host, add } = await started({ target: '(region' });
    add('a', 0);
    const [report] = host.components.list();
    expect(report).to.include({ state: 'unsatisfied-reference' });
    expect(report!.reason).to.contain('its target is no filter');
    expect(host.messages()).to.include('error: the target of a reference is no filter');
  });

  it('C17 binds each service once, and unbinds the same object', async () => {
    const seen: unknown[] = [];
    @Component({ name: 'c' })
    class Once {
      @Reference(Store, { policy: 'dynamic', cardinality: '0..n', bind: 'bind', unbind: 'unbind' })
      stores!: readonly Store[];
      bind(store: Store): void {
        seen.push(store);
      }
      unbind(store: Store): void {
        seen.push(store);
      }
    }
    const host = await launchHost();
    const [a, b] = [{ name: 'a' }, { name: 'b' }];
    const registrations = [host.context.registerService(Store, a), host.context.registerService(Store, b)];
    await host.run('x', { Once });
    registrations[0]!.unregister();
    expect(seen).to.deep.equal([a, b, a]);
    expect(seen[2]).to.equal(a);
  });

  it('C18 sets the new value before the old is released; collections: a new array each, or the same one', async () => {
    const fields: Record<string, unknown>[] = [];
    @Component({ name: 'c' })
    class Fields {
      @Reference(Store, { policy: 'dynamic', policyOption: 'greedy', unbind: 'gone' }) one!: Store;
      @Reference(Store, { name: 'all', policy: 'dynamic', cardinality: '0..n' }) all!: readonly Store[];
      @Reference(Store, { name: 'same', policy: 'dynamic', cardinality: '0..n', fieldOption: 'update' }) same!: Store[];
      gone(old: Store): void {
        fields.push({ old: old.name, now: this.one.name });
      }
      @Activate() up(): void {
        fields.push({ all: this.all, same: this.same });
      }
      @Deactivate() down(): void {
        fields.push({ all: this.all, same: this.same });
      }
    }
    const host = await launchHost();
    host.context.registerService(Store, { name: 'a' });
    const bundle = await host.run('x', { Fields });
    host.context.registerService(Store, { name: 'b' }, { 'service.ranking': 1 });
    await bundle.stop();
    expect(fields[1]).to.deep.equal({ old: 'a', now: 'b' });
    const [before, , after] = fields as [Record<string, Store[]>, unknown, Record<string, Store[]>];
    expect(before.all!.map(({ name }) => name)).to.deep.equal(['a']);
    expect(after.all!.map(({ name }) => name)).to.deep.equal(['b', 'a']);
    expect(Object.isFrozen(after.all)).to.equal(true);
    expect(after.same).to.equal(before.same);
  });

  it('C19 a throwing bind is logged, and the activation goes on', async () => {
    @Component({ name: 'c' })
    class Throws {
      @Reference(Store, { bind: 'bind' }) store!: Store;
      bind(): void {
        throw new Error('no');
      }
    }
    const host = await launchHost();
    host.context.registerService(Store, { name: 'a' });
    await host.run('x', { Throws });
    expect(host.components.list()[0]!.state).to.equal('active');
    expect(host.messages()).to.include('error: a method of a reference failed');
  });

  it('C20 scope prototype gets an instance of its own; prototypeRequired takes nothing else', async () => {
    @Component({ name: 'provider', provides: [Other], scope: 'prototype' })
    class Provider {}
    const seen: unknown[] = [];
    @Component({ name: 'one' })
    class One {
      constructor(@Reference(Other, { scope: 'prototype' }) other: Other) {
        seen.push(other);
      }
    }
    @Component({ name: 'two' })
    class Two {
      constructor(@Reference(Other, { scope: 'prototypeRequired' }) other: Other) {
        seen.push(other);
      }
    }
    @Component({ name: 'three' })
    class Three {
      constructor(@Reference(Store, { scope: 'prototypeRequired' }) readonly store: Store) {}
    }
    const host = await launchHost();
    host.context.registerService(Store, { name: 'single' });
    await host.run('x', { Provider, One, Two, Three });
    expect(seen[0]).to.be.instanceOf(Provider);
    expect(seen[0]).to.not.equal(seen[1]);
    const three = host.components.list().find(({ name }) => name === 'three')!;
    expect(three.reason).to.match(/is no prototype/);
  });

  it('S24 a guarded service ends with its binding: later calls throw, those in flight finish, the raw one lives on', async () => {
    interface Slow extends Store {
      readonly wait: () => Promise<string>;
    }
    const Slow = serviceToken<Slow>('test.Slow');
    class Real implements Slow {
      readonly #name = 'real';
      readonly name = 'real';
      readonly gate = deferred();
      async wait(): Promise<string> {
        await this.gate.promise;
        return this.#name;
      }
    }
    const kept: Slow[] = [];
    @Component({ name: 'keeps' })
    class Keeps {
      constructor(@Reference(Slow, { guarded: true }) slow: Slow) {
        kept.push(slow);
      }
    }
    const host = await launchHost();
    const real = new Real();
    const provider = await host.start('provider', {
      start: (context) => void context.registerService(Slow, real),
    });
    await host.run('a', { Keeps });
    const [slow] = kept;
    expect(slow!.name).to.equal('real');
    expect(slow!.wait).to.equal(slow!.wait);
    const { wait } = slow!;
    const inFlight = wait();
    await provider.stop();
    const uses: (() => unknown)[] = [() => slow!.name, () => slow!.wait(), () => wait()];
    for (const use of uses) {
      expect(use)
        .to.throw(ServiceGoneError)
        .that.includes({ token: 'test.Slow', bundle: 'provider', since: host.clock.now(), retryable: true });
    }
    real.gate.resolve();
    expect(await inFlight).to.equal('real');
    expect(real.name).to.equal('real');
  });

  it('S24 services of a remotable token are guarded by default; configuration says of each reference whether', async () => {
    const Far = serviceToken<Store>('test.Far', { remotable: true });
    const seen: Record<string, Store> = {};
    @Component({ name: 'near', configurationPid: ['near'] })
    class Near {
      constructor(@Reference(Store, { name: 'store' }) store: Store) {
        seen.near = store;
      }
    }
    @Component({ name: 'far' })
    class Distant {
      constructor(@Reference(Far) far: Store) {
        seen.far = far;
      }
    }
    @Component({ name: 'bold' })
    class Bold {
      constructor(@Reference(Far, { guarded: false }) far: Store) {
        seen.bold = far;
      }
    }
    const host = await launchHost();
    const store: Store = { name: 'real' };
    const provider = await host.start('provider', {
      start: (context) => void context.registerService([Store, Far], store),
    });
    await host.run('a', { Near, Distant, Bold });
    expect([seen.near === store, seen.far === store, seen.bold === store]).to.deep.equal([true, false, true]);
    await host.configure('near', { 'store.guarded': true });
    expect(seen.near === store).to.equal(false);
    await provider.stop();
    expect(() => seen.near!.name).to.throw(ServiceGoneError);
    expect(() => seen.far!.name).to.throw(ServiceGoneError);
    expect(seen.bold!.name).to.equal('real');
  });

  it("C21 a component's own service is no candidate for itself", async () => {
    @Component({ name: 'self', provides: [Other], immediate: true })
    class Self {
      @Reference(Other, { policy: 'dynamic', cardinality: '0..n' }) others!: readonly Other[];
    }
    const host = await launchHost();
    const bundle = await host.run('x', { Self });
    const self = host.context.getService(host.context.getServiceReference(Other)!) as unknown as Self;
    expect(self.others).to.deep.equal([]);
    host.context.registerService(Other, { other: true });
    expect(self.others).to.have.length(1);
    await bundle.stop();
  });

  it('C12 C20 each user of a prototype whose activation waits has its own, made once', async () => {
    let made = 0;
    @Component({ name: 'each', provides: [Store], scope: 'prototype' })
    class Each {
      readonly name = `each ${++made}`;
      @Activate() async up(): Promise<void> {
        await Promise.resolve();
      }
    }
    const users: Store[] = [];
    @Component({ name: 'user' })
    class User {
      constructor(@Reference(Store, { scope: 'prototypeRequired' }) store: Store) {
        users.push(store);
      }
    }
    @Component({ name: 'other' })
    class OtherUser extends User {
      constructor(@Reference(Store, { scope: 'prototype' }) store: Store) {
        super(store);
      }
    }
    const host = await launchHost();
    await host.run('each', { Each });
    await host.run('users', { User, OtherUser });
    await settle();
    expect(users.map(({ name }) => name).sort()).to.deep.equal(['each 1', 'each 2']);
  });

  it('C15 a reference that has some, and not as many as it wants, says so', async () => {
    @Component({ name: 'many', properties: { 'test.Store.cardinality.minimum': 2 } })
    class Many {
      constructor(@Reference(Store, { cardinality: '0..n' }) readonly stores: readonly Store[]) {}
    }
    const host = await launchHost();
    host.context.registerService(Store, { name: 'a' });
    await host.run('x', { Many });
    expect(host.components.list()[0]!.reason).to.contain('it wants 2 of them, and there is 1');
  });

  describe('C22 cycles', () => {
    const A = serviceToken<{ readonly b: unknown }>('cycle.A');
    const B = serviceToken<{ readonly a: unknown }>('cycle.B');

    it('two that need each other stay unsatisfied, and the report names both', async () => {
      @Component({ name: 'a', provides: [A] })
      class First {
        constructor(@Reference(B) readonly b: unknown) {}
      }
      @Component({ name: 'b', provides: [B] })
      class Second {
        constructor(@Reference(A) readonly a: unknown) {}
      }
      const host = await launchHost();
      await host.run('x', { First, Second });
      const reasons = host.components.list().map(({ reason }) => reason);
      expect(reasons[0]).to.contain('component b of x would provide it, but is unsatisfied-reference');
      expect(reasons[1]).to.contain('component a of x would provide it, but is unsatisfied-reference');
      expect(reasons[0]).to.contain('components need each other: a → b → a');
      await settle();
      expect(host.events.errors.map(String).join()).to.contain('components need each other: b → a → b');
    });

    it('is none where somebody else may still provide what one of them needs', async () => {
      const Late = serviceToken<object>('cycle.Late');
      @Component({ name: 'a', provides: [A] })
      class First {
        constructor(@Reference(B) readonly b: unknown) {}
      }
      @Component({ name: 'b', provides: [B] })
      class Second {
        constructor(@Reference(A) readonly a: unknown) {}
      }
      @Component({ name: 'c', provides: [B] })
      class Third {
        constructor(@Reference(Late) readonly late: unknown) {}
      }
      const host = await launchHost();
      await host.run('x', { First, Second, Third });
      await settle();
      expect(host.events.errors.map(String).join()).to.not.contain('need each other');
      host.context.registerService(Late, {});
      await settle();
      expect(host.components.list().map(({ state }) => state)).to.not.include('unsatisfied-reference');
    });

    it('whichever of the two is asked for first, the optional side is bound in the end', async () => {
      @Component({ name: 'a', provides: [A] })
      class First {
        constructor(@Reference(B) readonly b: { a: unknown }) {}
        @Activate() async up(): Promise<void> {
          await Promise.resolve();
        }
      }
      for (const slow of [false, true]) {
        @Component({ name: 'b', provides: [B] })
        class Second {
          @Reference(A, { policy: 'dynamic', cardinality: '0..n' }) a!: readonly First[];
          @Activate() up(): void | Promise<void> {
            if (slow) return Promise.resolve();
          }
        }
        const host = await launchHost();
        await host.run('x', { First, Second });
        const second = (await host.context.getServiceAsync(host.context.getServiceReference(B)!)) as Second;
        await settle();
        expect(second.a.map(({ b }) => b)).to.deep.equal([second]);
        expect(host.messages().filter((message) => message.startsWith('error'))).to.deep.equal([]);
      }
    });

    for (const slow of [false, true]) {
      it(`with one optional dynamic side both come up, the optional side later${slow ? ', across awaits' : ''}`, async () => {
        const gate = deferred();
        @Component({ name: 'a', provides: [A] })
        class First {
          constructor(@Reference(B) readonly b: { a: unknown }) {}
          @Activate() async up(): Promise<void> {
            if (slow) await gate.promise;
          }
        }
        @Component({ name: 'b', provides: [B] })
        class Second {
          @Reference(A, { policy: 'dynamic', cardinality: '0..1' }) a: unknown;
          @Activate() async up(): Promise<void> {
            if (slow) await gate.promise;
          }
        }
        const host = await launchHost();
        await host.run('x', { First, Second });
        const getting = host.context.getServiceAsync(host.context.getServiceReference(A)!);
        gate.resolve();
        const first = (await getting) as First;
        await settle();
        expect(first).to.be.instanceOf(First);
        expect(first.b).to.be.instanceOf(Second);
        expect(first.b.a).to.equal(first);
        expect(host.events.errors).to.deep.equal([]);
      });
    }

    it('one that gets its own service while it is activated is told the path, without a hang', async () => {
      const errors: unknown[] = [];
      @Component({ name: 'a', provides: [A] })
      class First {
        readonly b = undefined;
        @Activate() async up(context: { bundleContext: LaunchedHost['context'] }): Promise<void> {
          const { bundleContext } = context;
          await bundleContext.getServiceAsync(bundleContext.getServiceReference(B)!);
        }
      }
      @Component({ name: 'b', provides: [B] })
      class Second {
        readonly a = undefined;
        @Activate() async up(context: { bundleContext: LaunchedHost['context'] }): Promise<void> {
          const { bundleContext } = context;
          errors.push(await bundleContext.getServiceAsync(bundleContext.getServiceReference(A)!));
        }
      }
      const host = await launchHost();
      await host.run('x', { First, Second });
      await host.context.getServiceAsync(host.context.getServiceReference(A)!);
      const causes = host.events.errors.map((error) => String((error as Error).cause));
      expect(causes.join()).to.contain('components need each other: a → b → a');
      expect(errors).to.deep.equal([undefined]);
    });
  });

  it('C23 a reference lost while activating: the activation ends, then the component goes at once', async () => {
    const gate = deferred();
    const log: string[] = [];
    @Component({ name: 'slow' })
    class Slow {
      constructor(@Reference(Store) readonly store: Store) {}
      @Activate() async up(): Promise<void> {
        await gate.promise;
        log.push(`up with ${this.store.name}`);
      }
      @Deactivate() down(): void {
        log.push('down');
      }
    }
    const host = await launchHost();
    const registration = host.context.registerService(Store, { name: 'a' });
    const running = host.run('x', { Slow });
    await settle();
    registration.unregister();
    expect(log).to.deep.equal([]);
    gate.resolve();
    await running;
    expect(log).to.deep.equal(['up with a', 'down']);
    expect(host.components.list()[0]!.state).to.equal('unsatisfied-reference');
  });

  it('C23 dynamic services that come and go while activating are bound and unbound when it ends', async () => {
    const gate = deferred();
    const log: string[] = [];
    @Component({ name: 'slow' })
    class Slow {
      @Reference(Store, { policy: 'dynamic', cardinality: '0..n', bind: 'bind', unbind: 'unbind' })
      stores!: readonly Store[];
      bind({ name }: Store): void {
        log.push(`+${name}`);
      }
      unbind({ name }: Store): void {
        log.push(`-${name}`);
      }
      @Activate() async up(): Promise<void> {
        await gate.promise;
        log.push(`up with ${this.stores.length}`);
      }
    }
    const host = await launchHost();
    const first = host.context.registerService(Store, { name: 'a' });
    const running = host.run('x', { Slow });
    await settle();
    host.context.registerService(Store, { name: 'b' });
    first.unregister();
    expect(log).to.deep.equal(['+a']);
    gate.resolve();
    await running;
    await settle();
    expect(log).to.deep.equal(['+a', 'up with 1', '+b', '-a']);
  });

  it('C24 slows a component down that is made anew more than ten times in ten seconds', async () => {
    let made = 0;
    @Component({ name: 'storm' })
    class Storm {
      constructor(@Reference(Store, { policyOption: 'greedy' }) readonly store: Store) {
        made++;
      }
    }
    const host = await launchHost();
    host.context.registerService(Store, { name: 's' });
    await host.run('x', { Storm });
    for (let ranking = 1; ranking <= 15; ranking++)
      host.context.registerService(Store, { name: 's' }, { 'service.ranking': ranking });
    await settle();
    expect(made).to.equal(11);
    expect(host.messages()).to.include('warn: component is made anew again and again');
    await host.clock.tick(60_000);
    expect(host.components.list()[0]).to.include({ state: 'active' });
  });

  it('L23 a component of another bundle goes and comes with a service, and takes its own with it', async () => {
    @Component({ name: 'middle', provides: [Other] })
    class Middle {
      constructor(@Reference(Store) readonly store: Store) {}
    }
    @Component({ name: 'top' })
    class Top {
      constructor(@Reference(Other) readonly other: Other) {}
    }
    @Component({ name: 'bottom', provides: [Store] })
    class Bottom {
      readonly name = 'bottom';
    }
    const host = await launchHost();
    const bottom = await host.run('bottom', { Bottom });
    const bundles = [await host.run('middle', { Middle }), await host.run('top', { Top })];
    const states = (): string[] => host.components.list().map(({ name, state }) => `${name} ${state}`);
    expect(states()).to.include.members(['middle active', 'top active']);
    await bottom.stop();
    expect(states()).to.deep.equal(['middle unsatisfied-reference', 'top unsatisfied-reference']);
    expect(bundles.map(({ state }) => state)).to.deep.equal(['ACTIVE', 'ACTIVE']);
    await bottom.start();
    await settle();
    expect(states()).to.include.members(['middle active', 'top active']);
  });
});
