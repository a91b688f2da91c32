import type { Clock } from '@oxtender/bundle-api';

/** Counters are swept when there are so many, or twice as many as the last sweep left. */
const sweepFrom = 1024;

/** Counters of this process that forget. */
export class WindowCounters {
  readonly #counters = new Map<string, { sum: number; end: number }>();
  #sweepAt = sweepFrom;

  constructor(private readonly clock: Clock) {}

  add(name: string, amount: number, window: number): number {
    const now = this.clock.now();
    const counter = this.#counters.get(name);
    if (counter && counter.end > now) return (counter.sum += amount);
    this.#counters.set(name, { sum: amount, end: now + window });
    if (this.#counters.size > this.#sweepAt) this.#sweep(now);
    return amount;
  }

  #sweep(now: number): void {
    for (const [name, { end }] of this.#counters) if (end <= now) this.#counters.delete(name);
    this.#sweepAt = Math.max(sweepFrom, this.#counters.size * 2);
  }
}
