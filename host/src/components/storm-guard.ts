import type { Clock } from '@oxtender/bundle-api';

const window = 10_000;
const tolerated = 10;

/** Slows a component down that is made anew again and again (rule C24). */
export class StormGuard {
  #restarts: number[] = [];

  constructor(private readonly clock: Clock) {}

  /** Milliseconds to wait before the next restart: 0 unless there were more than ten in ten seconds. */
  delay(): number {
    const now = this.clock.now();
    this.#restarts = this.#restarts.filter((time) => now - time < window);
    this.#restarts.push(now);
    const excess = this.#restarts.length - tolerated;
    return excess <= 0 ? 0 : Math.min(window, 250 * 2 ** (excess - 1));
  }
}
