import type { Counter, Gauge, Histogram, MetricOptions, Metrics } from '@oxtender/bundle-api';
import * as prometheus from 'prom-client';

type Metric = prometheus.Counter | prometheus.Gauge | prometheus.Histogram;

/** All metrics of the process. Each bundle sees a view of its own; a name belongs to the first that asks for it. */
export class MetricsRegistry {
  readonly #registry = new prometheus.Registry();

  /** Metrics of one owner; disposing takes all of them away. */
  createView(): Metrics & Disposable {
    return new MetricsView(this.#registry);
  }

  /** Event loop, heap and garbage collection of the process. */
  collectProcess(): void {
    prometheus.collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text that Prometheus reads. */
  expose(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Name, type and current values, for `oxtender metrics`. */
  async list(): Promise<prometheus.MetricObjectWithValues<prometheus.MetricValue<string>>[]> {
    return await this.#registry.getMetricsAsJSON();
  }
}

class MetricsView implements Metrics, Disposable {
  readonly #own = new Map<string, Metric>();
  /** Who is asked for a gauge's value: a component that is made anew takes the place of the one before. */
  readonly #collectors = new Map<string, () => number>();

  constructor(private readonly registry: prometheus.Registry) {}

  counter(options: MetricOptions): Counter {
    const metric = this.#once(prometheus.Counter, options, {});
    return { add: (value = 1, labels = {}) => metric.inc(labels, value) };
  }

  gauge({ collect, ...options }: MetricOptions & { collect?: () => number }): Gauge {
    const { name } = options;
    const collectors = this.#collectors;
    const metric = this.#once(prometheus.Gauge, options, {
      collect(this: prometheus.Gauge): void {
        const ask = collectors.get(name);
        if (ask) this.set(ask());
      },
    });
    if (collect) collectors.set(name, collect);
    else collectors.delete(name);
    return { set: (value, labels = {}) => metric.set(labels, value) };
  }

  histogram({ buckets, ...options }: MetricOptions & { buckets?: readonly number[] }): Histogram {
    const metric = this.#once(prometheus.Histogram, options, { ...(buckets && { buckets: [...buckets] }) });
    return { observe: (value, labels = {}) => metric.observe(labels, value) };
  }

  [Symbol.dispose](): void {
    for (const name of this.#own.keys()) this.registry.removeSingleMetric(name);
    this.#own.clear();
    this.#collectors.clear();
  }

  /** A component that is made anew asks for its metrics again: it gets the same ones, with their values. */
  #once<M extends Metric, C extends object>(
    Type: new (configuration: C & { name: string; help: string }) => M,
    { name, help, labels = [] }: MetricOptions,
    extra: object,
  ): M {
    const known = this.#own.get(name);
    if (known) {
      if (known instanceof Type) return known;
      throw new TypeError(`metric ${name} exists with another type`);
    }
    if (this.registry.getSingleMetric(name)) throw new TypeError(`metric ${name} belongs to another bundle`);
    const configuration = { name, help, labelNames: [...labels], registers: [this.registry], ...extra };
    const metric = new Type(configuration as unknown as C & { name: string; help: string });
    this.#own.set(name, metric);
    return metric;
  }
}
