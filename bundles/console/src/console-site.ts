import type { Clock, Logger, LogReader, OperatorCommands } from '@oxtender/bundle-api';
import { isDeepStrictEqual } from 'node:util';
import { apiRouter } from './api/api-router';
import { apiRoutes } from './api/routes';
import type { ConsoleConfig } from './config';
import { consoleAddress, isLoopback } from './http/console-address';
import { ConsoleServer } from './http/console-server';
import { loginRouter } from './login/login-router';
import type * as oidcLogin from './login/oidc-login';
import type { Changes } from './live/changes';
import type { Sampler } from './live/sampler';
import { LoginLinks } from './session/login-links';
import { Sessions } from './session/sessions';

export interface ConsoleSiteParts {
  readonly commands: OperatorCommands;
  readonly logReader: LogReader;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sampler: Sampler;
  readonly changes: Changes;
}

const minute = 60_000;

/** Settings that are read when they are needed; the others open the site anew. */
const live: readonly (keyof ConsoleConfig)[] = [
  'console.link_minutes',
  'console.idle_minutes',
  'console.session_hours',
  'console.sample_seconds',
];

/** What is served, where the settings say; without a place to listen the host runs on without it. */
export class ConsoleSite implements AsyncDisposable {
  readonly sessions: Sessions;
  readonly links: LoginLinks;
  readonly #purging: Disposable;
  #config: ConsoleConfig | undefined;
  #server: ConsoleServer | undefined;
  #origin: string | undefined;
  #reason = 'it is starting';

  constructor(private readonly parts: ConsoleSiteParts) {
    const { clock } = parts;
    this.sessions = new Sessions(clock, () => ({
      idle: (this.#config?.['console.idle_minutes'] ?? 30) * minute,
      longest: (this.#config?.['console.session_hours'] ?? 12) * 60 * minute,
    }));
    this.links = new LoginLinks(clock, () => (this.#config?.['console.link_minutes'] ?? 5) * minute);
    this.#purging = clock.setInterval(() => this.sessions.purge(), minute);
  }

  /** @throws Error when nobody is served, and why */
  get origin(): string {
    if (this.#origin === undefined) throw new Error(`there is no web console: ${this.#reason}`);
    return this.#origin;
  }

  /** Opens the site as these settings say, if they say something else than before. */
  async open(config: ConsoleConfig): Promise<void> {
    const before = this.#config;
    this.#config = config;
    if (before && isDeepStrictEqual(fixed(before), fixed(config))) return;
    await this.#close();
    const fault = faultOf(config);
    if (fault === undefined) await this.#listen(config);
    else this.#stayAway(fault);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#purging[Symbol.dispose]();
    this.sessions[Symbol.dispose]();
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#origin = undefined;
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
  }

  async #listen(config: ConsoleConfig): Promise<void> {
    const { parts, sessions, links } = this;
    const { clock, log, commands } = parts;
    const server = new ConsoleServer({
      ...{ clock, log },
      addressOf: (port) => consoleAddress(config, port),
      routers: (address) => {
        const oidc =
          config['console.oidc.issuer'] === '' ? undefined : new (oidcModule().OidcLogin)(config, address, clock);
        const login = loginRouter({ commands, sessions, links, oidc, log }, address);
        return [login, apiRouter(apiRoutes, { ...parts, sessions }, address)];
      },
    });
    try {
      const { origin, port } = await server.listen(config['console.port'], config['console.address']);
      this.#server = server;
      this.#origin = origin;
      log.info('the web console listens: oxtender console login gives a link', { origin, port });
    } catch (error) {
      const place = `${config['console.address']}, port ${config['console.port']}`;
      this.#stayAway(`${place} cannot be had (${codeOf(error)}): set console.port, for example to 0`);
    }
  }

  /** The host is for devices: it runs as well without. */
  #stayAway(reason: string): void {
    this.#reason = reason;
    if (this.#config?.['console.enabled'] === true) this.parts.log.warn('the web console does not listen', { reason });
  }
}

/** Loaded where it is configured: most hosts never need the library behind it. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- what import() loads is not freed with the bundle
const oidcModule = (): typeof oidcLogin => require('./login/oidc-login') as typeof oidcLogin;

function fixed(config: ConsoleConfig): object {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !(live as readonly string[]).includes(key)));
}

function faultOf(config: ConsoleConfig): string | undefined {
  if (!config['console.enabled']) return 'console.enabled = false';
  const address = config['console.address'];
  if (!isLoopback(address) && !config['console.url'].startsWith('https:')) {
    return `others can reach ${address}: put a proxy with TLS in front, and set console.url = https://…`;
  }
  return undefined;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
