import type { ConsoleCommand } from '@oxtender/bundle-api';
import type { MetricsRegistry } from '../../metrics/metrics-registry';
import type { OperatedHost } from '../operated-host';

/** `metrics`. */
export const metricsCommands = ({ metrics }: OperatedHost): ConsoleCommand[] => [
  {
    name: 'metrics',
    description: 'metrics; with a name, those whose names contain it',
    args: [{ name: 'name', description: 'part of a name' }],
    options: [{ name: 'buckets', description: 'the buckets of histograms too', type: 'boolean' }],
    run: async ({ args: [name = ''], options }) =>
      (await metrics.list())
        .filter((metric) => metric.name.includes(name))
        .flatMap((metric) => rowsOf(metric, options.buckets === true)),
  },
];

type Metric = Awaited<ReturnType<MetricsRegistry['list']>>[number];

/** Of a histogram its sum and its count: the buckets are for programs. */
function rowsOf({ name, values }: Metric, buckets: boolean): object[] {
  return values.flatMap((value) => {
    const own = 'metricName' in value && typeof value.metricName === 'string' ? value.metricName : name;
    if (own.endsWith('_bucket') && !buckets) return [];
    return [
      {
        name: own,
        labels: Object.entries(value.labels).map(([label, text]) => `${label}=${String(text)}`),
        value: value.value,
      },
    ];
  });
}
