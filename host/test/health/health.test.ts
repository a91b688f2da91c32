import type { HealthResult, ServiceProperties } from '@oxtender/bundle-api';
import { HealthCheck } from '@oxtender/bundle-api';
import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { bundlesCheck } from '../../src/health/checks/bundles';
import { componentsCheck } from '../../src/health/checks/components';
import { configurationCheck } from '../../src/health/checks/configuration';
import { healthRoutes } from '../../src/health/health-routes';
import { HealthService } from '../../src/health/health-service';
import { Component, Reference, serviceToken } from '@oxtender/bundle-api';
import { closeFronts, launchHttp } from '../support/http';
import { launchHost } from '../support/host-parts';
import { launch, type Launched, stopAll } from '../support/launch';

interface Scene extends Launched {
  readonly health: HealthService;
  readonly check: (name: string, run: HealthCheck['run'], properties?: ServiceProperties) => void;
  readonly status: (...tags: string[]) => Promise<string>;
}

async function scene(expected: string[] = []): Promise<Scene> {
  const clock = new FakeClock();
  const launched = await launch({ clock });
  const health = new HealthService({ clock, expected: () => expected });
  health.open(launched.context);
  return {
    ...launched,
    health,
    check: (name, run, properties) => launched.context.registerService(HealthCheck, { name, run }, properties),
    status: async (...tags) => (await health.report(tags)).status,
  };
}

const ok = (): HealthResult => ({ status: 'OK' });

