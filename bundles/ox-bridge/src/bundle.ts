import {
  Clock,
  Component,
  Config,
  Deactivate,
  type Credentials,
  GroupwareBridge,
  type GroupwareSession,
  Inject,
  Logger,
  type LoginOptions,
  Metrics,
} from '@oxtender/bundle-api';
import { OxBridge } from './bridge';
import type { OxConfig } from './config';

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

  @Deactivate()
  async deactivate(): Promise<void> {
    await this.#bridge[Symbol.asyncDispose]();
  }
}
