import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  Deactivate,
  type Credentials,
  GroupwareBridge,
  type GroupwareSession,
  HealthCheck,
  HttpRoutes,
  Inject,
  Logger,
  type LoginOptions,
  Metrics,
} from '@oxtender/bundle-api';
import { OxBridge } from './bridge';
import type { OxConfig } from './config';

/** Where OX posts to: the `uri` of the webhook that its administrator configures ends so. */
const webhookPath = '/ox-webhook';

/** The bridge as a service of the host. */
@Component({ name: 'ox-bridge', provides: [GroupwareBridge], immediate: true, configurationPid: ['ox-bridge'] })
export class OxBridgeComponent implements GroupwareBridge {
  readonly name = 'ox';
  readonly #bridge: OxBridge;

  constructor(
    @Config() config: OxConfig,
    @Inject(Clock) clock: Clock,
    @Inject(Logger) log: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.#bridge = new OxBridge(config, { clock, log, metrics });
  }

  login(credentials: Credentials, options: LoginOptions): Promise<GroupwareSession> {
    return this.#bridge.login(credentials, options);
  }

  @Activate()
  activate({ bundleContext }: ComponentContext): void {
    const { health, webhooks } = this.#bridge;
    const properties = { 'health.name': health.name, 'health.tags': health.tags };
    bundleContext.subscriptions.add(bundleContext.registerService(HealthCheck, health, properties));
    if (!webhooks.isConfigured) return;
    const routes = { routes: webhooks.middleware() };
    bundleContext.subscriptions.add(
      bundleContext.registerService(HttpRoutes, routes, { 'http.path': webhookPath, 'http.maxBody': 1_048_576 }),
    );
  }

  @Deactivate()
  async deactivate(): Promise<void> {
    await this.#bridge[Symbol.asyncDispose]();
  }
}
