import { expect } from 'chai';
import { MetricsRegistry } from '../../src/metrics/metrics-registry';

describe('metrics', () => {
  it('are exposed in the format of Prometheus, and vanish with their bundle', async () => {
    const registry = new MetricsRegistry();
    const view = registry.createView();
    view.counter({ name: 'calls_total', help: 'Calls', labels: ['kind'] }).add(2, { kind: 'a' });
    view.gauge({ name: 'depth', help: 'Depth', collect: () => 7 });
    view.histogram({ name: 'time_seconds', help: 'Time', buckets: [1, 2] }).observe(1.5);
    const text = await registry.expose();
    expect(text)
      .to.contain('calls_total{kind="a"} 2')
      .and.to.contain('depth 7')
      .and.to.contain('time_seconds_bucket{le="2"} 1');
    view[Symbol.dispose]();
    expect((await registry.expose()).trim()).to.equal('');
  });

  it('that a component asks for again are the same ones', async () => {
    const registry = new MetricsRegistry();
    const view = registry.createView();
    for (let round = 0; round < 2; round++) view.counter({ name: 'calls_total', help: 'Calls' }).add();
    expect(await registry.expose()).to.contain('calls_total 2');
    expect(() => view.gauge({ name: 'calls_total', help: 'Calls' })).to.throw('exists with another type');
  });

  it('a gauge asked for again is read from the one who asked last', async () => {
    const registry = new MetricsRegistry();
    const view = registry.createView();
    view.gauge({ name: 'depth', help: 'Depth', collect: () => 1 });
    view.gauge({ name: 'depth', help: 'Depth', collect: () => 2 });
    expect(await registry.expose()).to.contain('depth 2');
    view.gauge({ name: 'depth', help: 'Depth' }).set(3);
    expect(await registry.expose(), 'nobody is asked any more').to.contain('depth 3');
  });

  it('of another bundle cannot be taken', () => {
    const registry = new MetricsRegistry();
    registry.createView().counter({ name: 'calls_total', help: 'Calls' });
    expect(() => registry.createView().counter({ name: 'calls_total', help: 'Calls' })).to.throw(
      'belongs to another bundle',
    );
  });
});
