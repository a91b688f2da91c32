import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  ConsoleCommand,
  Database,
  Deactivate,
  DeviceRegistry,
  DisposableStore,
  HealthCheck,
  HttpRoutes,
  Inject,
  Logger,
  Metrics,
  Reference,
  type ServiceRegistration,
  SyncEngine,
  Tracer,
} from '@oxtender/bundle-api';
import type { EasConfig } from './config';
import { ContentStore } from './content/contents';
import { AccessGate, KindGate, ProvisioningGate, WipeGate } from './device/gates';
import { policyFaults } from './device/policy';
import { policyHealth } from './device/policy-health';
import { randomPolicyKey } from './device/provisioning';
import { Endpoint } from './http/endpoint';
import { RequestMeter } from './http/request-meter';
import { EngineSessions } from './http/sessions';
import { CommandSet } from './protocol/command-set';
import { commandTable } from './protocol/command-table';
import { easSchema } from './tables/database-schema';
import { DeviceTraces } from './trace/device-traces';
import { traceCommand } from './trace/trace-command';
import { StoredAppliedMails } from './meetings/applied-mails';
import { StoredUidMapping } from './uids/uid-mapping';

/** The endpoint of Exchange ActiveSync, served while there is a sync engine. */
@Component({ name: 'eas.endpoint', configurationPid: ['eas'] })
export class EasEndpoint {
  readonly #draining = new AbortController();
  readonly #held = new DisposableStore();
  #registrations: readonly ServiceRegistration[] = [];

  constructor(
    @Reference(SyncEngine) private readonly engine: SyncEngine,
    @Reference(DeviceRegistry) private readonly devices: DeviceRegistry,
    @Reference(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly log: Logger,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(Tracer) private readonly tracer: Tracer,
    @Config() private readonly config: EasConfig,
  ) {}

  @Activate()
  async activate({ bundleContext }: ComponentContext): Promise<void> {
    const { clock, config, devices, engine, log } = this;
    const faults = policyFaults(config);
    if (faults.length > 0) log.warn('policy settings are wrong and left out, correct eas.properties', { faults });
    const health = policyHealth(faults);
    const draining = this.#draining.signal;
    const { signal } = bundleContext;
    const connection = this.#held.add(await this.database.connect(easSchema(devices), { signal }));
    const uids = new StoredUidMapping(connection);
    const appliedMails = new StoredAppliedMails(connection, clock);
    const services = { clock, config, devices, uids, appliedMails, draining, newPolicyKey: randomPolicyKey };
    const contents = await ContentStore.open(bundleContext.getDataFile('tmp'), log);
    const commands = new CommandSet(commandTable, services);
    const gates = [new WipeGate(), new KindGate(config), new AccessGate(), new ProvisioningGate(config)];
    const traces = new DeviceTraces(clock);
    const endpoint = new Endpoint({
      commands,
      sessions: new EngineSessions(engine),
      gates,
      config,
      contents,
      clock,
      log,
      tracer: this.tracer,
      traces,
      meter: new RequestMeter(this.metrics),
    });
    this.#registrations = [
      bundleContext.registerService(
        HttpRoutes,
        { routes: endpoint.middleware, onDrain: () => this.#draining.abort() },
        { 'http.path': config['com.openexchange.usm.eas.alias'] },
      ),
      bundleContext.registerService(HealthCheck, health, { 'health.name': health.name }),
      bundleContext.registerService(ConsoleCommand, traceCommand(traces)),
    ];
  }

  @Deactivate()
  async deactivate(): Promise<void> {
    this.#draining.abort();
    for (const registration of this.#registrations) registration.unregister();
    await this.#held.dispose();
  }
}
