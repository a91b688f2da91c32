import {
  Activate,
  Clock,
  Component,
  Config,
  Deactivate,
  HttpConnections,
  Inject,
  Logger,
  Metrics,
  Reference,
} from '@oxtender/bundle-api';
import { AjpServer } from './ajp-server';
import type { AjpConfig } from './config';

/** Takes requests in AJP 1.3, while `ajp.enabled` says so. */
@Component({ name: 'ajp', immediate: true, configurationPid: ['ajp'] })
export class AjpConnector {
  #server: AjpServer | undefined;

  constructor(
    @Reference(HttpConnections) private readonly connections: HttpConnections,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly log: Logger,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Config() private readonly config: AjpConfig,
  ) {}

  @Activate()
  async activate(): Promise<void> {
    const { clock, log, config, connections } = this;
    if (!config['ajp.enabled']) return;
    const server = new AjpServer({ clock, log, config, connections });
    this.metrics.gauge({
      name: 'ajp_connections',
      help: 'Connections of the web server by AJP',
      collect: () => server.connectionCount,
    });
    await server.listen();
    this.#server = server;
  }

  @Deactivate()
  async deactivate(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
  }
}
