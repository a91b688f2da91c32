import { LRUCache } from 'lru-cache';
import type { GroupwareError } from '@oxtender/bundle-api';

/** The longest a password is refused without asking again, in times of the first. */
const longest = 12;

const remembered = 10_000;

interface Refusal {
  readonly error: GroupwareError;
  readonly until: number;
  /** How often OX itself refused it in a row. */
  readonly count: number;
}

/**
 * Passwords that OX refused a short while ago. A phone that keeps trying an old one must not make OX lock the account,
 * so it is refused here, each time for twice as long.
 */
export class Refusals {
  readonly #refusals = new LRUCache<string, Refusal>({ max: remembered });

  /** @param backoff - milliseconds that the first refusal is remembered */
  constructor(
    private readonly backoff: number,
    private readonly now: () => number,
  ) {}

  /** The error to give for this password, if it was refused lately. @param key - of login and password, a hash */
  find(key: string): GroupwareError | undefined {
    const refusal = this.#refusals.get(key);
    return refusal && refusal.until > this.now() ? refusal.error : undefined;
  }

  /** Was it refused before, lately or not? */
  knows(key: string): boolean {
    return this.#refusals.has(key);
  }

  add(key: string, error: GroupwareError): void {
    const count = (this.#refusals.get(key)?.count ?? 0) + 1;
    const pause = this.backoff * Math.min(2 ** (count - 1), longest);
    this.#refusals.set(key, { error, until: this.now() + pause, count });
  }

  forget(key: string): void {
    this.#refusals.delete(key);
  }
}
