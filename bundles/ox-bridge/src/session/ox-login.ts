import { randomUUID } from 'node:crypto';
import type { Credentials } from '@oxtender/bundle-api';
import { CookieJar } from '../http/cookie-jar';
import { brokenAnswer, parseJson, readEnvelope } from '../http/envelope';
import { OxError } from '../http/ox-error';
import type { NodeAnswer, OxNode } from '../http/ox-node';

/** The exact text of the original: servers spare it the rate limit, padding, and the check of the public session. */
export const userAgent = 'Open-Xchange USM HTTP Client';

/** The client id of the original's ActiveSync, which servers know by name. */
const clientId = 'USM-EAS';

/** The context lives on another server; a parameter of the error tells which. */
const livesElsewhere = 'LGI-0016';

/** What a login answers. */
export interface LoginAnswer {
  readonly session: string;
  readonly user?: string;
  readonly user_id?: number;
  readonly context_id?: number;
  readonly locale?: string;
}

/** One session at an OX node: its id, and the cookies that must go with it. */
export class OxLogin {
  readonly #cookies = new CookieJar();

  private constructor(
    readonly node: OxNode,
    public answer: LoginAnswer,
    /** Time of the login, for {@link OxConfig} `ox.session.recheck`. */
    readonly since: number,
  ) {}

  /**
   * Logs in. OX HTTP API, "Login".
   *
   * @param nodeAt - the node of a URL, for servers that send the user elsewhere
   */
  static async open(
    nodeAt: (url: string) => OxNode,
    { url, credentials, now }: { url: string; credentials: Credentials; now: number },
    signal: AbortSignal,
  ): Promise<OxLogin> {
    try {
      return await OxLogin.#openAt(nodeAt(url), { credentials, now }, signal);
    } catch (error) {
      const elsewhere = error instanceof OxError && error.oxCode === livesElsewhere ? error.params[0] : undefined;
      if (typeof elsewhere !== 'string' || !URL.canParse(elsewhere)) throw error;
      return OxLogin.#openAt(nodeAt(elsewhere), { credentials, now }, signal);
    }
  }

  static async #openAt(
    node: OxNode,
    { credentials, now }: { credentials: Credentials; now: number },
    signal: AbortSignal,
  ): Promise<OxLogin> {
    // Never in the URL: newer servers refuse it there, and proxies log it.
    const form = new URLSearchParams({
      name: credentials.login,
      password: credentials.password,
      client: clientId,
      version: '1',
    });
    const answer = await node.exchange({
      method: 'POST',
      path: `/login?action=login&authId=${randomUUID()}`,
      headers: { ...commonHeaders, 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      signal,
      repeatable: false,
    });
    const parsed = parseJson(answer.text, 'login');
    readEnvelope(parsed, 'login');
    const login = new OxLogin(node, loginAnswer(parsed), now);
    login.accept(answer.headers);
    return login;
  }

  get session(): string {
    return this.answer.session;
  }

  /** Headers for a request of this session. */
  headers(more?: Record<string, string>): Record<string, string> {
    const cookie = this.#cookies.header;
    return { ...commonHeaders, ...(cookie !== undefined && { cookie }), ...more };
  }

  /** Takes the cookies of an answer. */
  accept(headers: NodeAnswer['headers']): void {
    this.#cookies.accept(headers['set-cookie']);
  }

  /** Ends the session at the server, which allows only a number of them for each user. */
  async close(signal: AbortSignal): Promise<void> {
    await this.node.exchange({
      method: 'GET',
      path: `/login?action=logout&session=${encodeURIComponent(this.session)}`,
      headers: this.headers(),
      signal,
      repeatable: true,
    });
  }
}

function loginAnswer(parsed: unknown): LoginAnswer {
  const { session } = parsed as Partial<LoginAnswer>;
  if (typeof session !== 'string' || session === '') throw brokenAnswer('login', 'a login without a session');
  return parsed as LoginAnswer;
}

const commonHeaders = { 'user-agent': userAgent, accept: 'application/json' };
