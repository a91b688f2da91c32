import type { Figures } from './sample';
import type { MetricValues } from './metric-values';

type Labels = ReadonlyMap<string, string>;

/** What is not asked for by devices: health and metrics of the host, and the groupware for evaluation. */
const others: readonly (string | undefined)[] = ['oxtender.host', 'oxtender.ox-sandbox'];
const isServed = (labels: Labels): boolean => !others.includes(labels.get('bundle'));
const isFailed = (labels: Labels): boolean => isServed(labels) && Number(labels.get('status')) >= 500;
const isError = (labels: Labels): boolean => labels.get('outcome') !== 'ok';

/** What happened between two moments. */
export function figuresBetween(before: MetricValues, now: MetricValues): Figures {
  const seconds = Math.max(0.001, (now.time - before.time) / 1000);
  const rate = (name: string, wanted?: (labels: Labels) => boolean): number | null => {
    const count = now.sum(name, wanted);
    // What counts was restarted: it began at 0 again.
    return count === undefined ? null : Math.max(0, count - (before.sum(name, wanted) ?? 0)) / seconds;
  };
  const gauge = (name: string, factor = 1): number | null => scaled(now.sum(name), factor);
  const high = (name: string, wanted?: (labels: Labels) => boolean): number | null =>
    scaled(quantile(before, now, { name, share: 0.95, ...(wanted && { wanted }) }), 1000);
  const requests = { name: 'http_request_seconds', wanted: isServed };
  return {
    requests: rate('http_request_seconds_count', isServed),
    failedRequests: rate('http_request_seconds_count', isFailed),
    latencyMedian: scaled(quantile(before, now, { ...requests, share: 0.5 }), 1000),
    latencyHigh: high(requests.name, isServed),
    waitingDevices: gauge('usm_waiting_devices'),
    requestsInFlight: gauge('http_requests_in_flight'),
    oxCalls: rate('ox_calls_total'),
    oxErrors: rate('ox_calls_total', isError),
    oxLatencyHigh: high('ox_call_seconds'),
    databaseQueries: rate('db_queries_total'),
    databaseErrors: rate('db_queries_total', isError),
    databaseLatencyHigh: high('db_query_seconds'),
    databaseWaiting: gauge('db_waiting'),
    memory: gauge('process_resident_memory_bytes', 1 / 2 ** 20),
    processor: scaled(rate('process_cpu_seconds_total') ?? undefined, 100),
    eventLoopLag: gauge('nodejs_eventloop_lag_p99_seconds', 1000),
  };
}

const scaled = (value: number | undefined, factor: number): number | null =>
  value === undefined ? null : value * factor;

interface Asked {
  readonly name: string;
  /** 0.95: what 95 % stay below. */
  readonly share: number;
  readonly wanted?: (labels: Labels) => boolean;
}

/**
 * Of what a histogram counted between two moments, as Prometheus' `histogram_quantile` has it: evenly spread within a
 * bucket. What lies above the largest bound is left out.
 */
function quantile(before: MetricValues, now: MetricValues, { name, share, wanted }: Asked): number | undefined {
  const earlier = new Map(before.buckets(name, wanted));
  const counted = now
    .buckets(name, wanted)
    .map(([bound, count]) => [bound, Math.max(0, count - (earlier.get(bound) ?? 0))] as const)
    .filter(([bound]) => Number.isFinite(bound));
  const total = counted.at(-1)?.[1] ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  let [lower, below] = [0, 0];
  for (const [bound, count] of counted) {
    if (count >= rank) return lower + ((bound - lower) * (rank - below)) / Math.max(1, count - below);
    [lower, below] = [bound, count];
  }
  return lower;
}
