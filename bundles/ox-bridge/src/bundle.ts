import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  Deactivate,
  DiagnosticCheck,
  DisposableStore,
  type Credentials,
  GroupwareBridge,
  type GroupwareSession,
  HealthCheck,
  HttpRoutes,
  Inject,
  Logger,
  type LoginOptions,
  Metrics,
  RateLimits,
  Reference,
  Tracer,
} from '@oxtender/bundle-api';
import { OxBridge } from './bridge';
import type { OxConfig } from './config';

/** Where OX posts to: the `uri` of the webhook that its administrator configures ends so. */
const webhookPath = '/ox-webhook';

/** The bridge as a service of the host. */
@Component({ name: 'ox-bridge', provides: [GroupwareBridge], immediate: true, configurationPid: ['ox-bridge'] })
export class OxBridgeComponent implements GroupwareBridge {
  readonly name = 'ox';
  /** Comes and goes with the storage: sessions stay. */
  @Reference(RateLimits, { optional: true, policy: 'dynamic' }) limits: RateLimits | undefined;
  readonly #bridge: OxBridge;
  /** A new configuration makes a new component, while the bundle goes on. */
  readonly #held = new DisposableStore();

  constructor(
    @Config() config: OxConfig,
    @Inject(Clock) clock: Clock,
    @Inject(Logger) log: Logger,
    @Inject(Metrics) metrics: Metrics,
    @Inject(Tracer) tracer: Tracer,
  ) {
    this.#bridge = new OxBridge(config, { clock, log, metrics, tracer, limits: () => this.limits });
  }

  login(credentials: Credentials, options: LoginOptions): Promise<GroupwareSession> {
    return this.#bridge.login(credentials, options);
  }

  admits(login: string, address: string | undefined): boolean {
    return this.#bridge.admits(login, address);
  }

  @Activate()
  activate({ bundleContext }: ComponentContext): void {
    const { diagnosis, health, webhooks } = this.#bridge;
    const properties = { 'health.name': health.name, 'health.tags': health.tags };
    this.#held.add(bundleContext.registerService(HealthCheck, health, properties));
    for (const check of diagnosis) this.#held.add(bundleContext.registerService(DiagnosticCheck, check));
    if (!webhooks.isConfigured) return;
    const routes = { routes: webhooks.middleware() };
    this.#held.add(
      bundleContext.registerService(HttpRoutes, routes, { 'http.path': webhookPath, 'http.maxBody': 1_048_576 }),
    );
  }

  @Deactivate()
  async deactivate(): Promise<void> {
    await this.#held.dispose();
    await this.#bridge[Symbol.asyncDispose]();
  }
}
