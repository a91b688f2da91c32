import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  Deactivate,
  DeviceRegistry,
  HttpRoutes,
  Inject,
  Logger,
  Reference,
  type ServiceRegistration,
  SyncEngine,
} from '@oxtender/bundle-api';
import type { EasConfig } from './config';
import { AccessGate, ProvisioningGate } from './device/gates';
import { unknownSettings } from './device/policy';
import { Endpoint } from './http/endpoint';
import { EngineSessions } from './http/sessions';
import { CommandSet } from './protocol/command-set';
import { commandTable } from './protocol/command-table';

/** The endpoint of Exchange ActiveSync, served while there is a sync engine. */
@Component({ name: 'eas.endpoint', configurationPid: ['eas'] })
export class EasEndpoint {
  readonly #draining = new AbortController();
  #routes: ServiceRegistration<HttpRoutes> | undefined;

  constructor(
    @Reference(SyncEngine) private readonly engine: SyncEngine,
    @Reference(DeviceRegistry) private readonly devices: DeviceRegistry,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly log: Logger,
    @Config() private readonly config: EasConfig,
  ) {}

  @Activate()
  activate({ bundleContext }: ComponentContext): void {
    const { clock, config, devices, engine, log } = this;
    const unknown = unknownSettings(config);
    if (unknown.length > 0) log.warn('policy settings that do not exist, correct eas.properties', { unknown });
    const commands = new CommandSet(commandTable, { clock, config, devices, draining: this.#draining.signal });
    const gates = [new AccessGate(), new ProvisioningGate(config)];
    const endpoint = new Endpoint({
      commands,
      sessions: new EngineSessions(engine),
      gates,
      config,
      clock,
      log,
    });
    this.#routes = bundleContext.registerService(
      HttpRoutes,
      { routes: endpoint.middleware, onDrain: () => this.#draining.abort() },
      { 'http.path': config['com.openexchange.usm.eas.alias'] },
    );
  }

  @Deactivate()
  deactivate(): void {
    this.#draining.abort();
    this.#routes?.unregister();
  }
}
