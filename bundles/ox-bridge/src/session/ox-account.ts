import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { type Credentials, GroupwareError, type Logger, type Tracer } from '@oxtender/bundle-api';
import type { CallMeter } from '../http/call-meter';
import { OxError } from '../http/ox-error';
import type { OxClient } from '../http/ox-client';
import type { OxNode } from '../http/ox-node';
import type { OxConfig } from '../config';
import { OxLogin } from './ox-login';
import type { ServerTraits } from './server-traits';
import { raceAbort } from './race-abort';

/** What all accounts share. */
export interface AccountEnvironment {
  readonly config: OxConfig;
  readonly meter: CallMeter;
  readonly tracer: Tracer;
  readonly log: Logger;
  readonly now: () => number;
  /** The node of a base URL; made when it is new. */
  readonly nodeAt: (url: string) => OxNode;
  /** What is known of the server at a base URL. */
  readonly traitsOf: (url: string) => ServerTraits;
  /** Aborted when the bundle stops. */
  readonly signal: AbortSignal;
}

/** How long after a call the session is taken to be alive, milliseconds. */
const trusted = 60_000;

/** How many calls of one user may wait for a free place before more are refused. */
const waitingCalls = 1000;

/**
 * A user's session at OX, shared by all the user's devices. Renews itself when the server has lost it; keeps the
 * password in memory for that, as long as it lives.
 */
export class OxAccount {
  readonly #bulkhead: BulkheadPolicy;
  /** Really private: nobody who prints an account prints a password. */
  readonly #credentials: Credentials;
  #login: OxLogin;
  #lastUse = 0;
  #renewal: Promise<OxLogin> | undefined;
  #refused: GroupwareError | undefined;

  private constructor(
    readonly environment: AccountEnvironment,
    credentials: Credentials,
    login: OxLogin,
  ) {
    this.#credentials = credentials;
    this.#login = login;
    this.#bulkhead = bulkhead(environment.config['ox.calls_per_user'], waitingCalls);
  }

  static async open(environment: AccountEnvironment, credentials: Credentials): Promise<OxAccount> {
    return new OxAccount(environment, credentials, await logIn(environment, credentials));
  }

  get login(): OxLogin {
    return this.#login;
  }

  get traits(): ServerTraits {
    return this.environment.traitsOf(this.#login.node.url);
  }

  /** Set when OX refused to renew the session: the password or the account's rights have changed. */
  get refused(): GroupwareError | undefined {
    return this.#refused;
  }

  /**
   * Runs work with the session. When the server says that the session is gone, which it does before it executes
   * anything, logs in once more and repeats the work, once.
   *
   * @param options - `replayable: false` for work that consumes what it sends: it then fails with UNAVAILABLE
   */
  async run<T>(
    work: (login: OxLogin) => Promise<T>,
    { signal, replayable = true }: { signal: AbortSignal; replayable?: boolean },
  ): Promise<T> {
    const isWaiting = this.#bulkhead.executionSlots === 0;
    const result = this.#bulkhead.execute(() => this.#attempt(work, signal, replayable), signal);
    try {
      // Who waits for a place would hear of the signal only when the turn comes.
      return await (isWaiting ? raceAbort(result, signal) : result);
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
      throw new GroupwareError('UNAVAILABLE', 'too many calls of one user at a time', { cause: error });
    }
  }

  /**
   * Makes sure of the session before something is sent that cannot be sent twice. Costs a call only when the session
   * was not used for a while.
   */
  async ensureAlive(client: OxClient, signal: AbortSignal): Promise<void> {
    if (this.environment.now() - this.#lastUse < trusted) return;
    await client.call({ module: 'config/currentTime' }, { signal });
  }

  /** Logs in anew beside the session, to see whether the password still holds. */
  async recheck(): Promise<void> {
    await this.#renew(this.#login);
  }

  async close(signal: AbortSignal): Promise<void> {
    await this.#login.close(signal);
  }

  async #attempt<T>(work: (login: OxLogin) => Promise<T>, signal: AbortSignal, replayable: boolean): Promise<T> {
    if (this.#refused) throw this.#refused;
    const login = this.#login;
    try {
      const result = await work(login);
      this.#lastUse = this.environment.now();
      return result;
    } catch (error) {
      if (!(error instanceof OxError && error.sessionLost)) throw error;
      const renewed = await raceAbort(this.#renew(login), signal);
      if (!replayable) throw new GroupwareError('UNAVAILABLE', 'the session ended while sending', { cause: error });
      return work(renewed);
    }
  }

  /** One login for all who found `stale` to be gone. */
  #renew(stale: OxLogin): Promise<OxLogin> {
    if (this.#login !== stale) return Promise.resolve(this.#login);
    this.#renewal ??= this.#logInAgain(stale).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #logInAgain(stale: OxLogin): Promise<OxLogin> {
    try {
      this.#login = await logIn(this.environment, this.#credentials);
    } catch (error) {
      if (error instanceof GroupwareError && error.code !== 'UNAVAILABLE') this.#refused = error;
      throw error;
    }
    // The old one may be alive at a node that the balancer no longer asks.
    void stale.close(this.environment.signal).catch(() => undefined);
    return this.#login;
  }
}

function logIn({ config, nodeAt, now, signal }: AccountEnvironment, credentials: Credentials): Promise<OxLogin> {
  return OxLogin.open(nodeAt, { url: config['ox.url'], credentials, now: now() }, signal);
}
