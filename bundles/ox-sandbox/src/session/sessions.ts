import { createHash, randomBytes } from 'node:crypto';
import { oxError } from '../envelope/ox-error';
import type { OxSandboxOptions } from '../options';
import type { Account } from '../store/contexts';

/** A login that goes on. Kept in memory: after a restart clients log in again, as with the original after a node's death. */
export interface Session extends Account {
  readonly id: string;
  /** Value of the secret cookie. */
  readonly secret: string;
  /** Value of the public session cookie, for URLs without a session. */
  readonly publicId: string;
  readonly client: string;
  readonly userAgent: string;
  readonly authId: string | undefined;
  readonly loginTime: number;
  /** Node to which a balancer sends the session. */
  readonly route: string;
  ip: string;
  locale: string;
  lastActive: number;
}

export type NewSession = Account & Pick<Session, 'client' | 'userAgent' | 'authId' | 'ip' | 'locale'>;

/** Opens, finds and ends sessions. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  /** Goes into the names of cookies, so that nobody can compute them. */
  readonly #salt = randomBytes(16).toString('hex');

  constructor(
    private readonly options: Pick<
      OxSandboxOptions,
      'sessionLifetime' | 'maxSessionsPerUser' | 'ipCheck' | 'ipCheckWhitelist'
    >,
    private readonly now: () => number,
  ) {}

  /** @throws OxError SES-0007, SES-0008 */
  open(login: NewSession): Session {
    const own = this.of(login);
    if (login.authId !== undefined && own.some(({ authId }) => authId === login.authId))
      throw oxError('SES-0008', login.authId);
    const { maxSessionsPerUser } = this.options;
    if (maxSessionsPerUser > 0 && own.length >= maxSessionsPerUser) throw oxError('SES-0007');
    const session: Session = {
      ...login,
      ...{ id: token(), secret: token(), publicId: token(), route: `${token()}.OX1` },
      ...{ loginTime: this.now(), lastActive: this.now() },
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  /**
   * The session that a request belongs to.
   *
   * @param cookie - looks up a cookie of the request
   * @throws OxError SES-0203, SES-0205, SES-0206
   */
  check(id: string, request: { ip: string; userAgent: string; cookie: (name: string) => string | undefined }): Session {
    const session = this.#alive(id);
    if (!session) throw oxError('SES-0203', id);
    if (request.cookie(this.secretCookie(request.userAgent, session.client)) !== session.secret) {
      this.end(id);
      throw oxError('SES-0206', id);
    }
    const exempt = this.options.ipCheckWhitelist.some(
      (client) => client.toLowerCase() === session.client.toLowerCase(),
    );
    if (this.options.ipCheck && !exempt && session.ip !== request.ip) {
      this.end(id);
      throw oxError('SES-0205', request.ip);
    }
    session.lastActive = this.now();
    return session;
  }

  /** The session of a public cookie, for pictures. */
  byPublicId(publicId: string): Session | undefined {
    for (const session of this.#sessions.values()) if (session.publicId === publicId) return this.#alive(session.id);
    return undefined;
  }

  get(id: string): Session | undefined {
    return this.#alive(id);
  }

  /** All sessions of a user. */
  of({ context, user }: Account): Session[] {
    return [...this.#sessions.values()].filter(
      (session) => session.user.id === user.id && session.context.id === context.id && this.#alive(session.id),
    );
  }

  end(id: string): boolean {
    return this.#sessions.delete(id);
  }

  endAll(): void {
    this.#sessions.clear();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Name of the cookie with the secret: another User-Agent or client looks for another name. */
  secretCookie(userAgent: string, client: string): string {
    return `open-xchange-secret-${this.#hash(userAgent, client)}`;
  }

  publicCookie(userAgent: string): string {
    return `open-xchange-public-session-${this.#hash(userAgent)}`;
  }

  /** Name of the cookie that `store` sets for autologin. */
  sessionCookie(userAgent: string, client: string): string {
    return `open-xchange-session-${this.#hash(userAgent, client)}`;
  }

  #alive(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (!session || this.now() - session.lastActive <= this.options.sessionLifetime) return session;
    this.#sessions.delete(id);
    return undefined;
  }

  #hash(...parts: string[]): string {
    return createHash('sha256').update(this.#salt).update(parts.join('\0')).digest('base64url').slice(0, 22);
  }
}

function token(): string {
  return randomBytes(16).toString('hex');
}
