import type { Clock } from '@oxtender/bundle-api';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';

/** Milliseconds over which the load is judged. */
const interval = 10_000;
/** Part of the time that the host works from which it has no time to spare. */
const busy = 0.5;
/** Percent that suffice a host with time to spare. */
const atRest = 10;

export interface HeapGrowthOptions {
  /** Percent under load; 0 leaves V8 alone. */
  readonly percent: number;
  readonly clock: Clock;
  /** As of `perf_hooks`. */
  readonly utilization?: (since?: EventLoopUtilization) => EventLoopUtilization;
  readonly setFlag?: (flag: string) => void;
}

/**
 * By how much the heap may outgrow what is alive in it before it is collected. V8 by itself lets it grow up to fourfold:
 * after thousands of phones came back at once, most of the heap would be garbage for minutes. A host that rests has time
 * to collect more often, so that phones that wait take less.
 */
export class HeapGrowth {
  #percent = 0;

  constructor(private readonly options: HeapGrowthOptions) {
    this.#set(options.percent);
  }

  /** Goes by the load from here on, to the end of the process. */
  start(): void {
    const { percent, clock, utilization = performance.eventLoopUtilization.bind(performance) } = this.options;
    if (percent <= atRest) return;
    let last = utilization();
    clock.setInterval(() => {
      const { utilization: part } = utilization(last);
      last = utilization();
      this.#set(part < busy ? atRest : percent);
    }, interval);
  }

  #set(percent: number): void {
    if (percent === this.#percent) return;
    const { setFlag = setFlagsFromString } = this.options;
    this.#percent = percent;
    setFlag(`--heap-growing-percent=${percent}`);
  }
}
