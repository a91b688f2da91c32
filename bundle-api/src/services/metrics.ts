import { serviceToken } from '../framework/token';

/** Values of a metric's labels, by name. Few different ones: each combination is a time series. @public */
export type MetricLabels = Readonly<Record<string, string>>;

/** A number that only grows. @public */
export interface Counter {
  /** Adds `value`, by default 1. @throws RangeError for a negative one */
  add(value?: number, labels?: MetricLabels): void;
}

/** A number that rises and falls. @public */
export interface Gauge {
  /** The number as it is now. */
  set(value: number, labels?: MetricLabels): void;
}

/** How values are spread over buckets. @public */
export interface Histogram {
  /**
   * Counts one value.
   *
   * @param value - in the unit of the metric's name: seconds, bytes
   */
  observe(value: number, labels?: MetricLabels): void;
}

/** A metric's name and its labels. @public */
export interface MetricOptions {
  /** Snake case with unit, as Prometheus wants it: `ox_calls_total`, `eas_request_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Metrics of a bundle. What a bundle made vanishes when it stops. @public */
export interface Metrics {
  /**
   * Makes a counter, or gives the one that the bundle has made.
   *
   * @throws Error when another bundle has one of this name
   */
  counter(options: MetricOptions): Counter;
  /**
   * As `counter`. With `collect`, its value is asked for when somebody looks; asked again, the last `collect` counts.
   */
  gauge(options: MetricOptions & { collect?: () => number }): Gauge;
  /** As `counter`. `buckets`: upper bounds, ascending; default 5 ms to 10 s, for seconds. */
  histogram(options: MetricOptions & { buckets?: readonly number[] }): Histogram;
}

/** Host constant, one per bundle: `@Inject(Metrics)`. @public */
export const Metrics = serviceToken<Metrics>('host.Metrics');
