import type { Clock } from '@oxtender/bundle-api';
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Operator } from './sessions';
import { randomToken } from './random-token';

/** Links that let one operator in, once, for a short time. Only hashes of their tokens are kept, in memory. */
export class LoginLinks {
  readonly #operators: LRUCache<string, Operator>;

  /** @param lifetime - milliseconds */
  constructor(
    clock: Clock,
    private readonly lifetime: () => number,
  ) {
    const perf = { now: () => clock.now() };
    this.#operators = new LRUCache<string, Operator>({ max: 1000, ttl: lifetime(), ttlResolution: 0, perf });
  }

  /** @returns the token */
  create(operator: Operator): string {
    const token = randomToken();
    this.#operators.set(hashOf(token), operator, { ttl: this.lifetime() });
    return token;
  }

  /** Whose it is, for the first that asks; undefined for everybody else. */
  redeem(token: string): Operator | undefined {
    const hash = hashOf(token);
    const operator = this.#operators.get(hash);
    this.#operators.delete(hash);
    return operator;
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
