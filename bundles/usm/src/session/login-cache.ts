import { hash, randomBytes } from 'node:crypto';
import {
  type Clock,
  type Credentials,
  type GroupwareBridge,
  type GroupwareSession,
  type LoginOptions,
} from '@oxtender/bundle-api';
import { boundedCache } from '../bounded-cache';

const cachedLogins = 50_000;
/** Milliseconds after which the bridge is asked again, so that it may notice that a password no longer holds. */
const lifetime = 600_000;

/** A login that several requests share. */
export interface SharedLogin extends Disposable {
  /** A handle of the one who uses the login, where the bridge can give one: it counts what this one request costs. */
  readonly groupware: GroupwareSession;
  /** Another handle on the same login. */
  share(): SharedLogin;
  /** The groupware no longer accepts it: the next request logs in again. */
  forget(): void;
}

class Login {
  #users = 0;
  #isRetired = false;

  constructor(
    readonly groupware: GroupwareSession,
    readonly since: number,
    readonly forget: () => void,
  ) {}

  use(requestId?: string): SharedLogin {
    this.#users += 1;
    return new Share(this, requestId);
  }

  giveBack(): void {
    this.#users -= 1;
    this.#release();
  }

  /** Closes the groupware's session once nobody uses it. */
  retire(): void {
    this.#isRetired = true;
    this.#release();
  }

  #release(): void {
    if (this.#isRetired && this.#users === 0) this.groupware[Symbol.dispose]();
  }
}

/** One user's part in a login, until it is disposed. */
class Share implements SharedLogin {
  #own: GroupwareSession | undefined;
  #isHeld = true;

  constructor(
    private readonly login: Login,
    private readonly requestId: string | undefined,
  ) {}

  get groupware(): GroupwareSession {
    const { groupware } = this.login;
    if (!this.#isHeld) return groupware;
    const { requestId } = this;
    return (this.#own ??= groupware.share?.(requestId === undefined ? {} : { requestId }) ?? groupware);
  }

  share(): SharedLogin {
    return this.login.use();
  }

  forget(): void {
    this.login.forget();
  }

  [Symbol.dispose](): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#own !== this.login.groupware) this.#own?.[Symbol.dispose]();
    this.login.giveBack();
  }
}

/** Logins of users at the groupware, so that each request of a device costs none. Knows passwords only by a keyed hash. */
export class LoginCache implements Disposable {
  readonly #secret = randomBytes(32).toString('base64');
  readonly #logins = boundedCache<Login>(cachedLogins, (login) => login.retire());

  /** @param idle - milliseconds after which an unused login is given back */
  constructor(
    private readonly bridge: GroupwareBridge,
    private readonly clock: Clock,
    private readonly idle: number,
  ) {}

  /** @throws GroupwareError AUTHENTICATION, NOT_ALLOWED, UNAVAILABLE */
  async open(credentials: Credentials, options: LoginOptions & { requestId?: string }): Promise<SharedLogin> {
    const { requestId } = options;
    const key = this.#keyOf(credentials);
    const known = this.#logins.get(key);
    const isAdmitted = this.bridge.admits?.(credentials.login, options.address) ?? true;
    if (known && isAdmitted && this.#isFresh(known)) return known.use(requestId);
    const groupware = await this.bridge.login(credentials, options);
    const meanwhile = this.#logins.get(key);
    if (meanwhile && this.#isFresh(meanwhile)) {
      // All of a user's devices came back at once: they share what the first of them got.
      groupware[Symbol.dispose]();
      return meanwhile.use(requestId);
    }
    const login = new Login(groupware, this.clock.now(), () => void this.#logins.delete(key));
    const handle = login.use(requestId);
    this.#logins.set(key, login);
    return handle;
  }

  /** Gives back what is too old to be used. */
  sweep(): void {
    for (const [key, login] of this.#logins.entries()) if (!this.#isFresh(login)) this.#logins.delete(key);
  }

  [Symbol.dispose](): void {
    this.#logins.clear();
  }

  #isFresh({ since }: Login): boolean {
    return this.clock.now() - since < Math.min(lifetime, this.idle);
  }

  #keyOf({ login, password }: Credentials): string {
    return hash('sha256', `${this.#secret}\0${login}\0${password}`, 'base64');
  }
}
