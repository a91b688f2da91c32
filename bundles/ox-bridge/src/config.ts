/** Configuration of the bundle; keys, defaults and units are described in package.json. Times are milliseconds. */
export interface OxConfig {
  readonly 'ox.url': string;
  readonly 'ox.connections': number;
  readonly 'ox.calls_per_user': number;
  readonly 'ox.connect_timeout': number;
  readonly 'ox.timeout': number;
  readonly 'ox.answer_limit': number;
  readonly 'ox.breaker.failures': number;
  readonly 'ox.breaker.pause': number;
  readonly 'ox.batch': number;
  readonly 'ox.session.idle': number;
  readonly 'ox.session.recheck': number;
  readonly 'ox.login.backoff': number;
  readonly 'ox.login.attempts': number;
  readonly 'ox.login.attempts_window': number;
  readonly 'ox.calendar': 'auto' | 'legacy' | 'chronos';
  readonly 'ox.folder_choice': 'auto' | 'off';
  readonly 'ox.watch.mode': 'auto' | 'poll';
  readonly 'ox.watch.interval': number;
  readonly 'ox.watch.idle_interval': number;
  readonly 'ox.webhook.id': string;
  readonly 'ox.webhook.url': string;
  readonly 'ox.webhook.secret': string;
  readonly 'ox.webhook.signature_secret': string;
}

/** Defaults as in package.json, which a test compares. */
export const defaultConfig: OxConfig = {
  'ox.url': 'http://localhost:8009/appsuite/api',
  'ox.connections': 64,
  'ox.calls_per_user': 8,
  'ox.connect_timeout': 5_000,
  'ox.timeout': 60_000,
  'ox.answer_limit': 268_435_456,
  'ox.breaker.failures': 5,
  'ox.breaker.pause': 5_000,
  'ox.batch': 100,
  'ox.session.idle': 1_800_000,
  'ox.session.recheck': 3_600_000,
  'ox.login.backoff': 300_000,
  'ox.login.attempts': 10,
  'ox.login.attempts_window': 900_000,
  'ox.calendar': 'auto',
  'ox.folder_choice': 'auto',
  'ox.watch.mode': 'auto',
  'ox.watch.interval': 3_000,
  'ox.watch.idle_interval': 30_000,
  'ox.webhook.id': '',
  'ox.webhook.url': '',
  'ox.webhook.secret': '',
  'ox.webhook.signature_secret': '',
};
