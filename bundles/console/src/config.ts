/** Settings of the bundle, as `console.properties` names them; described by the JSON Schema in package.json. */
export interface ConsoleConfig {
  readonly 'console.enabled': boolean;
  readonly 'console.address': string;
  readonly 'console.port': number;
  /** As browsers reach it, without a path; empty: by its address and port. */
  readonly 'console.url': string;
  readonly 'console.link_minutes': number;
  readonly 'console.idle_minutes': number;
  readonly 'console.session_hours': number;
  readonly 'console.sample_seconds': number;
  /** Empty: no login by OpenID Connect. */
  readonly 'console.oidc.issuer': string;
  readonly 'console.oidc.client_id': string;
  readonly 'console.oidc.client_secret': string;
  readonly 'console.oidc.scope': string;
  readonly 'console.oidc.user_claim': string;
  readonly 'console.oidc.role_claim': string;
  readonly 'console.oidc.admins': readonly string[];
  readonly 'console.oidc.readers': readonly string[];
}
