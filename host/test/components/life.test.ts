import type {
  BundleContext,
  ComponentContext,
  DeactivationReason,
  ServiceReference,
  ServiceToken,
} from '@oxtender/bundle-api';
import {
  Activate,
  BundleContext as BundleContextToken,
  Component,
  ComponentFactory,
  Config,
  Deactivate,
  Inject,
  Logger,
  Modified,
  Reference,
  serviceToken,
} from '@oxtender/bundle-api';
import { inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { container, singleton } from 'tsyringe';
import { type LaunchedHost, launchHost } from '../support/host-parts';
import { deferred, rejection, stopAll } from '../support/launch';

interface Greeter {
  greet(): string;
}
const Greeter = serviceToken<Greeter>('test.Greeter');
interface Storage {
  readonly name: string;
}
const Storage = serviceToken<Storage>('test.Storage');

function refOf<T>(context: BundleContext, token: ServiceToken<T>): ServiceReference<T> {
  const reference = context.getServiceReference(token);
  if (!reference) throw new Error(`there is no ${token.id}`);
  return reference;
}

const stateOf = ({ components }: LaunchedHost, name: string): string | undefined =>
  components.list().find((each) => each.name === name)?.state;

describe('Components: life (reference 9.1 to 9.3)', () => {
  afterEach(stopAll);

  it('C1 C2 gives each bundle its own constants, and services as values', async () => {
    const seen: unknown[] = [];
    @Component({ name: 'one' })
    class One {
      constructor(@Inject(BundleContextToken) context: BundleContext, @Inject(Logger) log: Logger) {
        seen.push(context.bundle.symbolicName, typeof log.info);
      }
    }
    @Component({ name: 'two' })
    class Two {
      constructor(@Inject(BundleContextToken) context: BundleContext) {
        seen.push(context.bundle.symbolicName);
      }
    }
    const host = await launchHost();
    await host.run('a', { One });
    await host.run('b', { Two });
    expect(seen).to.deep.equal(['a', 'function', 'b']);
  });

  it('C3 takes back what a bundle registers for all, and says so', async () => {
    @singleton()
    class Stray {}
    @Component({ name: 'one' })
    class One {}
    const host = await launchHost();
    await host.run('a', { One, Stray });
    expect(container.isRegistered(Stray)).to.equal(false);
    expect(stateOf(host, 'one')).to.equal('active');
    expect(host.messages().join()).to.include('not registered: a bundle has a container of its own');
    await host.run('b', { Two: One });
    expect(host.messages().filter((line) => line.includes('not registered'))).to.have.lengthOf(1);
  });

  it('C4 classes of a bundle that is gone leave the memory: tsyringe keeps none of them', async () => {
    const host = await launchHost();
    const classOf = async (): Promise<WeakRef<object>> => {
      @Component({ name: 'big' })
      class Big {
        constructor(@Inject(Logger) readonly log: Logger) {}
      }
      const bundle = await host.run('a', { Big });
      expect(stateOf(host, 'big')).to.equal('active');
      await bundle.uninstall();
      return new WeakRef(Big);
    };
    const held = await classOf();
    host.events.clear(); // events name their bundle, and it its content
    // Each collects garbage; what only just ended may need another one.
    for (let round = 0; round < 5 && held.deref(); round++) await host.framework.operator.leaks();
    expect(held.deref()).to.be.undefined;
  });

  it('C5 ranking and multiples are those of the registry; one that is missing is no error of the container', async () => {
    @Component({ name: 'all' })
    class All {
      @Reference(Storage, { cardinality: '0..n', policy: 'dynamic' }) stores!: Storage[];
      @Reference(Storage, { optional: true, policy: 'dynamic', policyOption: 'greedy' }) best!: Storage | undefined;
      @Activate() up(): void {
        instances.push(this);
      }
    }
    @Component({ name: 'needs' })
    class Needs {
      constructor(@Reference(Greeter) readonly greeter: Greeter) {}
    }
    const instances: All[] = [];
    const host = await launchHost();
    host.context.registerService(Storage, { name: 'low' }, { 'service.ranking': 1 });
    const high = host.context.registerService(Storage, { name: 'high' }, { 'service.ranking': 2 });
    host.context.registerService(Storage, { name: 'last' });
    await host.run('a', { All, Needs });
    const seen = (): unknown[] => [instances[0]!.best?.name, instances[0]!.stores.map(({ name }) => name)];
    expect(seen()).to.deep.equal(['high', ['high', 'low', 'last']]);
    high.unregister();
    await settle();
    expect(seen()).to.deep.equal(['low', ['low', 'last']]);
    expect(stateOf(host, 'needs')).to.equal('unsatisfied-reference');
    expect(instances).to.have.length(1);
  });

  it('C6 tokens are enough, where no types are emitted; a parameter without one is a fault that is named', async () => {
    const made: unknown[] = [];
    const plain = (name: string) =>
      class {
        readonly name = name;
        constructor(...values: unknown[]) {
          made.push(name, ...values);
        }
      };
    const Good = plain('good');
    Reference(Storage)(Good, undefined, 0);
    Component({ name: 'good' })(Good);
    const Bad = class {
      constructor(readonly unknown: object) {
        made.push('bad');
      }
      greet(): string {
        return 'never';
      }
    };
    Component({ name: 'bad' })(Bad);
    const host = await launchHost();
    const store = { name: 'only' };
    host.context.registerService(Storage, store);
    await host.run('a', { Good, Bad });
    expect(made).to.deep.equal(['good', store]);
    const faults = JSON.stringify(host.logging.entries());
    expect(faults).to.contain('constructor parameter 0 has no @Reference, @Inject or @Config');
  });

  it('C26 the component < its configurations < newInstance; what begins with a dot is for the component alone', async () => {
    const configured: unknown[] = [];
    @Component({
      name: 'layers',
      factory: 'test.layers',
      provides: [Greeter],
      configurationPid: ['first', 'second'],
      properties: { a: 0, b: 0, c: 0, d: 0, '.secret': 0 },
    })
    class Layers {
      constructor(@Config() config: object) {
        configured.push(config);
      }
      greet(): string {
        return 'hello';
      }
    }
    const host = await launchHost();
    await host.configure('first', { b: 1, c: 1, d: 1 });
    await host.configure('second', { c: 2, d: 2 });
    await host.run('a', { Layers });
    const reference = host.context.getServiceReference(ComponentFactory, '(component.factory=test.layers)')!;
    const factory = host.context.getService(reference)!;
    const made = await factory.newInstance({ d: 3, '.secret': 3 });
    expect(configured).to.deep.equal([{ a: 0, b: 1, c: 2, d: 3, '.secret': 3 }]);
    const properties = refOf(host.context, Greeter).getProperties();
    expect(properties).to.include({ a: 0, b: 1, c: 2, d: 3 }).and.to.not.have.property('.secret');
    await made.dispose();
    expect(host.context.getServiceReference(Greeter), 'goes with its instance').to.be.undefined;
  });

  it('C30 the report names state, references with target and nearest candidates, bound services, and failures', async () => {
    @Component({ name: 'waits' })
    class Waits {
      constructor(@Reference(Storage, { name: 'store', target: '(region=eu)' }) readonly store: Storage) {}
    }
    @Component({ name: 'fails' })
    class Fails {
      constructor() {
        throw new Error('planted');
      }
    }
    const host = await launchHost();
    const us = host.context.registerService(Storage, { name: 'us' }, { region: 'us' });
    await host.run('a', { Waits, Fails });
    const report = (name: string) => host.components.list().find((each) => each.name === name)!;
    expect(report('waits')).to.include({ state: 'unsatisfied-reference' });
    const id = String(us.reference.getProperty('service.id'));
    expect(report('waits').references[0]).to.deep.include({
      name: 'store',
      target: '(region=eu)',
      satisfied: false,
      bound: [],
      candidates: [`service ${id} of ${host.framework.symbolicName} does not match (region=eu)`],
    });
    expect(report('fails')).to.include({ state: 'failed' }).and.to.have.property('reason').that.contains('planted');
    const eu = host.context.registerService(Storage, { name: 'eu' }, { region: 'eu' });
    await settle();
    expect(report('waits').references[0]!.bound).to.deep.equal([eu.reference.getProperty('service.id')]);
    expect(report('waits').reason).to.be.undefined;
  });

  it('C7 refuses a component that is declared wrongly, names every fault, and runs the others of the bundle', async () => {
    @Component({ name: 'bad', factory: 'f', scope: 'prototype' })
    class Bad {
      @Reference(Storage, { cardinality: '2..3' as never }) a!: Storage;
      @Reference(Storage, { bind: 'nowhere' }) b!: Storage;
      constructor(readonly nothing: unknown) {}
    }
    @Component({ name: 'good' })
    class Good {}
    @Component({ name: 'good' })
    class Twin {}
    const host = await launchHost();
    await host.run('a', { Bad, Good, Twin });
    const [report] = host.components.list().filter(({ name }) => name === 'bad');
    expect(report).to.include({ state: 'failed' });
    for (const fault of ['factory component cannot have a scope', '2..3', 'nowhere', 'parameter 0'])
      expect(report!.reason).to.contain(fault);
    expect(stateOf(host, 'good')).to.equal('active');
    expect(host.components.list().map(({ reason }) => reason)).to.include(
      'it is declared wrongly: another component of the bundle is named good',
    );
    expect(host.messages()).to.include('error: component is declared wrongly');
  });

  it('C8 C9 waits for its mandatory reference, and comes and goes with it', async () => {
    const log: string[] = [];
    @Component({ name: 'needy' })
    class Needy {
      constructor(@Reference(Storage) private readonly storage: Storage) {}
      @Activate() up(): void {
        log.push(`up with ${this.storage.name}`);
      }
      @Deactivate() down(reason: DeactivationReason): void {
        log.push(`down: ${reason}`);
      }
    }
    const host = await launchHost();
    await host.run('a', { Needy });
    expect(stateOf(host, 'needy')).to.equal('unsatisfied-reference');
    const registration = host.context.registerService(Storage, { name: 'disk' });
    expect(stateOf(host, 'needy')).to.equal('active');
    registration.unregister();
    expect(stateOf(host, 'needy')).to.equal('unsatisfied-reference');
    host.context.registerService(Storage, { name: 'tape' });
    expect(log).to.deep.equal(['up with disk', 'down: reference-lost', 'up with tape']);
  });

  it('C10 makes a delayed component on the first get, shares it, and drops it when the last user releases it', async () => {
    const log: string[] = [];
    @Component({ name: 'delayed', provides: [Greeter] })
    class Delayed implements Greeter {
      constructor() {
        log.push('made');
      }
      greet(): string {
        return 'hello';
      }
      @Deactivate() down(): void {
        log.push('dropped');
      }
    }
    const host = await launchHost();
    const bundle = await host.run('a', { Delayed });
    expect(stateOf(host, 'delayed')).to.equal('satisfied');
    expect(log).to.deep.equal([]);
    const reference = refOf(host.context, Greeter);
    const first = host.context.getService(reference);
    expect(first?.greet()).to.equal('hello');
    expect(bundle.context!.getService(reference)).to.equal(first);
    expect(log).to.deep.equal(['made']);
    host.context.ungetService(reference);
    expect(log).to.deep.equal(['made']);
    bundle.context!.ungetService(reference);
    expect(log).to.deep.equal(['made', 'dropped']);
    expect(host.context.getService(reference)).to.not.equal(first);
  });

  it('C10 C12 who does not wait for the activation holds nothing: the instance goes with its last user', async () => {
    const log: string[] = [];
    @Component({ name: 'delayed', provides: [Greeter] })
    class Delayed {
      @Activate() async up(): Promise<void> {
        log.push('made');
        await Promise.resolve();
      }
      @Deactivate() down(): void {
        log.push('dropped');
      }
    }
    const host = await launchHost();
    await host.run('a', { Delayed });
    const reference = refOf(host.context, Greeter);
    expect(host.context.getService(reference)).to.be.undefined;
    await settle();
    const greeter = host.context.getService(reference);
    expect(greeter).to.be.instanceOf(Delayed);
    expect(await host.context.getServiceAsync(reference)).to.equal(greeter);
    expect(log).to.deep.equal(['made']);
    host.context.ungetService(reference);
    expect(log).to.deep.equal(['made']);
    host.context.ungetService(reference);
    expect(log).to.deep.equal(['made', 'dropped']);
  });

  it('C10 keepInstance keeps it', async () => {
    let made = 0;
    @Component({ provides: [Greeter], keepInstance: true })
    class Kept {
      constructor() {
        made++;
      }
    }
    const host = await launchHost();
    await host.run('a', { Kept });
    const reference = refOf(host.context, Greeter);
    for (let round = 0; round < 3; round++) {
      host.context.getService(reference);
      host.context.ungetService(reference);
    }
    expect(made).to.equal(1);
  });

  it('C10 scope bundle makes one for each bundle, scope prototype one each time', async () => {
    @Component({ name: 'per-bundle', provides: [Greeter], scope: 'bundle' })
    class PerBundle {}
    @Component({ name: 'each', provides: [Storage], scope: 'prototype' })
    class Each {}
    const host = await launchHost();
    const bundle = await host.run('a', { PerBundle, Each });
    const greeter = refOf(host.context, Greeter);
    expect(host.context.getService(greeter)).to.equal(host.context.getService(greeter));
    expect(host.context.getService(greeter)).to.not.equal(bundle.context!.getService(greeter));
    const objects = host.context.getServiceObjects(refOf(host.context, Storage));
    const [one, two] = [objects.getService(), objects.getService()];
    expect(one).to.be.instanceOf(Each);
    expect(one).to.not.equal(two);
  });

  it('C11 constructs, sets fields, binds in the order of declaration, activates; and undoes it in reverse', async () => {
    const log: string[] = [];
    const note = (text: string) => (): void => void log.push(text);
    @Component({ name: 'ordered', immediate: true, provides: [Greeter] })
    class Ordered {
      @Reference(Storage, { target: '(n=1)', bind: 'bindOne', unbind: 'unbindOne' }) one!: Storage | undefined;
      @Reference(Storage, { target: '(n=2)', bind: 'bindTwo', unbind: 'unbindTwo' }) two!: Storage | undefined;
      constructor(@Reference(Storage, { target: '(n=3)' }) three: Storage) {
        log.push(`construct ${three.name} ${this.one === undefined}`);
      }
      bindOne(storage: Storage): void {
        log.push(`bind ${storage.name} ${this.two?.name}`);
      }
      bindTwo(storage: Storage): void {
        log.push(`bind ${storage.name}`);
      }
      unbindOne(storage: Storage): void {
        log.push(`unbind ${storage.name} ${this.one?.name}`);
      }
      unbindTwo = (storage: Storage): void => void log.push(`unbind ${storage.name}`);
      @Activate() up(context: ComponentContext): void {
        log.push(`activate ${context.name}`);
      }
      @Deactivate() down(): void {
        log.push('deactivate');
      }
      [Symbol.dispose] = (): void => void log.push(`dispose ${this.one === undefined}`);
    }
    Object.assign(Ordered.prototype, { unbindTwo: () => undefined });
    const host = await launchHost();
    for (const n of [1, 2, 3]) host.context.registerService(Storage, { name: `s${n}` }, { n });
    host.context.addServiceListener(({ type }) => note(type)(), '(objectClass=test.Greeter)');
    const bundle = await host.run('a', { Ordered });
    await bundle.stop();
    expect(log).to.deep.equal([
      'construct s3 true',
      'bind s1 s2',
      'bind s2',
      'activate ordered',
      'REGISTERED',
      'UNREGISTERING',
      'deactivate',
      'unbind s2',
      'unbind s1 s1',
      'dispose true',
    ]);
  });

  it('C12 gives undefined to a synchronous getter while activate waits, and activates once for all', async () => {
    const gate = deferred();
    let made = 0;
    @Component({ name: 'slow', provides: [Greeter] })
    class Slow {
      @Activate() async up(): Promise<void> {
        made++;
        await gate.promise;
      }
    }
    const host = await launchHost();
    const bundle = await host.run('a', { Slow });
    const reference = refOf(host.context, Greeter);
    expect(host.context.getService(reference)).to.equal(undefined);
    expect(stateOf(host, 'slow')).to.equal('activating');
    const both = [host.context.getServiceAsync(reference), bundle.context!.getServiceAsync(reference)];
    gate.resolve();
    const [first, second] = await Promise.all(both);
    expect(first).to.be.instanceOf(Slow);
    expect(second).to.equal(first);
    expect(made).to.equal(1);
    expect(host.context.getService(reference)).to.equal(first);
    expect(host.events.errors).to.deep.equal([]);
  });

  it('C13 leaves a delayed service registered when its activation fails, and tries again on the next get', async () => {
    let works = false;
    @Component({ name: 'fails', provides: [Greeter] })
    class Fails {
      @Activate() up(): void {
        if (!works) throw new Error('not yet');
      }
    }
    const host = await launchHost();
    await host.run('a', { Fails });
    const reference = refOf(host.context, Greeter);
    expect(await host.context.getServiceAsync(reference)).to.equal(undefined);
    expect(host.components.list()[0]).to.include({ state: 'failed', reason: 'its activation failed: not yet' });
    expect(refOf(host.context, Greeter)).to.equal(reference);
    works = true;
    expect(await host.context.getServiceAsync(reference)).to.be.instanceOf(Fails);
    expect(stateOf(host, 'fails')).to.equal('active');
  });

  it('C13 does not try a failed immediate component again until something changes', async () => {
    let tries = 0;
    @Component({ name: 'fails', immediate: true })
    class Fails {
      @Reference(Storage, { cardinality: '0..n', policy: 'dynamic' }) stores!: readonly Storage[];
      constructor() {
        tries++;
        if (tries < 3) throw new Error('not yet');
      }
    }
    const host = await launchHost();
    await host.run('a', { Fails });
    await settle();
    expect([tries, stateOf(host, 'fails')]).to.deep.equal([1, 'failed']);
    host.context.registerService(Storage, { name: 'one' });
    expect([tries, stateOf(host, 'fails')]).to.deep.equal([2, 'failed']);
    host.context.registerService(Storage, { name: 'two' });
    expect([tries, stateOf(host, 'fails')]).to.deep.equal([3, 'active']);
  });

  it('C14 completes a deactivation that throws, and tells the reason', async () => {
    const reasons: string[] = [];
    @Component({ name: 'throws' })
    class Throws {
      constructor(@Reference(Storage) readonly storage: Storage) {}
      @Deactivate() down(reason: DeactivationReason): void {
        reasons.push(reason);
        throw new Error('cannot');
      }
    }
    const host = await launchHost();
    const registration = host.context.registerService(Storage, { name: 'disk' });
    const bundle = await host.run('a', { Throws });
    await host.components.setEnabled(bundle, 'throws', false);
    expect(stateOf(host, 'throws')).to.equal('disabled');
    await host.components.setEnabled(bundle, 'throws', true);
    await host.configure('throws', { a: 1 });
    await host.admin.getConfiguration('throws').delete();
    await settle();
    registration.unregister();
    host.context.registerService(Storage, { name: 'disk' });
    await bundle.stop();
    expect(reasons).to.deep.equal([
      'disabled',
      'configuration-modified',
      'configuration-deleted',
      'reference-lost',
      'bundle-stopped',
    ]);
    expect(host.messages().filter((text) => text === 'error: deactivation failed')).to.have.length(5);
    expect(refOf(host.context, Storage).getUsingBundles()).to.deep.equal([]);
  });

  it('C14 a delayed component in use is deactivated once, for its reason, after its service has gone', async () => {
    const log: string[] = [];
    @Component({ name: 'used', provides: [Greeter] })
    class Used {
      constructor(@Reference(Storage) readonly storage: Storage) {}
      @Deactivate() down(reason: DeactivationReason): void {
        log.push(reason);
      }
    }
    const host = await launchHost();
    const registration = host.context.registerService(Storage, { name: 'disk' });
    await host.run('a', { Used });
    host.context.addServiceListener(({ type }) => void log.push(type), '(objectClass=test.Greeter)');
    expect(host.context.getService(refOf(host.context, Greeter))).to.be.instanceOf(Used);
    registration.unregister();
    await settle();
    expect(log).to.deep.equal(['UNREGISTERING', 'reference-lost']);
  });

  it('C28 setEnabled lasts over a change of configuration, and names a component that is not there', async () => {
    @Component({ name: 'switch', enabled: false })
    class Switch {}
    const host = await launchHost();
    const bundle = await host.run('a', { Switch });
    expect(stateOf(host, 'switch')).to.equal('disabled');
    await host.configure('switch', { a: 1 });
    expect(stateOf(host, 'switch')).to.equal('disabled');
    await host.components.setEnabled(bundle, 'switch', true);
    expect(stateOf(host, 'switch')).to.equal('active');
    await bundle.stop();
    await bundle.start();
    expect(stateOf(host, 'switch')).to.equal('disabled');
    await rejection(host.components.setEnabled(bundle, 'other', true));
  });

  it('C29 a ComponentFactory makes instances with properties of their own; the bundle takes them with it', async () => {
    const log: string[] = [];
    @Component({ name: 'made', factory: 'test.made', properties: { a: 1, b: 1 } })
    class Made {
      constructor(@Config() readonly config: Readonly<Record<string, unknown>>) {
        if (config.fail === true) throw new Error('no');
      }
      @Deactivate() down(reason: string): void {
        log.push(`${String(this.config.b)} ${reason}`);
      }
    }
    const host = await launchHost();
    const bundle = await host.run('a', { Made });
    const reference = host.context.getServiceReference(ComponentFactory, '(component.factory=test.made)')!;
    const factory = host.context.getService(reference)! as ComponentFactory<Made>;
    const one = await factory.newInstance({ b: 2 });
    const two = await factory.newInstance({ b: 3 });
    expect(one.instance.config).to.deep.equal({ a: 1, b: 2 });
    await rejection(factory.newInstance({ fail: true }));
    await one.dispose();
    await bundle.stop();
    expect(log).to.deep.equal(['2 disposed', '3 bundle-stopped']);
    await two.dispose();
  });

  it('C25 to C27 configures: decorator < configurations in order; equal: nothing; modified: the same instance', async () => {
    const log: unknown[] = [];
    @Component({
      name: 'conf',
      provides: [Greeter],
      immediate: true,
      configurationPid: ['base', '$'],
      properties: { a: 0, '.secret': 1 },
    })
    class Conf {
      constructor(@Config() config: object) {
        log.push(config);
      }
      @Modified() change(config: object): void {
        log.push(['modified', config]);
      }
    }
    const host = await launchHost();
    await host.run('a', { Conf });
    await host.configure('base', { a: 1, b: 1 });
    await host.configure('conf', { b: 2 });
    await host.configure('conf', { b: 2 });
    expect(log).to.deep.equal([
      { a: 0, '.secret': 1 },
      ['modified', { a: 1, b: 1, '.secret': 1 }],
      ['modified', { a: 1, b: 2, '.secret': 1 }],
    ]);
    const properties = refOf(host.context, Greeter).getProperties();
    expect(properties).to.include({ a: 1, b: 2, 'component.name': 'conf' });
    expect(properties).to.not.have.property('.secret');
    await host.admin.getConfiguration('conf').delete();
    await settle();
    expect(log.at(-1)).to.deep.equal(['modified', { a: 1, b: 1, '.secret': 1 }]);
  });

  it('C27 makes a component without modified anew, and one whose modified throws', async () => {
    let made = 0;
    @Component({ name: 'plain' })
    class Plain {
      constructor() {
        made++;
      }
    }
    @Component({ name: 'throwing' })
    class Throwing {
      constructor() {
        made += 10;
      }
      @Modified() change(): void {
        throw new Error('no');
      }
    }
    const host = await launchHost();
    await host.run('a', { Plain, Throwing });
    await host.configure('plain', { a: 1 });
    expect(made).to.equal(12);
    await host.configure('throwing', { a: 1 });
    expect(made).to.equal(22);
  });

  it('G17 G18 G19 keys may be gentle, secret, or not matter', async () => {
    const made: unknown[] = [];
    @Component({ name: 'conf', provides: [Greeter], immediate: true })
    class Conf {
      constructor(@Config({ watch: ['my.*'] }) config: Readonly<Record<string, unknown>>) {
        made.push(config['my.key']);
      }
    }
    const host = await launchHost();
    const properties = {
      'my.key': { type: 'string' },
      'my.gentle': { type: 'string', 'x-restart': 'none' },
      'my.password': { type: 'string', 'x-secret': true },
      other: { type: 'string' },
    };
    await host.run('a', { Conf }, { configuration: { conf: { properties } } });
    const service = (): Record<string, unknown> => refOf(host.context, Greeter).getProperties();
    await host.configure('conf', { 'my.key': 'a' });
    await host.configure('conf', { 'my.key': 'a', 'my.gentle': 'x' });
    expect(service()).to.include({ 'my.gentle': 'x' });
    await host.configure('conf', { 'my.key': 'a', 'my.gentle': 'x', other: 'y' });
    expect(made).to.deep.equal([undefined, 'a']);
    await host.configure('conf', { 'my.key': 'b', 'my.password': 'geheim' });
    expect(made).to.deep.equal([undefined, 'a', 'b']);
    expect(JSON.stringify([service(), host.components.list().map((each) => each.properties)])).to.not.contain('geheim');
  });

  it('G17 a key may restart the bundle, or wait for the host', async () => {
    const log: unknown[] = [];
    @Component({ name: 'conf' })
    class Conf {
      constructor(@Config() config: Readonly<Record<string, unknown>>) {
        log.push([config.port, config.mode]);
      }
    }
    const host = await launchHost();
    const properties = {
      port: { type: 'integer', default: 1, 'x-restart': 'host' },
      mode: { type: 'string', 'x-restart': 'bundle' },
    };
    await host.run('a', { Conf }, { configuration: { conf: { properties } } });
    host.events.clear();
    await host.configure('conf', { port: 2 });
    expect(log).to.deep.equal([[1, undefined]]);
    expect(host.admin.waitingForRestart).to.deep.equal([{ pid: 'conf', key: 'port' }]);
    await host.configure('conf', { port: 2, mode: 'x' });
    await settle();
    expect(log).to.deep.equal([
      [1, undefined],
      [1, 'x'],
    ]);
    expect(host.events.bundleEvents).to.deep.equal(['STOPPING a', 'STOPPED a', 'STARTING a', 'STARTED a']);
  });

  it('C25 policy require waits for a configuration, policy ignore never takes one', async () => {
    @Component({ name: 'requires', configurationPolicy: 'require' })
    class Requires {}
    @Component({ name: 'ignores', configurationPolicy: 'ignore' })
    class Ignores {
      constructor(@Config() readonly config: object) {
        expect(config).to.deep.equal({});
      }
    }
    const host = await launchHost();
    await host.run('a', { Requires, Ignores });
    expect(host.components.list().find(({ name }) => name === 'requires')).to.include({
      state: 'unsatisfied-configuration',
      reason: 'there is no configuration requires',
    });
    await host.configure('requires', { a: 1 });
    await host.configure('ignores', { a: 1 });
    expect([stateOf(host, 'requires'), stateOf(host, 'ignores')]).to.deep.equal(['active', 'active']);
    await host.admin.getConfiguration('requires').delete();
    await settle();
    expect(stateOf(host, 'requires')).to.equal('unsatisfied-configuration');
  });

  it('C25 makes one for each factory configuration', async () => {
    const running = new Set<unknown>();
    @Component({ name: 'account' })
    class Account {
      readonly user: unknown;
      constructor(@Config() config: Readonly<Record<string, unknown>>) {
        running.add((this.user = config.user));
      }
      @Deactivate() down(): void {
        running.delete(this.user);
      }
    }
    const host = await launchHost();
    await host.admin.getFactoryConfiguration('account', 'one').update({ user: 'alice' });
    await host.run('a', { Account });
    await host.configure('account~two', { user: 'bob' });
    expect([...running]).to.deep.equal(['alice', 'bob']);
    await host.admin.getConfiguration('account~one').delete();
    await settle();
    expect([...running]).to.deep.equal(['bob']);
  });

  it('C10 a bundle start waits for activations, but not for ever', async () => {
    @Component({ name: 'hangs' })
    class Hangs {
      @Activate() up(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    const host = await launchHost({ patience: 500 });
    const started = host.run('a', { Hangs });
    await host.clock.tick(501);
    const bundle = await started;
    expect(bundle.state).to.equal('ACTIVE');
    expect(stateOf(host, 'hangs')).to.equal('activating');
    expect(host.messages()).to.include('warn: components take long to activate');
  });

  it('U6 an update whose component does not activate is taken back', async () => {
    let tries = 0;
    const version = (text: string, up: () => void | Promise<void>) => {
      @Component({ name: 'greeter', provides: [Greeter], immediate: true })
      class Greeting implements Greeter {
        greet(): string {
          return text;
        }
        @Activate() up(): void | Promise<void> {
          return up();
        }
      }
      return inlineBundle('a', { version: text, components: { './c': { Greeting } } });
    };
    const host = await launchHost({ patience: 500 });
    const a = await host.context.installBundle(
      'x',
      version('1.0.0', () => undefined),
    );
    await a.start();
    const broken = (): never => {
      tries++;
      throw new Error('broken');
    };
    const error = await rejection(a.update(version('1.1.0', broken)), 'ACTIVATOR_ERROR');
    expect(error.message).to.match(/1\.1\.0 did not start, 1\.0\.0 is back: component greeter: .*broken/);
    const hanging = rejection(a.update(version('1.2.0', () => new Promise(() => undefined))), 'ACTIVATOR_ERROR');
    // The start's patience, and the limit that a stop has to quiesce.
    for (const passed of [500, host.components.stopLimit]) {
      await settle();
      await host.clock.tick(passed);
    }
    expect((await hanging).message).to.contain('its activation did not end within 500 ms');
    expect([a.version, a.state, stateOf(host, 'greeter'), tries]).to.deep.equal(['1.0.0', 'ACTIVE', 'active', 1]);
    expect(host.context.getService(refOf(host.context, Greeter))?.greet()).to.equal('1.0.0');
    await a.update(version('1.3.0', () => undefined));
    expect(a.version).to.equal('1.3.0');
  });
});
