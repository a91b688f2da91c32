import { serviceToken } from '@oxtender/bundle-api';
import { inlineBundle, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import type { Extender, StopPhase } from '../../src/framework/extender';
import { deferred, launch, prepare, rejection, stopAll } from '../support/launch';

const Thing = serviceToken<object>('test.Thing');

/** An extender that writes down what it is called for. */
function recording(log: string[], phase: StopPhase, more: Partial<Extender> = {}): Extender {
  const name = phase;
  return {
    name,
    phase,
    open: () => void log.push(`open ${name}`),
    close: () => void log.push(`close ${name}`),
    starting: ({ bundle }) => void log.push(`starting ${name} ${bundle.state}`),
    started: ({ bundle }) => void log.push(`started ${name} ${bundle.state}`),
    stopping: ({ bundle, context }) =>
      void log.push(`stopping ${name} ${bundle.state}${context.signal.aborted ? ' aborted' : ''}`),
    stopped: ({ bundle }) => void log.push(`stopped ${name} ${bundle.state}`),
    ...more,
  };
}

describe('Extenders (rule L19)', () => {
  afterEach(stopAll);

  it('L19 quiesce in the order HTTP, components, configuration; dress in reverse', async () => {
    const log: string[] = [];
    const { install, context } = await launch({
      extenders: [recording(log, 'configuration'), recording(log, 'http'), recording(log, 'components')],
    });
    log.length = 0;
    context.addBundleListener(({ type }) => void log.push(type), { synchronous: true });
    const a = await install('a', { start: () => void log.push('start'), stop: () => void log.push('stop') });
    await a.start();
    await a.stop();
    expect(log.slice(1)).to.deep.equal([
      'RESOLVED',
      'STARTING',
      'starting configuration STARTING',
      'starting components STARTING',
      'starting http STARTING',
      'start',
      'STARTED',
      'started configuration ACTIVE',
      'started components ACTIVE',
      'started http ACTIVE',
      'STOPPING',
      'stopping http STOPPING',
      'stopping components STOPPING aborted',
      'stopping configuration STOPPING aborted',
      'stop',
      'stopped configuration STOPPING',
      'stopped http STOPPING',
      'stopped components STOPPING',
      'STOPPED',
    ]);
  });

  it('L19 none can veto, each has its limit, and the stop goes on', async () => {
    const aborted: boolean[] = [];
    const endless: Extender = {
      name: 'endless',
      phase: 'http',
      stopLimit: 100,
      stopping: (_generation, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(true));
        return new Promise(() => undefined);
      },
    };
    const broken: Extender = { name: 'broken', phase: 'components', stopping: () => Promise.reject(new Error('no')) };
    const { start, clock, events } = await launch({ extenders: [endless, broken] });
    const a = await start('a');
    const stopping = a.stop();
    await clock.tick(100);
    await stopping;
    await settle();
    expect([a.state, aborted]).to.deep.equal(['RESOLVED', [true]]);
    expect(events.frameworkEvents.map(({ type, message }) => [type, message])).to.deep.equal([
      ['WARNING', undefined],
      ['ERROR', 'broken failed'],
    ]);
  });

  it('L22 the stop time-out counts the activator alone', async () => {
    const gate = deferred();
    const slow: Extender = { name: 'slow', phase: 'http', stopping: () => gate.promise };
    const { start, clock, framework } = await launch({ extenders: [slow] });
    const a = await start('a', { stop: () => clock.sleep(9_000) });
    const stopping = a.stop();
    await clock.tick(60_000);
    gate.resolve();
    await clock.tick(9_000);
    await stopping;
    expect(framework.operator.status(a).tainted).to.be.false;
  });

  it('a failing starting fails the start; the others are told of the end', async () => {
    const log: string[] = [];
    const { install } = await launch({
      extenders: [
        recording(log, 'components', { starting: () => Promise.reject(new Error('no')) }),
        recording(log, 'configuration'),
      ],
    });
    log.length = 0;
    const a = await install('a', { start: () => expect.fail('started') });
    const error = await rejection(a.start(), 'ACTIVATOR_ERROR');
    expect(error.cause).to.have.property('message', 'no');
    expect(log).to.deep.equal([
      'starting configuration STARTING',
      'stopping components STOPPING aborted',
      'stopping configuration STOPPING aborted',
      'stopped components STOPPING',
      'stopped configuration STOPPING',
    ]);
  });

  it('a failing started is an ERROR, and the bundle is active', async () => {
    const { start, events } = await launch({
      extenders: [{ name: 'x', phase: 'http', started: () => Promise.reject(new Error('no')) }],
    });
    const a = await start('a');
    expect(a.state).to.equal('ACTIVE');
    expect(events.errors).to.have.length(1);
  });

  it('see the exports of the component modules, the package and the number of the generation', async () => {
    const seen: unknown[] = [];
    const { start } = await launch({
      extenders: [
        {
          name: 'x',
          phase: 'components',
          started: ({ components, package: { name }, number, folder }) =>
            void seen.push([...components], name, number, folder),
        },
      ],
    });
    const exports = { one: 1 };
    const a = await start('a', { components: { './c': exports } });
    await a.update(inlineBundle('a', { version: '1.1.0' }));
    expect(seen).to.deep.equal([[['./c', exports]], 'a', 1, undefined, [], 'a', 2, undefined]);
  });

  it('L17 of a lazy bundle are dressed when it begins to wait, and can end the waiting', async () => {
    const log: string[] = [];
    let use: (() => Promise<void>) | undefined;
    const { install } = await launch({
      extenders: [
        recording(log, 'components', {
          started: (generation) => {
            log.push(`started lazy=${String(generation.lazy)}`);
            use = () => generation.activate();
          },
        }),
      ],
    });
    log.length = 0;
    const a = await install('a', { manifest: { activation: 'lazy' }, start: () => void log.push('start') });
    await a.start({ policy: 'declared' });
    expect(log).to.deep.equal(['starting components STARTING', 'started lazy=true']);
    await use!();
    expect([a.state, log.slice(2)]).to.deep.equal(['ACTIVE', ['start', 'started lazy=false']]);
    await use!();
    expect(log).to.have.length(4);
  });

  it('are opened with the framework and closed, last first, when all bundles are stopped', async () => {
    const log: string[] = [];
    const launched = await prepare({ extenders: [recording(log, 'http'), recording(log, 'components')] });
    await launched.framework.start();
    await launched.start('a');
    log.length = 0;
    await launched.framework.stop();
    expect(log.slice(-2)).to.deep.equal(['close components', 'close http']);
    expect(log[0]).to.equal('stopping http STOPPING');
    await launched.framework.start();
    expect(log.filter((each) => each.startsWith('open'))).to.deep.equal(['open http', 'open components']);
  });

  it('may register services in open, and still in close', async () => {
    const { context, framework } = await prepare({
      extenders: [
        {
          name: 'x',
          phase: 'http',
          open: (host) => void host.context.registerService(Thing, {}),
        },
      ],
    });
    expect(context.getServiceReference(Thing)).not.to.be.undefined;
    await framework.stop();
  });
});
