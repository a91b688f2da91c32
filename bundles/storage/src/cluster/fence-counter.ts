import type { Clock } from '@oxtender/bundle-api';

/**
 * Numbers that grow, in steps of one thousandth of a millisecond since 1970, so that they grow over restarts too, and from a
 * host that was alone to Redis and back.
 */
export class FenceCounter {
  #last = 0;

  constructor(private readonly clock: Clock) {}

  next(): number {
    this.#last = Math.max(this.#last + 1, this.clock.now() * 1000);
    return this.#last;
  }
}
