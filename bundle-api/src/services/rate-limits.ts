import { serviceToken } from '../framework/token';

/** What a limit lets through. @public */
export interface RateLimitOptions {
  /** Tells it from other limits; hosts that share the load count under the same name together. */
  readonly name: string;
  /** Points of one key within the window; each use costs one. */
  readonly points: number;
  /** Milliseconds from the first point until all are forgotten. */
  readonly window: number;
}

/** Counts by key. @public */
export interface RateLimit {
  /** Counts one point. @returns milliseconds until the key may go on; 0: it is within the limit */
  consume(key: string): Promise<number>;
  /** Milliseconds until one more point would be within the limit; 0: now. Counts nothing. */
  waitFor(key: string): Promise<number>;
  /** Takes a point back. */
  reward(key: string): Promise<void>;
  /** Forgets the key. */
  reset(key: string): Promise<void>;
}

/**
 * Limits against attempts in great number, of passwords for example. Hosts that share Redis count together; while it is away, each by
 * itself.
 *
 * @public
 */
export interface RateLimits {
  /** A limit with counts of its own, or those that another limit of the same name has. */
  create(options: RateLimitOptions): RateLimit;
}

/** Its token: what it is registered and found by. @public */
export const RateLimits = serviceToken<RateLimits>('storage.RateLimits');
