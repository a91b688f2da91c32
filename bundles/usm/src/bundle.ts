import {
  Activate,
  Clock,
  ClusterBus,
  Component,
  type ComponentContext,
  Config,
  ConsoleCommand,
  Database,
  Deactivate,
  DeviceRegistry,
  DisposableStore,
  GroupwareBridge,
  Inject,
  Logger,
  Metrics,
  Reference,
  Scheduler,
  SyncEngine,
  Tracer,
} from '@oxtender/bundle-api';
import { type UsmConfiguration, usmOptions } from './config';
import { cleanUp } from './devices/clean-up';
import { deviceCommands } from './devices/device-commands';
import { UsmDeviceRegistry } from './devices/usm-device-registry';
import { observe } from './session/metrics';
import { UsmSyncEngine } from './session/usm-sync-engine';
import { usmSchema } from './tables/database-schema';

/** Offers `SyncEngine` and `DeviceRegistry` while there are a groupware and a database. */
@Component({ name: 'usm', immediate: true, configurationPid: ['usm'] })
export class UsmComponent {
  readonly #held = new DisposableStore();

  constructor(
    @Reference(GroupwareBridge) private readonly bridge: GroupwareBridge,
    @Reference(Database) private readonly database: Database,
    @Reference(ClusterBus) private readonly bus: ClusterBus,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly log: Logger,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(Tracer) private readonly tracer: Tracer,
    @Inject(Scheduler) private readonly scheduler: Scheduler,
    @Config() private readonly configuration: UsmConfiguration,
  ) {}

  @Activate()
  async activate({ bundleContext: context }: ComponentContext): Promise<void> {
    const { bridge, bus, clock, log, tracer } = this;
    const options = usmOptions(this.configuration);
    const connection = this.#held.add(await this.database.connect(usmSchema, { signal: context.signal }));
    const engine = this.#held.add(new UsmSyncEngine({ bridge, connection, bus, clock, log, tracer, options }));
    const registry = new UsmDeviceRegistry(engine.services);
    observe(engine.services, this.metrics);
    this.#held.add(this.scheduler.schedule(cleanUp(engine.services, { clock, log, ...options })));
    for (const command of deviceCommands(registry)) this.#held.add(context.registerService(ConsoleCommand, command));
    this.#held.add(context.registerService(DeviceRegistry, registry));
    this.#held.add(context.registerService(SyncEngine, engine));
  }

  @Deactivate()
  deactivate(): Promise<void> {
    return this.#held.dispose();
  }
}
