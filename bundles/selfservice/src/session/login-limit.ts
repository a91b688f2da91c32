import type { Clock } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';

export interface LoginLimitOptions {
  /** Wrong passwords of one login name from one address. */
  readonly attempts: number;
  /** Milliseconds from the first of them until they are forgotten. */
  readonly window: number;
}

/** An address, or a login name, may fail so many times more: offices share an address, and a name is no secret. */
const perAddress = 10;
const perLogin = 10;

/** Counts wrong passwords, so that nobody can try many. */
export class LoginLimit {
  readonly #failures: LRUCache<string, number>;

  constructor(
    clock: Clock,
    private readonly options: LoginLimitOptions,
  ) {
    this.#failures = new LRUCache<string, number>({
      max: 100_000,
      ttl: options.window,
      ttlResolution: 0,
      noUpdateTTL: true,
      perf: { now: () => clock.now() },
    });
  }

  /** Milliseconds to wait before the next try; 0: now. */
  waitFor(login: string, address: string): number {
    const full = this.#counters(login, address).filter(({ key, most }) => this.#count(key) >= most);
    return Math.max(0, ...full.map(({ key }) => this.#failures.getRemainingTTL(key)));
  }

  /** Counts a try as a failure before it is made, so that many at a time count as well. */
  begin(login: string, address: string): void {
    for (const { key } of this.#counters(login, address)) this.#failures.set(key, this.#count(key) + 1);
  }

  /** It was none; the right password forgives the wrong ones of the same person at the same place. */
  succeeded(login: string, address: string): void {
    const [own, ...shared] = this.#counters(login, address);
    if (own) this.#failures.delete(own.key);
    for (const { key } of shared) this.#failures.set(key, Math.max(0, this.#count(key) - 1));
  }

  #count(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  #counters(login: string, address: string): { key: string; most: number }[] {
    const { attempts } = this.options;
    const name = login.toLowerCase();
    return [
      { key: JSON.stringify([name, address]), most: attempts },
      { key: JSON.stringify(['address', address, '']), most: attempts * perAddress },
      { key: JSON.stringify(['login', name, '']), most: attempts * perLogin },
    ];
  }
}
