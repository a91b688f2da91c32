import { createHash } from 'node:crypto';
import type { RateLimit, RateLimitOptions, RateLimits } from '@oxtender/bundle-api';
import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** Where hosts count together. */
export interface SharedCounters {
  readonly client: Redis;
  /** Begins the name of every key. */
  readonly prefix: string;
}

/** Milliseconds of the longest timer that Node.js has: a longer one would fire at once, and forget what it counts. */
const longestTimer = 2 ** 31 - 1;

/** {@link RateLimits} by rate-limiter-flexible: in Redis where there is one, in memory without it and while it is away. */
export class FlexibleRateLimits implements RateLimits {
  constructor(private readonly shared?: SharedCounters) {}

  create({ name, points, window }: RateLimitOptions): RateLimit {
    const common = { points, duration: window / 1000 };
    const duration = Math.min(window, longestTimer) / 1000;
    const memory = new RateLimiterMemory({ ...common, duration, keyPrefix: name });
    if (!this.shared) return new FlexibleRateLimit(memory, points);
    const { client, prefix } = this.shared;
    const limiter = new RateLimiterRedis({
      ...common,
      storeClient: client,
      keyPrefix: `${prefix}limit:${name}`,
      insuranceLimiter: memory,
      rejectIfRedisNotReady: true,
    });
    return new FlexibleRateLimit(limiter, points);
  }
}

class FlexibleRateLimit implements RateLimit {
  constructor(
    private readonly limiter: RateLimiterAbstract,
    private readonly points: number,
  ) {}

  async consume(key: string): Promise<number> {
    try {
      await this.limiter.consume(digest(key));
      return 0;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return refused.msBeforeNext;
      throw refused;
    }
  }

  async waitFor(key: string): Promise<number> {
    const state = await this.limiter.get(digest(key));
    return state && state.consumedPoints >= this.points ? Math.max(1, state.msBeforeNext) : 0;
  }

  async reward(key: string): Promise<void> {
    await this.limiter.reward(digest(key));
  }

  async reset(key: string): Promise<void> {
    await this.limiter.delete(digest(key));
  }
}

/** Keys are what clients send: of any length, with any characters, and names of users among them. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
