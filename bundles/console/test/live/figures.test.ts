import { expect } from 'chai';
import { figuresBetween } from '../../src/live/figures';
import { type MetricRow, MetricValues } from '../../src/live/metric-values';

const row = (name: string, value: number, ...labels: string[]): MetricRow => ({ name, value, labels });

/** A histogram's rows: how many lie up to each bound. */
function histogram(name: string, counts: Readonly<Record<string, number>>, ...labels: string[]): MetricRow[] {
  const buckets = Object.entries(counts).map(([le, value]) => row(`${name}_bucket`, value, `le=${le}`, ...labels));
  return [...buckets, row(`${name}_count`, counts['+Inf'] ?? 0, ...labels)];
}

describe('figures between two moments', () => {
  const between = (before: MetricRow[], now: MetricRow[]) =>
    figuresBetween(new MetricValues(0, before), new MetricValues(10_000, now));

  it('are rates per second, failures apart; the groupware for evaluation and the host do not count', () => {
    const eas = ['bundle=oxtender.eas', 'method=POST'];
    const figures = between(
      [row('http_request_seconds_count', 100, ...eas, 'status=200')],
      [
        row('http_request_seconds_count', 150, ...eas, 'status=200'),
        row('http_request_seconds_count', 10, ...eas, 'status=503'),
        row('http_request_seconds_count', 900, 'bundle=oxtender.host', 'status=200'),
        row('http_request_seconds_count', 900, 'bundle=oxtender.ox-sandbox', 'status=500'),
      ],
    );
    expect(figures).to.include({ requests: 6, failedRequests: 1 });
  });

  it('leave out of the latency what is longer than the largest bucket: devices that wait', () => {
    const labels = ['bundle=oxtender.eas'];
    const figures = between(
      histogram('http_request_seconds', { '0.1': 100, '1': 100, '10': 100, '+Inf': 100 }, ...labels),
      histogram('http_request_seconds', { '0.1': 190, '1': 200, '10': 200, '+Inf': 5000 }, ...labels),
    );
    expect(figures.latencyMedian).to.be.closeTo(55.6, 0.1);
    expect(figures.latencyHigh).to.be.closeTo(550, 0.1);
  });

  it('are null for what nobody counts, and for a latency when nothing was answered', () => {
    const rows = histogram('db_query_seconds', { '1': 7, '+Inf': 7 });
    const figures = between(rows, [...rows, row('usm_waiting_devices', 3)]);
    expect(figures).to.include({ oxCalls: null, requests: null, databaseLatencyHigh: null, waitingDevices: 3 });
  });

  it('begin anew with what was restarted', () => {
    const figures = between([row('ox_calls_total', 500, 'outcome=ok')], [row('ox_calls_total', 20, 'outcome=ok')]);
    expect(figures.oxCalls).to.equal(0);
  });
});
