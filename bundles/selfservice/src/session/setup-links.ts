import type { Clock } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { randomToken } from './page-sessions';

/** What a phone is told to set up the account; nothing of it is secret but by decency, and no password is in it. */
export interface PhoneAccount {
  readonly login: string;
  readonly displayName: string;
  readonly address: string;
}

/** Milliseconds that a link in a QR code is good for. */
export const linkLifetime = 15 * 60_000;

/** Links for a phone that is not logged in: they name an account without saying whose it is. */
export class SetupLinks {
  readonly #accounts: LRUCache<string, PhoneAccount>;

  constructor(clock: Clock) {
    const perf = { now: () => clock.now() };
    this.#accounts = new LRUCache<string, PhoneAccount>({ max: 10_000, ttl: linkLifetime, ttlResolution: 0, perf });
  }

  create(account: PhoneAccount): string {
    const token = randomToken();
    this.#accounts.set(token, account);
    return token;
  }

  find(token: string): PhoneAccount | undefined {
    return this.#accounts.get(token);
  }
}
