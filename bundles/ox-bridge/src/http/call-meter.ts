import type { BackendCalls, Counter, Histogram, Metrics } from '@oxtender/bundle-api';

/** Counts OX calls for the operator. */
export class CallMeter {
  readonly #calls: Counter;
  readonly #parts: Counter;
  readonly #seconds: Histogram;

  constructor(metrics: Metrics) {
    const labels = ['module', 'action'];
    this.#calls = metrics.counter({
      name: 'ox_calls_total',
      help: 'Calls of the OX HTTP API, by outcome: ok, or the code of the error',
      labels: [...labels, 'outcome'],
    });
    this.#parts = metrics.counter({
      name: 'ox_batched_calls_total',
      help: 'Calls that went together as one of the module multiple, by outcome',
      labels: [...labels, 'outcome'],
    });
    this.#seconds = metrics.histogram({
      name: 'ox_call_seconds',
      help: 'Time from sending a call to the end of its answer',
      labels,
    });
  }

  record(module: string, action: string, seconds: number, outcome: string): void {
    this.#calls.add(1, { module, action, outcome });
    this.#seconds.observe(seconds, { module, action });
  }

  recordPart(module: string, action: string, outcome: string): void {
    this.#parts.add(1, { module, action, outcome });
  }
}

/** What one handle has cost. */
export class CallTally implements BackendCalls {
  count = 0;
  #milliseconds = 0;

  /** @param requestId - of the device's request that the handle is for */
  constructor(readonly requestId?: string) {}

  get milliseconds(): number {
    return Math.round(this.#milliseconds);
  }

  add(milliseconds: number): void {
    this.count += 1;
    this.#milliseconds += milliseconds;
  }
}
