import type { ServiceToken } from '@oxtender/bundle-api';
import { Activate, Component, DeferredActivator, HealthCheck, serviceToken } from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { type LaunchedHost, launchHost } from '../support/host-parts';
import { deferred, rejection, stopAll } from '../support/launch';

const A = serviceToken<{ readonly name: string }>('test.A');
const B = serviceToken<{ readonly name: string }>('test.B');

class Noting extends DeferredActivator {
  readonly log: string[] = [];
  constructor(
    private readonly options: {
      needed?: readonly ServiceToken<unknown>[];
      stops?: boolean;
      fails?: () => boolean;
    } = {},
  ) {
    super();
  }
  protected override neededServices(): readonly ServiceToken<unknown>[] {
    return this.options.needed ?? [A, B];
  }
  protected override get stopOnServiceLoss(): boolean {
    return this.options.stops ?? false;
  }
  protected override startBundle(): void {
    if (this.options.fails?.() === true) throw new Error('cannot');
    this.log.push(`start with ${String(this.getService(A)?.name)}`);
  }
  protected override stopBundle(): void {
    this.log.push('stop');
  }
  protected override onServiceLost({ id }: ServiceToken<unknown>): void {
    this.log.push(`lost ${id}`);
  }
  protected override onServiceBack({ id }: ServiceToken<unknown>): void {
    this.log.push(`back ${id}`);
  }
}

async function run(host: LaunchedHost, activator: DeferredActivator): ReturnType<LaunchedHost['start']> {
  return host.start('x', { start: (context) => activator.start(context), stop: (context) => activator.stop(context) });
}

describe('DeferredActivator (C31 to C33)', () => {
  afterEach(stopAll);

  it('C31 begins once all needed services are there; the bundle is active meanwhile', async () => {
    const host = await launchHost();
    const activator = new Noting();
    const bundle = await run(host, activator);
    expect([bundle.state, activator.missingServices]).to.deep.equal(['ACTIVE', ['test.A', 'test.B']]);
    host.context.registerService(A, { name: 'a' });
    await settle();
    expect(activator.log).to.deep.equal([]);
    host.context.registerService(B, { name: 'b' });
    await settle();
    expect(activator.log).to.deep.equal(['start with a']);
    await bundle.stop();
    expect(activator.log).to.deep.equal(['start with a', 'stop']);
    expect(host.events.errors).to.deep.equal([]);
  });

  it('C32 tells by its health check what is missing', async () => {
    const host = await launchHost();
    await run(host, new Noting());
    const reference = host.context.getServiceReference(HealthCheck)!;
    const check = host.context.getService(reference)!;
    const result = (): unknown => check.run({ signal: new AbortController().signal });
    host.context.registerService(A, { name: 'a' });
    expect(result()).to.include({ status: 'TEMPORARILY_UNAVAILABLE', message: 'waits for test.B' });
    host.context.registerService(B, { name: 'b' });
    expect(result()).to.deep.equal({ status: 'OK' });
    expect(reference.getProperty('health.tags')).to.deep.equal(['ready']);
  });

  it('C32 the missing services are a property, as they come and go', async () => {
    const host = await launchHost();
    const bundle = await run(host, new Noting());
    const missing = (): unknown => bundle.getRegisteredServices()[0]!.getProperty('services.missing');
    expect(missing()).to.deep.equal(['test.A', 'test.B']);
    const registration = host.context.registerService(A, { name: 'a' });
    await settle();
    expect(missing()).to.deep.equal(['test.B']);
    host.context.registerService(B, { name: 'b' });
    await settle();
    expect(missing()).to.deep.equal([]);
    registration.unregister();
    await settle();
    expect(missing()).to.deep.equal(['test.A']);
    await bundle.stop();
    expect(host.events.errors).to.deep.equal([]);
  });

  it('C31 a lost service is told, and its return; the work goes on', async () => {
    const host = await launchHost();
    const activator = new Noting({ needed: [A] });
    const a = host.context.registerService(A, { name: 'a' });
    await run(host, activator);
    a.unregister();
    await settle();
    host.context.registerService(A, { name: 'new' });
    await settle();
    expect(activator.log).to.deep.equal(['start with a', 'lost test.A', 'back test.A']);
  });

  it('C31 stopOnServiceLoss stops, and begins again when it is back', async () => {
    const host = await launchHost();
    const activator = new Noting({ needed: [A], stops: true });
    const a = host.context.registerService(A, { name: 'a' });
    await run(host, activator);
    a.unregister();
    await settle();
    expect(activator.isRunning).to.equal(false);
    host.context.registerService(A, { name: 'new' });
    await settle();
    expect(activator.log).to.deep.equal(['start with a', 'lost test.A', 'stop', 'start with new']);
  });

  it('C33 one of several providers going is no loss', async () => {
    const host = await launchHost();
    const activator = new Noting({ needed: [A], stops: true });
    const first = host.context.registerService(A, { name: 'first' });
    host.context.registerService(A, { name: 'second' });
    await run(host, activator);
    first.unregister();
    await settle();
    expect(activator.log).to.deep.equal(['start with first']);
  });

  it('C33 counts more than 31 needed services', async () => {
    const host = await launchHost();
    const tokens = Array.from({ length: 40 }, (_, index) => serviceToken<object>(`test.N${index}`));
    const activator = new Noting({ needed: tokens });
    await run(host, activator);
    for (const token of tokens.slice(1)) host.context.registerService(token, {});
    await settle();
    expect([activator.isRunning, activator.missingServices]).to.deep.equal([false, ['test.N0']]);
    host.context.registerService(tokens[0]!, {});
    await settle();
    expect(activator.isRunning).to.equal(true);
  });

  it('C33 a late failure leaves the autostart as it is, and the next change tries again', async () => {
    const host = await launchHost();
    let fails = true;
    const activator = new Noting({ needed: [A], fails: () => fails });
    const bundle = await run(host, activator);
    host.context.registerService(A, { name: 'a' });
    await settle();
    expect(host.framework.operator.status(bundle).autostart).to.equal('eager');
    expect(bundle.state).to.equal('ACTIVE');
    expect(host.events.errors).to.have.length(1);
    fails = false;
    host.context.registerService(A, { name: 'b' });
    await settle();
    expect(activator.log).to.deep.equal(['start with a']);
  });

  it('C31 a token named twice is an error, and so is a failure at once', async () => {
    const host = await launchHost();
    await rejection(run(host, new Noting({ needed: [A, A] })), 'ACTIVATOR_ERROR');
    await rejection(
      host.start('y', { start: (context) => new Noting({ needed: [], fails: () => true }).start(context) }),
      'ACTIVATOR_ERROR',
    );
  });

  it('C12 waits for a delayed component that is being activated', async () => {
    const gate = deferred();
    @Component({ name: 'slow', provides: [A] })
    class Slow {
      readonly name = 'slow';
      @Activate() up(): Promise<void> {
        return gate.promise;
      }
    }
    const host = await launchHost();
    await host.run('provider', { Slow });
    const activator = new Noting({ needed: [A] });
    const running = run(host, activator);
    await settle();
    expect(activator.isRunning).to.equal(false);
    gate.resolve();
    await running;
    expect(activator.log).to.deep.equal(['start with slow']);
  });
});
