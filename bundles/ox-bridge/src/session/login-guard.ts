import {
  type Clock,
  GroupwareError,
  isOxtenderError,
  type Logger,
  type RateLimit,
  type RateLimits,
} from '@oxtender/bundle-api';
import { type BulkheadPolicy, bulkhead } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import type { OxConfig } from '../config';

/** Who tries to log in, and from where. */
export interface LoginAttempt {
  readonly login: string;
  /** Of the device, where it is known. */
  readonly address: string | undefined;
}

/** Milliseconds that a user's own address is remembered. */
const remembered = 30 * 86_400_000;

interface Limits {
  readonly pair: RateLimit;
  readonly address: RateLimit;
  readonly login: RateLimit;
  /** Full as soon as a user has logged in from an address. */
  readonly known: RateLimit;
}

interface Place {
  readonly name: string;
  readonly kind: Exclude<keyof Limits, 'known'>;
  readonly key: string;
}

/** One counter of an attempt. */
interface Counter extends Place {
  readonly limit: RateLimit;
}

interface FullCounter extends Counter {
  /** Milliseconds. */
  readonly wait: number;
}

export interface LoginGuardParts {
  /** Undefined while nobody counts. */
  readonly source: () => RateLimits | undefined;
  readonly config: OxConfig;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** What this host remembers of refusals at most. */
const rememberedRefusals = 50_000;

/** Addresses whose logins are kept apart from each other at most. */
const rememberedAddresses = 10_000;

/**
 * Keeps guessers of passwords from trying many: of one user from one address, of all users from one address, of one user from
 * anywhere. Only passwords that were not refused before are guesses: a device that repeats its old password counts once, and locks
 * nobody out. Where the user has logged in before, only the first of the three counts.
 */
export class LoginGuard {
  #made: { readonly from: RateLimits; readonly limits: Limits } | undefined;
  /** What is full, as far as this host knows: by pair, address or login, until when. */
  readonly #full = new LRUCache<string, number>({ max: rememberedRefusals });
  /**
   * Logins of an address run half of its limit at a time: each counts as wrong until OX has answered, and after a restart all
   * phones behind one address come back at once, with the right passwords.
   */
  readonly #queues = new LRUCache<string, BulkheadPolicy>({ max: rememberedAddresses });

  constructor(private readonly parts: LoginGuardParts) {}

  /**
   * False while a login from there would be refused, as far as this host knows. Who keeps logins asks before each use: else the right
   * guess would be told from the wrong ones.
   */
  admits(who: LoginAttempt): boolean {
    if (this.#full.size === 0) return true;
    const now = this.parts.clock.now();
    return placesOf(who).every(({ key }) => (this.#full.get(key) ?? 0) <= now);
  }

  /** @throws GroupwareError UNAVAILABLE while there were too many guesses */
  async check(who: LoginAttempt): Promise<void> {
    const limits = this.#limits();
    if (limits) await this.#checked(who, limits);
  }

  /**
   * Runs `work`, which asks OX whether a password is right.
   *
   * @throws GroupwareError UNAVAILABLE without asking, when there were too many guesses; what `work` throws
   */
  attempt<T>(who: LoginAttempt, work: () => Promise<T>): Promise<T> {
    const limits = this.#limits();
    if (!limits) return work();
    const counted = (): Promise<T> => this.#counted(who, limits, work);
    return who.address === undefined ? counted() : this.#queueOf(who.address).execute(counted);
  }

  async #counted<T>(who: LoginAttempt, limits: Limits, work: () => Promise<T>): Promise<T> {
    const counters = await this.#checked(who, limits);
    // Counted before it is known what comes of it, so that many at a time count as well.
    const full = await waits(counters, ({ limit, key }) => limit.consume(key));
    if (full.length > 0) await this.#forgive(counters);
    this.#refuseIf(who, full);
    try {
      const result = await work();
      await this.#forgive(counters);
      const [pair] = placesOf(who);
      await Promise.all([limits.pair.reset(pair.key), limits.known.consume(pair.key)]);
      return result;
    } catch (error) {
      if (!isOxtenderError(error, 'AUTHENTICATION')) await this.#forgive(counters);
      throw error;
    }
  }

  #queueOf(address: string): BulkheadPolicy {
    let queue = this.#queues.get(address);
    if (!queue) this.#queues.set(address, (queue = bulkhead(this.parts.config['ox.login.attempts'] * 5, Infinity)));
    return queue;
  }

  async #checked(who: LoginAttempt, limits: Limits): Promise<Counter[]> {
    const counters = await countersOf(who, limits);
    this.#refuseIf(who, await waits(counters, ({ limit, key }) => limit.waitFor(key)));
    return counters;
  }

  async #forgive(counters: readonly Counter[]): Promise<void> {
    await Promise.all(counters.map(({ limit, key }) => limit.reward(key)));
  }

  #refuseIf({ login, address }: LoginAttempt, full: readonly FullCounter[]): void {
    if (full.length === 0) return;
    const { clock, log } = this.parts;
    const retryAfter = Math.max(...full.map(({ wait }) => wait));
    for (const { key, wait } of full) this.#full.set(key, clock.now() + wait);
    const limits = full.map(({ name }) => name);
    log.warn('too many wrong passwords: no login for a while', { login, address, limits, retryAfter });
    throw new GroupwareError('UNAVAILABLE', `too many wrong passwords (${limits.join(', ')})`, { retryAfter });
  }

  #limits(): Limits | undefined {
    const { source, config } = this.parts;
    const from = source();
    const window = config['ox.login.attempts_window'];
    const most = config['ox.login.attempts'];
    if (!from || most === 0) return undefined;
    if (this.#made?.from === from) return this.#made.limits;
    const limits: Limits = {
      pair: from.create({ name: 'login-pair', points: most, window }),
      address: from.create({ name: 'login-address', points: most * 10, window }),
      login: from.create({ name: 'login-user', points: most * 5, window }),
      known: from.create({ name: 'login-known', points: 1, window: remembered }),
    };
    this.#made = { from, limits };
    return limits;
  }
}

/** Where guesses are counted: of the user from the address first. */
function placesOf({ login, address = '' }: LoginAttempt): [Place, ...Place[]] {
  const user = login.toLowerCase();
  return [
    { name: 'user and address', kind: 'pair', key: JSON.stringify([user, address]) },
    ...(address === '' ? [] : [{ name: 'address', kind: 'address', key: JSON.stringify(['', address]) } as const]),
    { name: 'user', kind: 'login', key: JSON.stringify([user]) },
  ];
}

async function countersOf(who: LoginAttempt, limits: Limits): Promise<Counter[]> {
  const [pair, ...others] = placesOf(who);
  const isKnown = (await limits.known.waitFor(pair.key)) > 0;
  return [pair, ...(isKnown ? [] : others)].map((place) => ({ ...place, limit: limits[place.kind] }));
}

async function waits(counters: readonly Counter[], ask: (counter: Counter) => Promise<number>): Promise<FullCounter[]> {
  const asked = await Promise.all(counters.map(async (counter) => ({ ...counter, wait: await ask(counter) })));
  return asked.filter(({ wait }) => wait > 0);
}
