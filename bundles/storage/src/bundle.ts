import {
  Activate,
  Clock,
  ClusterBus,
  Component,
  type ComponentContext,
  Config,
  ConsoleCommand,
  Deactivate,
  DiagnosticCheck,
  DisposableStore,
  HealthCheck,
  Inject,
  Logger,
  Metrics,
  RateLimits,
} from '@oxtender/bundle-api';
import { InProcessClusterBus } from './cluster/in-process-cluster-bus';
import { FlexibleRateLimits } from './cluster/flexible-rate-limits';
import { RedisClusterBus } from './cluster/redis-cluster-bus';
import { backupCommands } from './commands/backup-commands';
import { checkCommand } from './commands/check-command';
import { updateTaskCommands } from './commands/update-task-commands';
import { readSettings, type StorageConfiguration } from './configuration';
import { DatabaseService } from './database-service';
import { clusterCheck, databaseChecks } from './diagnosis';
import { clusterBusHealth, databaseHealth } from './health';

/** Offers `Database` as soon as the database answers, and what an operator needs to look after it. */
@Component({ name: 'database', immediate: true, configurationPid: ['storage'] })
export class DatabaseComponent {
  readonly #held = new DisposableStore();

  constructor(
    @Config() private readonly configuration: StorageConfiguration,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Activate()
  async activate({ bundleContext: context }: ComponentContext): Promise<void> {
    const { clock, logger, metrics } = this;
    const settings = readSettings(this.configuration, context.getDataFile('oxtender.sqlite'));
    const service = this.#held.add(new DatabaseService({ context, settings, clock, logger, metrics }));
    const check = databaseHealth(service, settings);
    this.#held.add(
      context.registerService(HealthCheck, check, { 'health.name': check.name, 'health.tags': check.tags }),
    );
    for (const one of databaseChecks(service, settings, clock))
      this.#held.add(context.registerService(DiagnosticCheck, one));
    for (const command of [
      ...updateTaskCommands(service),
      checkCommand(service),
      ...backupCommands(service, settings, clock),
    ])
      this.#held.add(context.registerService(ConsoleCommand, command));
    await service.start();
  }

  @Deactivate()
  deactivate(): Promise<void> {
    return this.#held.dispose();
  }
}

/** Offers `ClusterBus`: over Redis where the configuration names one, else inside this process. */
@Component({ name: 'cluster-bus', immediate: true, configurationPid: ['storage'] })
export class ClusterBusComponent {
  readonly #held = new DisposableStore();

  constructor(
    @Config() private readonly configuration: StorageConfiguration,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Activate()
  activate({ bundleContext: context }: ComponentContext): void {
    const { redis } = readSettings(this.configuration, '');
    const { clock, logger } = this;
    if (!redis) {
      this.#held.add(context.registerService(ClusterBus, new InProcessClusterBus({ clock, logger })));
      this.#held.add(context.registerService(DiagnosticCheck, clusterCheck()));
      this.#held.add(context.registerService(RateLimits, new FlexibleRateLimits()));
      return;
    }
    const bus = this.#held.add(new RedisClusterBus(redis, { clock, logger }));
    const check = clusterBusHealth(bus);
    this.#held.add(
      context.registerService(HealthCheck, check, { 'health.name': check.name, 'health.tags': check.tags }),
    );
    this.#held.add(context.registerService(DiagnosticCheck, clusterCheck(bus)));
    this.#held.add(context.registerService(RateLimits, new FlexibleRateLimits(bus.shared)));
    this.#held.add(context.registerService(ClusterBus, bus));
  }

  @Deactivate()
  deactivate(): Promise<void> {
    return this.#held.dispose();
  }
}
