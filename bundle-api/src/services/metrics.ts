import { serviceToken } from '../framework/token';

/** @public */
export type MetricLabels = Readonly<Record<string, string>>;

/** @public */
export interface Counter {
  add(value?: number, labels?: MetricLabels): void;
}

/** @public */
export interface Gauge {
  set(value: number, labels?: MetricLabels): void;
}

/** @public */
export interface Histogram {
  /** @param value - in the unit of the metric's name: seconds, bytes */
  observe(value: number, labels?: MetricLabels): void;
}

/** @public */
export interface MetricOptions {
  /** Snake case with unit, as Prometheus wants it: `ox_calls_total`, `eas_request_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Metrics of a bundle. What a bundle made vanishes when it stops. @public */
export interface Metrics {
  counter(options: MetricOptions): Counter;
  gauge(options: MetricOptions & { collect?: () => number }): Gauge;
  histogram(options: MetricOptions & { buckets?: readonly number[] }): Histogram;
}

/** Host constant, one per bundle: `@Inject(Metrics)`. @public */
export const Metrics = serviceToken<Metrics>('host.Metrics');
