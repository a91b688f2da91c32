import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Provider {
  callback(): RequestListener;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no types
const { default: ProviderClass } = require('oidc-provider') as {
  default: new (issuer: string, options: object) => Provider;
};

/** A certified OpenID provider with one client, on a free port; every password is right. */
export class OidcProvider implements AsyncDisposable {
  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  /** @param groups - of each person, by the name that is typed */
  static async start(redirectUri: string, groups: Readonly<Record<string, readonly string[]>>): Promise<OidcProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new ProviderClass(issuer, {
      clients: [
        {
          client_id: 'console',
          client_secret: 'client secret',
          redirect_uris: [redirectUri],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      pkce: { required: () => true },
      cookies: { keys: ['of a test'] },
      claims: { openid: ['sub'], email: ['email', 'groups'], profile: [] },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id}@example.com`, groups: groups[id] ?? [] }),
      }),
    });
    server.on('request', provider.callback());
    return new OidcProvider(server, issuer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
