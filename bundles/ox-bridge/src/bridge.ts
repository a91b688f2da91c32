import { type BulkheadPolicy, bulkhead } from 'cockatiel';
import { setMaxListeners } from 'node:events';
import {
  type Cancellable,
  type Clock,
  type Credentials,
  type DiagnosticCheck,
  type GroupwareBridge,
  type GroupwareSession,
  type HealthCheck,
  type Logger,
  type LoginOptions,
  type Metrics,
  type RateLimits,
  type Tracer,
  untraced,
} from '@oxtender/bundle-api';
import type { OxConfig } from './config';
import { oxChecks } from './diagnosis';
import { OxGroupwareSession } from './groupware-session';
import { oxHealth } from './health';
import { CallMeter, CallTally } from './http/call-meter';
import { OxClient } from './http/ox-client';
import { OxNode } from './http/ox-node';
import type { AccountEnvironment } from './session/ox-account';
import { LoginGuard } from './session/login-guard';
import { type ServerTraits, unknownServer } from './session/server-traits';
import { SessionPool } from './session/session-pool';
import type { SharedAccount } from './session/shared-account';
import type { UserProfile } from './session/user-profile';
import { Polling } from './watch/polling';
import { WebSocketSource } from './watch/web-socket';
import { Webhooks } from './watch/webhooks';
import { type NoticeSource, Watcher } from './watch/watcher';
import { Watchers } from './watch/watchers';

/** How often idle sessions are looked for, milliseconds. */
const sweepInterval = 60_000;

/** What the bridge is given. */
export interface BridgeServices {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Counts wrong passwords, with other hosts where there are some; undefined while nobody does. */
  readonly limits?: () => RateLimits | undefined;
  readonly tracer?: Tracer;
}

/** {@link GroupwareBridge} over the OX HTTP API. Usable without the host. */
export class OxBridge implements GroupwareBridge, AsyncDisposable {
  readonly name = 'ox';
  readonly #nodes = new Map<string, OxNode>();
  readonly #traits = new Map<string, ServerTraits>();
  readonly #watchers = new Watchers((shared) => new Watcher(() => this.#sources(shared), this.services.log));
  readonly #stop = new AbortController();
  /** Receives what OX pushes, once its middleware is mounted somewhere. */
  readonly webhooks: Webhooks;
  readonly #pool: SessionPool;
  readonly #guard: LoginGuard;
  readonly #sweeping: Disposable;
  readonly #polls: BulkheadPolicy;

  constructor(
    private readonly config: OxConfig,
    private readonly services: BridgeServices,
  ) {
    const { clock, log, metrics, tracer = untraced } = services;
    // All logins under way wait for it.
    setMaxListeners(0, this.#stop.signal);
    const environment: AccountEnvironment = {
      config,
      meter: new CallMeter(metrics),
      tracer,
      log,
      now: () => clock.now(),
      nodeAt: (url) => entryOf(this.#nodes, url, () => new OxNode(url, config, clock)),
      traitsOf: (url) => entryOf(this.#traits, url, unknownServer),
      signal: this.#stop.signal,
    };
    this.#polls = bulkhead(Math.ceil(config['ox.connections'] / 4), Number.MAX_SAFE_INTEGER);
    this.webhooks = new Webhooks(config, clock, log);
    this.#guard = new LoginGuard({ source: services.limits ?? (() => undefined), config, clock, log });
    this.#pool = new SessionPool(environment, log, this.#guard);
    this.#sweeping = clock.setInterval(() => void this.#pool.sweep(), sweepInterval);
  }

  async login(credentials: Credentials, options: LoginOptions): Promise<GroupwareSession> {
    const shared = await this.#pool.acquire(credentials, options);
    return this.#sessionOf(shared);
  }

  admits(login: string, address: string | undefined): boolean {
    return this.#guard.admits({ login, address });
  }

  /** Who a user is, and on what server. @throws GroupwareError as `login` */
  async examine(credentials: Credentials, options: Cancellable): Promise<UserProfile> {
    const shared = await this.#pool.acquire(credentials, options);
    shared.release();
    return shared.profile;
  }

  /** Tells whether the configured server answers. */
  get health(): HealthCheck {
    return oxHealth(this.#configuredNode);
  }

  /** For `oxtender doctor`. */
  get diagnosis(): DiagnosticCheck[] {
    return oxChecks(this, this.#configuredNode, this.services.clock);
  }

  get #configuredNode(): OxNode {
    const url = this.config['ox.url'];
    return entryOf(this.#nodes, url, () => new OxNode(url, this.config, this.services.clock));
  }

  /** Users with a session at OX. */
  get sessionCount(): number {
    return this.#pool.size;
  }

  /** Logs out everywhere and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweeping[Symbol.dispose]();
    await this.#pool.close();
    this.#stop.abort();
    await Promise.all(Array.from(this.#nodes.values(), (node) => node.close()));
  }

  #sessionOf(shared: SharedAccount): OxGroupwareSession {
    return new OxGroupwareSession(shared, () => this.services.clock.now(), this.#watchers);
  }

  /** Polling finds everything in time; what OX pushes is heard sooner. */
  #sources(shared: SharedAccount): NoticeSource[] {
    const client = new OxClient(shared.account, new CallTally());
    const polling = this.#polling(shared, client);
    if (this.config['ox.watch.mode'] === 'poll') return [polling];
    if (this.webhooks.isConfigured) return [polling, this.webhooks.source(client, shared.profile.user)];
    return [polling, new WebSocketSource(client, this.services)];
  }

  #polling(shared: SharedAccount, client: OxClient): Polling {
    const { clock, log } = this.services;
    // A handle of its own, which holds nothing: the listeners' handles do.
    const session = this.#sessionOf(shared);
    return new Polling({
      client,
      clock,
      log,
      slots: this.#polls,
      tracer: client.account.environment.tracer,
      interval: this.config['ox.watch.interval'],
      idleInterval: this.config['ox.watch.idle_interval'],
      listFolders: (options) => session.listFolders(options),
    });
  }
}

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