describe('health (reference section 13)', () => {
  afterEach(async () => {
    await stopAll();
    await closeFronts();
  });

  it('B1 is as bad as its worst check; tags choose', async () => {
    const { check, status } = await scene();
    expect(await status()).to.equal('OK');
    check('fine', ok, { 'health.tags': ['ready'] });
    check('warns', () => ({ status: 'WARN' }), { 'health.tags': ['disk'] });
    check('throws', () => {
      throw new Error('broken');
    });
    expect([await status(), await status('ready'), await status('disk', 'ready')]).to.deep.equal([
      'HEALTH_CHECK_ERROR',
      'OK',
      'WARN',
    ]);
  });

  it('B3 a throwing check is an error with its message', async () => {
    const { check, health } = await scene();
    check('throws', () => Promise.reject(new Error('broken', { cause: new Error('why') })));
    const [report] = (await health.report()).checks;
    expect(report).to.include({
      name: 'throws',
      status: 'HEALTH_CHECK_ERROR',
      message: 'broken: why',
      bundle: 'oxtender.host',
    });
  });

  it('B1 runs a check at most every two seconds', async () => {
    const { check, status, clock } = await scene();
    let runs = 0;
    check('counts', () => {
      runs++;
      return ok();
    });
    await Promise.all([status(), status()]);
    await status();
    expect(runs).to.equal(1);
    await clock.tick(2000);
    await status();
    expect(runs).to.equal(2);
  });

  it('B1 a check that takes long is WARN, one that takes excessively long CRITICAL', async () => {
    const { check, status, clock } = await scene();
    const signals: AbortSignal[] = [];
    check('hangs', ({ signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const first = status();
    await clock.tick(2000);
    expect(await first).to.equal('WARN');
    await clock.tick(60_000);
    expect(await status()).to.equal('CRITICAL');
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true]);
  });

  it('B1 TEMPORARILY_UNAVAILABLE for longer than the grace is CRITICAL', async () => {
    const { check, status, clock } = await scene();
    check('waits', () => ({ status: 'TEMPORARILY_UNAVAILABLE' }));
    expect(await status()).to.equal('TEMPORARILY_UNAVAILABLE');
    await clock.tick(60_001);
    expect(await status()).to.equal('CRITICAL');
  });

  it('B1 a sticky check shows what was bad for its time; one with an interval runs by itself', async () => {
    const { check, status, clock } = await scene();
    let result: HealthResult = { status: 'CRITICAL' };
    let runs = 0;
    check(
      'sticky',
      () => {
        runs++;
        return result;
      },
      { 'health.sticky': 10_000, 'health.interval': 3000 },
    );
    await status();
    result = ok();
    await clock.tick(3000);
    expect([runs, await status()]).to.deep.equal([2, 'CRITICAL']);
    await clock.tick(9000);
    expect(await status()).to.equal('OK');
  });

  it('B4 checks of a stopped bundle vanish; an expected one that is missing is a finding', async () => {
    const { start, health } = await scene(['mine']);
    const bundle = await start('a', {
      start: (context) => void context.registerService(HealthCheck, { name: 'mine', run: ok }),
    });
    expect((await health.report()).checks.map(({ status }) => status)).to.deep.equal(['OK']);
    await bundle.stop();
    const [finding] = (await health.report()).checks;
    expect(finding).to.include({ name: 'mine', status: 'WARN' });
  });

  it('B2 answers live always, ready by its tag, details only to this machine', async () => {
    const host = await launchHttp();
    const health = new HealthService({ clock: host.clock, expected: () => [] });
    health.open(host.context);
    host.context.registerService(HealthCheck, {
      name: 'db',
      tags: ['ready'],
      run: () => ({ status: 'CRITICAL', message: 'gone' }),
    });
    host.serve(host.context, healthRoutes(health).routes, { 'http.path': '/health' });
    const statuses = await Promise.all(
      ['/live', '/ready', '', '?tags=none'].map(async (path) => (await fetch(`${host.url}/health${path}`)).status),
    );
    expect(statuses).to.deep.equal([200, 503, 503, 200]);
    const inside = (await (await fetch(`${host.url}/health/ready`)).json()) as object;
    expect(inside).to.have.property('checks').with.length(1);
    const outside = await fetch(`${host.url}/health/ready`, { headers: { 'x-forwarded-for': '10.0.0.1' } });
    expect(await outside.json()).to.deep.equal({ status: 'CRITICAL' });
    const text = await fetch(`${host.url}/health/ready`, { headers: { accept: 'text/plain' } });
    expect(await text.text()).to.equal('CRITICAL\nCRITICAL db: gone\n');
  });

  it('B3 tells of bundles that are down, components that wait, configurations that are refused', async () => {
    const Missing = serviceToken<object>('test.Missing');
    @Component({ name: 'waits' })
    class Waits {
      constructor(@Reference(Missing) readonly missing: object) {}
    }
    const host = await launchHost();
    const checks = [
      bundlesCheck(host.framework),
      componentsCheck(host.framework, host.components, host.admin),
      configurationCheck(host.admin),
    ];
    const run = async (): Promise<string[]> => {
      const results = await Promise.all(
        checks.map(async (check) => check.run({ signal: new AbortController().signal })),
      );
      return results.map(({ status, message }) => `${status} ${message ?? ''}`);
    };
    expect(await run()).to.deep.equal(['OK ', 'OK ', 'OK ']);
    const schema = { properties: { n: { type: 'integer' } } };
    const bundle = await host.run('a', { Waits }, { configuration: { x: schema } });
    await host
      .install('b', { start: () => Promise.reject(new Error('broken')) })
      .then((failing) => failing.start().catch(() => undefined));
    host.admin.getConfiguration('x');
    const [bundles, components] = await run();
    expect(bundles).to.match(/^TEMPORARILY_UNAVAILABLE b is RESOLVED \(.*broken.*\)/);
    expect(components).to.contain('waits is unsatisfied-reference: it waits for test.Missing: no installed bundle');
    await bundle.stop();
    await settle();
    expect((await run())[1]).to.equal('OK ');
  });

  it('B3 P14 who waits for a disabled bundle, at one remove or two, is a warning; for a stopped one, unavailable', async () => {
    const First = serviceToken<object>('test.First');
    const Second = serviceToken<object>('test.Second');
    @Component({ name: 'first', provides: [First] })
    class Provider {}
    @Component({ name: 'second', provides: [Second] })
    class Between {
      constructor(@Reference(First) readonly first: object) {}
    }
    @Component({ name: 'last' })
    class Last {
      constructor(@Reference(Second) readonly second: object) {}
    }
    const host = await launchHost();
    const provider = await host.run('provider', { Provider }, { services: { provides: [First.id] } });
    await host.run('between', { Between }, { services: { provides: [Second.id] } });
    await host.run('last', { Last });
    const check = componentsCheck(host.framework, host.components, host.admin);
    const run = async (): Promise<HealthResult> => check.run({ signal: new AbortController().signal });
    expect((await run()).status).to.equal('OK');
    await host.framework.operator.setEnabled(provider, false);
    await settle();
    expect(await run()).to.deep.equal({
      status: 'WARN',
      message:
        'second is unsatisfied-reference: test.First is not there, provider is disabled; ' +
        'last is unsatisfied-reference: test.Second is not there',
    });
    await host.framework.operator.setEnabled(provider, true);
    await provider.stop();
    await settle();
    expect((await run()).status).to.equal('TEMPORARILY_UNAVAILABLE');
  });
});
