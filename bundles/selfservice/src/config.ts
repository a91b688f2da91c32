/** Settings of the bundle, as `selfservice.properties` names them; described by the JSON Schema in package.json. */
export interface SelfServiceConfig {
  readonly 'selfservice.path': string;
  /** Address by which phones reach this server. Empty: as the page was reached. */
  readonly 'selfservice.server': string;
  readonly 'selfservice.organization': string;
  /** May users erase a whole phone? */
  readonly 'selfservice.full_wipe': boolean;
  readonly 'selfservice.idle_minutes': number;
  readonly 'selfservice.session_hours': number;
  /** Wrong passwords of one login name from one address. */
  readonly 'selfservice.login_attempts': number;
  readonly 'selfservice.login_minutes': number;
  /** Names of PEM files; empty: profiles are not signed. */
  readonly 'profile.certificate': string;
  readonly 'profile.key': string;
  readonly 'profile.passphrase': string;
}
