import type { Clock } from '@oxtender/bundle-api';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';
import * as oidc from 'openid-client';
import type { ConsoleConfig } from '../config';
import { ConsoleError } from '../console-error';
import { type ConsoleAddress, isLoopback } from '../http/console-address';
import { randomToken } from '../session/random-token';
import type { Operator, Role } from '../session/sessions';

/** A login that has begun: what the provider's answer is checked with. */
interface Begun {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** Milliseconds that an operator has for the provider's page. */
const patience = 10 * 60_000;

const cookieName = 'oxtender_console_oidc';

/** Login by OpenID Connect: code flow with PKCE, state and nonce ("OpenID Connect Core 1.0", RFC 7636). */
export class OidcLogin {
  readonly #begun: LRUCache<string, Begun>;
  #provider: Promise<oidc.Configuration> | undefined;

  constructor(
    private readonly config: ConsoleConfig,
    private readonly address: ConsoleAddress,
    clock: Clock,
  ) {
    const perf = { now: () => clock.now() };
    this.#begun = new LRUCache<string, Begun>({ max: 1000, ttl: patience, ttlResolution: 0, perf });
  }

  /** @returns where the browser goes. @throws ConsoleError PROVIDER */
  async begin(context: Context): Promise<string> {
    const provider = await this.#discovered();
    const begun = {
      verifier: oidc.randomPKCECodeVerifier(),
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
    };
    const id = randomToken();
    this.#begun.set(id, begun);
    this.#writeCookie(context, id);
    const url = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: this.#redirectUri,
      scope: this.config['console.oidc.scope'],
      code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
      state: begun.state,
      nonce: begun.nonce,
    });
    return url.href;
  }

  /** @throws ConsoleError LINK_OVER, PROVIDER; FORBIDDEN for somebody who has no role here */
  async finish(context: Context): Promise<Operator> {
    const id = context.cookies.get(cookieName) ?? '';
    const begun = this.#begun.get(id);
    this.#begun.delete(id);
    this.#writeCookie(context, undefined);
    if (!begun) throw new ConsoleError('LINK_OVER', 'this login was not begun here, or took too long');
    return this.#operatorOf(await this.#claims(new URL(context.url, this.address.origin), begun));
  }

  async #claims(url: URL, { verifier, state, nonce }: Begun): Promise<Readonly<Record<string, unknown>>> {
    const provider = await this.#discovered();
    try {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const tokens = await oidc.authorizationCodeGrant(provider, url, checks);
      const claims = tokens.claims();
      if (!claims) throw new ConsoleError('PROVIDER', 'the provider gave no ID token');
      // Providers may keep what a scope gives for the endpoint of the user's information.
      if (provider.serverMetadata().userinfo_endpoint === undefined) return claims;
      return { ...(await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      if (error instanceof ConsoleError) throw error;
      throw new ConsoleError('PROVIDER', `the OpenID provider refused the login: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  #operatorOf(claims: Readonly<Record<string, unknown>>): Operator {
    const { config } = this;
    const name = claims[config['console.oidc.user_claim']] ?? claims.sub;
    const values = [claims[config['console.oidc.role_claim']] ?? []].flat().map(String);
    const has = (wanted: readonly string[]): boolean => values.some((value) => wanted.includes(value));
    const role: Role | undefined = has(config['console.oidc.admins'])
      ? 'admin'
      : has(config['console.oidc.readers'])
        ? 'read'
        : undefined;
    if (typeof name !== 'string' || role === undefined) {
      throw new ConsoleError(
        'FORBIDDEN',
        `${String(name)} has no role here: see console.oidc.admins, console.oidc.readers`,
      );
    }
    return { name, role };
  }

  get #redirectUri(): string {
    return `${this.address.origin}/oidc/callback`;
  }

  /** What the provider says of itself; asked for again after a failure. */
  async #discovered(): Promise<oidc.Configuration> {
    this.#provider ??= this.#discover();
    try {
      return await this.#provider;
    } catch (error) {
      this.#provider = undefined;
      throw new ConsoleError('PROVIDER', `the OpenID provider cannot be reached: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async #discover(): Promise<oidc.Configuration> {
    const { config } = this;
    const issuer = new URL(config['console.oidc.issuer']);
    const secret = config['console.oidc.client_secret'];
    const isLocal = isLoopback(issuer.hostname.replace(/^\[|\]$/g, ''));
    return oidc.discovery(
      issuer,
      config['console.oidc.client_id'],
      undefined,
      secret === '' ? oidc.None() : oidc.ClientSecretPost(secret),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to warn; a provider on this machine needs no TLS
      isLocal ? { execute: [oidc.allowInsecureRequests] } : {},
    );
  }

  /** Lax: it must come along when the provider sends the browser back. */
  #writeCookie(context: Context, id: string | undefined): void {
    context.cookies.secure = this.address.isSecure;
    context.cookies.set(cookieName, id ?? '', {
      ...{ httpOnly: true, sameSite: 'lax', path: '/oidc', secure: this.address.isSecure },
      ...(id === undefined ? { expires: new Date(0) } : { maxAge: patience }),
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
