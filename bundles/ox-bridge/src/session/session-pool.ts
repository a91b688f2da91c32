import { createHmac, randomBytes } from 'node:crypto';
import {
  type Credentials,
  GroupwareError,
  isOxtenderError,
  type Logger,
  type LoginOptions,
} from '@oxtender/bundle-api';
import { CallTally } from '../http/call-meter';
import { OxClient } from '../http/ox-client';
import { type AccountEnvironment, OxAccount } from './ox-account';
import type { LoginAttempt, LoginGuard } from './login-guard';
import { raceAbort } from './race-abort';
import { Refusals } from './refusals';
import { SharedAccount } from './shared-account';
import { loadProfile } from './user-profile';

/** A user's session. */
interface Entry {
  /** Keyed hash of login and password that it was opened with. */
  readonly key: string;
  readonly account: SharedAccount;
}

/** Sessions at OX, one for each user, however many devices the user has. Knows passwords only by a keyed hash. */
export class SessionPool {
  /** By login. */
  readonly #entries = new Map<string, Entry>();
  /** Logins under way, by keyed hash. */
  readonly #openings = new Map<string, Promise<SharedAccount>>();
  readonly #secret = randomBytes(32);
  readonly #refusals: Refusals;

  constructor(
    private readonly environment: AccountEnvironment,
    private readonly log: Logger,
    private readonly guard: LoginGuard,
  ) {
    this.#refusals = new Refusals(environment.config['ox.login.backoff'], environment.now);
  }

  /** Users with a session. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Joins the user's session, or logs in.
   *
   * @throws GroupwareError AUTHENTICATION, PASSWORD_EXPIRED, NOT_ALLOWED, UNAVAILABLE
   */
  async acquire(credentials: Credentials, { signal, address }: LoginOptions): Promise<SharedAccount> {
    signal.throwIfAborted();
    const key = this.#keyOf(credentials);
    const who = { login: credentials.login, address };
    if (!this.guard.admits(who)) await this.guard.check(who);
    this.#learnRefusal(credentials.login);
    const refused = this.#refusals.find(key);
    if (refused) throw refused;
    const account =
      this.#usable(credentials.login, key) ?? (await raceAbort(this.#open(credentials, key, who), signal));
    await this.#recheck(key, account, signal);
    account.hold();
    return account;
  }

  /** Logs out of sessions that nobody has used for long. */
  async sweep(): Promise<void> {
    const { config, now } = this.environment;
    const idle = [...this.#entries].filter(([, { account }]) => account.isIdleSince(now() - config['ox.session.idle']));
    for (const [login] of idle) this.#entries.delete(login);
    await Promise.all(idle.map(([, { account }]) => this.#logOut(account)));
  }

  /** Logs out of all. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#openings.values());
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(({ account }) => this.#logOut(account)));
  }

  #usable(login: string, key: string): SharedAccount | undefined {
    const entry = this.#entries.get(login);
    return entry?.key === key ? entry.account : undefined;
  }

  /** A session that could not be renewed is of no use; why it could not is an answer to whoever comes with its password. */
  #learnRefusal(login: string): void {
    const entry = this.#entries.get(login);
    const refused = entry?.account.account.refused;
    if (!entry || !refused) return;
    this.#entries.delete(login);
    this.#rememberRefusal(entry.key, refused);
    entry.account.retire(() => void this.#logOut(entry.account));
  }

  /** One login for all who want one at the same time; it goes on when those who asked have gone. */
  #open(credentials: Credentials, key: string, who: LoginAttempt): Promise<SharedAccount> {
    const underWay = this.#openings.get(key);
    if (underWay) return underWay;
    const logIn = (): Promise<SharedAccount> => this.#logIn(credentials);
    // A password that was refused before is no guess: it is some device's old one.
    const isGuess = !this.#refusals.knows(key);
    const opening = (isGuess ? this.guard.attempt(who, logIn) : logIn())
      .then((account) => this.#keep(credentials.login, { key, account }))
      .catch((error: unknown) => {
        this.#rememberRefusal(key, error);
        throw error;
      })
      .finally(() => this.#openings.delete(key));
    this.#openings.set(key, opening);
    // Those who asked may all have gone.
    opening.catch(() => undefined);
    return opening;
  }

  /** A session that was opened with another password ends when its last user has gone. */
  #keep(login: string, entry: Entry): SharedAccount {
    const before = this.#entries.get(login)?.account;
    this.#entries.set(login, entry);
    this.#refusals.forget(entry.key);
    before?.retire(() => void this.#logOut(before));
    return entry.account;
  }

  async #logIn(credentials: Credentials): Promise<SharedAccount> {
    const account = await OxAccount.open(this.environment, credentials);
    try {
      const client = new OxClient(account, new CallTally());
      const profile = await loadProfile(client, credentials.login, { signal: this.environment.signal });
      this.log.debug('session opened', { user: profile.user.userId, context: profile.user.contextId });
      return new SharedAccount(account, profile, this.environment.now);
    } catch (error) {
      await account.close(this.environment.signal).catch(() => undefined);
      throw error;
    }
  }

  /** From time to time the password is asked for again, for it may have been changed. */
  async #recheck(key: string, { account }: SharedAccount, signal: AbortSignal): Promise<void> {
    const { config, now } = this.environment;
    if (now() - account.login.since < config['ox.session.recheck']) return;
    try {
      await raceAbort(account.recheck(), signal);
    } catch (error) {
      this.#rememberRefusal(key, error);
      throw error;
    }
  }

  #rememberRefusal(key: string, error: unknown): void {
    if (error instanceof GroupwareError && isOxtenderError(error, 'AUTHENTICATION', 'PASSWORD_EXPIRED'))
      this.#refusals.add(key, error);
  }

  async #logOut(shared: SharedAccount): Promise<void> {
    shared[Symbol.dispose]();
    try {
      await shared.account.close(AbortSignal.timeout(this.environment.config['ox.connect_timeout']));
    } catch (error) {
      // The server ends the session by itself in time.
      this.log.debug('logout failed', { error });
    }
  }

  #keyOf({ login, password }: Credentials): string {
    return createHmac('sha256', this.#secret).update(login).update('\0').update(password).digest('base64');
  }
}
