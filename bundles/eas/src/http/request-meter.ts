import type { Histogram, Metrics } from '@oxtender/bundle-api';
import type { Exchange } from './exchange';

/** Seconds: a device that waits does so for up to an hour. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600];

/** Counts devices' requests for the operator. */
export class RequestMeter {
  readonly #seconds: Histogram;

  constructor(metrics: Metrics) {
    this.#seconds = metrics.histogram({
      name: 'eas_request_seconds',
      help: 'Time to answer a request of a device, by command and HTTP status',
      labels: ['command', 'http'],
      buckets,
    });
  }

  record({ line, context, http, started }: Exchange, now: number): void {
    const command = line?.command ?? context.method;
    this.#seconds.observe((now - started) / 1000, { command, http: String(http) });
  }
}
