import type { Framework, Logger } from '@oxtender/bundle-api';
import {
  BundleContext,
  Clock,
  EventAdmin,
  HealthCheck,
  HttpConnections,
  HttpRoutes,
  Logger as LoggerToken,
  LogReader,
  Metrics,
  OperatorCommands,
  Preferences,
  Scheduler,
} from '@oxtender/bundle-api';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AdminSocket } from '../admin/admin-socket';
import { AuditTrail } from '../admin/audit-trail';
import { completionsOf } from '../admin/completions';
import { CommandRunner } from '../admin/command-runner';
import { CommandSet } from '../admin/command-set';
import { hostCommands } from '../admin/commands';
import { metaCommands } from '../admin/commands/meta';
import { OperatorDoor } from '../admin/operator-door';
import { socketPath } from '../admin/socket-path';
import type { HostConstant } from '../components/bundle-container';
import { ComponentExtender } from '../components/component-extender';
import { ConfigurationExtender } from '../configuration/configuration-extender';
import { PreferenceFiles } from '../configuration/preferences';
import { EventBridge } from '../events/event-bridge';
import { HostEventAdmin } from '../events/event-admin';
import { systemClock } from '../framework/clock';
import { HotDeploy } from '../deploy/hot-deploy';
import { hostDoctor } from '../doctor/host-doctor';
import { createFramework } from '../framework/create-framework';
import type { StartedGeneration } from '../framework/extender';
import { bundlesCheck } from '../health/checks/bundles';
import { componentsCheck } from '../health/checks/components';
import { configurationCheck } from '../health/checks/configuration';
import { leaksCheck } from '../health/checks/leaks';
import { diskCheck, eventLoopCheck, heapCheck } from '../health/checks/process';
import { startLevelCheck } from '../health/checks/start-level';
import { taintedCheck } from '../health/checks/tainted';
import { healthRoutes } from '../health/health-routes';
import { HealthService } from '../health/health-service';
import { HttpFront } from './http-front';
import type { LogOutput } from '../log/destination';
import { Logging } from '../log/logging';
import { metricsRoutes } from '../metrics/metrics-routes';
import { MetricsRegistry } from '../metrics/metrics-registry';
import { Schedulers } from '../scheduler/scheduler';
import { installBundles } from './bundle-folders';
import type { HostOptions } from './command-line';
import { type HostConfiguration, loadConfiguration } from './host-configuration';
import { logLevelsOf } from './host-settings';

/** Milliseconds that requests in flight have when the host stops: with the bundles' own stops within ten seconds. */
const shutdownDrain = 7000;

/** Everything that runs in the process: the framework and what serves its bundles. */
export class Host {
  readonly clock = systemClock;
  readonly logging: Logging;
  readonly log: Logger;
  readonly metrics = new MetricsRegistry();
  readonly preferences: PreferenceFiles;
  readonly schedulers = new Schedulers({ clock: systemClock });
  readonly health: HealthService;
  readonly events: HostEventAdmin;
  readonly configuration: HostConfiguration;
  readonly configurations: ConfigurationExtender;
  readonly components: ComponentExtender;
  readonly http: HttpFront;
  readonly #admin: AdminSocket;
  #framework: Framework | undefined;
  #deploy: HotDeploy | undefined;
  readonly #eventLoop = eventLoopCheck();

  constructor(
    readonly options: HostOptions,
    output: LogOutput,
  ) {
    const { clock } = this;
    for (const folder of ['', 'conf']) mkdirSync(join(options.data, folder), { recursive: true, mode: 0o750 });
    this.logging = new Logging({ clock, destination: output });
    this.log = this.logging.logger('host');
    this.preferences = new PreferenceFiles(join(options.data, 'store', 'preferences'));
    this.#admin = new AdminSocket(socketPath(options.data), this.logging.logger('host.admin'));
    this.configuration = loadConfiguration(options, this.logging.logger('host.configuration'));
    const { settings, admin, schemas, folder } = this.configuration;
    this.logging.setLevels(logLevelsOf(settings));
    admin.onChange(() => this.logging.setLevels(logLevelsOf(this.configuration.settings)));
    const log = this.logging.logger('host.configuration');
    this.configurations = new ConfigurationExtender({ admin, schemas, clock, log, folder });
    this.components = new ComponentExtender({
      clock,
      configurations: this.configurations,
      constants: (generation) => this.#constants(generation),
      log: (bundle) => this.loggerOf(bundle.symbolicName, bundle.id),
      drain: settings['host.components.drainTimeout'],
      patience: settings['host.components.patience'],
    });
    this.events = new HostEventAdmin({ clock, log: this.logging.logger('host.events') });
    this.health = new HealthService({ clock, expected: () => this.configuration.settings['host.health.expected'] });
    this.http = new HttpFront({
      clock,
      settings: () => this.configuration.settings,
      log: this.logging.logger('host.http'),
      bundleLog: (bundle) => this.loggerOf(bundle.symbolicName, bundle.id),
      metrics: this.metrics.createView(),
    });
  }

  /** @throws IllegalStateError before {@link Host.start} */
  get framework(): Framework {
    if (!this.#framework) throw new Error('the host is not started');
    return this.#framework;
  }

  /** Listens, and starts the bundles. @returns the URL of the host. @throws Error when another host runs on the data folder */
  async start(): Promise<string> {
    const { data } = this.options;
    await this.#admin.listen();
    const url = await this.http.listen();
    this.configuration.properties.set('host.url', url);
    this.configuration.properties.set('host.data', data);
    const framework = createFramework({
      store: join(data, 'store'),
      dataFolder: join(data, 'bundles'),
      bundleFolder: join(data, 'bundle.d'),
      clock: this.clock,
      properties: {
        ...Object.fromEntries(this.configuration.properties),
        'host.disabled': '', // applied live, below
        'host.safeMode': String(this.options.safeMode),
      },
      logger: this.log,
      guardProcess: true,
      extenders: [this.http.whiteboard, this.components, this.configurations],
    });
    this.#framework = framework;
    await framework.init();
    this.#registerServices(framework);
    await this.#applyDisabled();
    const { context } = framework;
    if (context) {
      await installBundles(context, {
        folders: this.options.bundles,
        settingsFolder: join(data, 'bundle.d'),
        log: this.log,
        operator: framework.operator,
      });
    }
    this.configuration.admin.onChange(({ pid }) => {
      if (pid === 'host') void this.#applyDisabled();
    });
    await framework.start();
    if (context) this.#deploy = this.#watchDeployFolder(framework, context);
    return url;
  }

  /** Resolves when the checks tagged `ready`, and those of the `backend`, let phones synchronise, some perhaps with a warning; says once what it waits for. */
  async ready(signal: AbortSignal): Promise<void> {
    let told = '';
    for (;;) {
      const { status, checks } = await this.health.report(['ready', 'backend']);
      if (status === 'OK' || status === 'WARN') return;
      const waiting = checks
        .flatMap(({ message, status: each }) => (each === 'OK' || message === undefined ? [] : [message]))
        .join('; ');
      if (waiting !== told) this.log.info('not ready yet', { waiting });
      told = waiting;
      await this.clock.sleep(100, { signal });
    }
  }

  /** Requests in flight finish, bundles stop, everything is closed. */
  async stop(): Promise<void> {
    this.http.stopListening();
    await this.#deploy?.[Symbol.asyncDispose]();
    await this.http.whiteboard.drainAll(shutdownDrain);
    await this.#framework?.stop();
    this.#eventLoop[Symbol.dispose]();
    await this.#admin[Symbol.asyncDispose]();
    await this.http.close();
  }

  loggerOf(bundle: string, id: number): Logger {
    return this.logging.logger(bundle, { 'bundle.id': id });
  }

  /** The patterns in the host's own configuration, live (rule P14). */
  async #applyDisabled(): Promise<void> {
    const { operator } = this.framework;
    const patterns = this.configuration.settings['host.disabled'];
    if (isDeepStrictEqual(operator.disabledPatterns, patterns)) return;
    try {
      await operator.setDisabledPatterns(patterns);
    } catch (error) {
      this.log.error('host.disabled could not be applied', { patterns, error });
    }
  }

  #watchDeployFolder(framework: Framework, context: BundleContext): HotDeploy {
    const { clock, options, configuration } = this;
    const { 'host.deploy.startNew': startNew, 'host.deploy.onRemove': onRemove } = configuration.settings;
    const folder = join(options.data, 'deploy');
    const stateFile = join(options.data, 'store', 'deployed.json');
    return new HotDeploy({
      folder,
      stateFile,
      framework,
      context,
      clock,
      log: this.logging.logger('host.deploy'),
      startNew,
      onRemove,
    });
  }

  #registerServices(framework: Framework): void {
    const { context } = framework;
    if (!context) return;
    this.metrics.collectProcess();
    this.events.open(context);
    new EventBridge(context, this.events, {
      log: this.logging,
      onConfiguration: (listener) => this.configuration.admin.onChange(listener),
      onRejected: (listener) => this.configuration.admin.onRejected(listener),
      onHealth: (listener) => this.health.onChange(listener),
    });
    this.health.open(context);
    context.registerService(EventAdmin, this.events);
    context.registerService(LogReader, this.logging);
    context.registerService(HttpConnections, this.http.connections);
    context.registerService(HttpRoutes, healthRoutes(this.health), { 'http.path': '/health' });
    context.registerService(HttpRoutes, metricsRoutes(this.metrics), { 'http.path': '/metrics' });
    const checks = [
      startLevelCheck(framework),
      bundlesCheck(framework),
      componentsCheck(framework, this.components, this.configuration.admin),
      configurationCheck(this.configuration.admin),
      taintedCheck(framework),
      leaksCheck(framework),
      this.#eventLoop,
      heapCheck(),
      diskCheck(this.options.data),
    ];
    for (const check of checks) context.registerService(HealthCheck, check);
    this.#admin.open(this.#commandRunner(framework, context));
  }

  #commandRunner(framework: Framework, context: BundleContext): CommandRunner {
    const audit = new AuditTrail(join(this.options.data, 'audit.log'), this.clock);
    const { whiteboard } = this.http;
    const { components, configuration, configurations, events, health, logging, metrics, schedulers, clock } = this;
    const log = this.logging.logger('host.admin');
    const inside = {
      preferences: this.preferences,
      components,
      configuration,
      configurations,
      events,
      health,
      logging,
      metrics,
      schedulers,
      clock,
    };
    const doctor = hostDoctor({ context, clock, data: this.options.data, configuration, health });
    const operated = { ...inside, framework, context, whiteboard, audit, log, doctor };
    const commands: CommandSet = new CommandSet(context, [
      ...hostCommands(operated),
      ...metaCommands(operated, () => commands),
    ]);
    const runner = new CommandRunner({
      commands,
      audit,
      log,
      completions: completionsOf(operated),
      isSecret: (pid, key) => configuration.schemas.get(pid)?.isSecret(key) === true,
    });
    context.registerService(OperatorCommands, new OperatorDoor(runner, commands, audit));
    return runner;
  }

  /** What a bundle may `@Inject`; its metrics and jobs end with it. */
  #constants({ bundle, context, number }: StartedGeneration): HostConstant[] {
    const log = this.logging.logger(bundle.symbolicName, { 'bundle.id': bundle.id, generation: number });
    const metrics = context.subscriptions.add(this.metrics.createView());
    context.subscriptions.add(() => this.preferences.of(bundle.symbolicName).flush());
    const scheduler = context.subscriptions.add(this.schedulers.createScheduler(bundle.symbolicName, log));
    return [
      { token: LoggerToken, value: log },
      { token: Clock, value: this.clock },
      { token: Metrics, value: metrics },
      { token: Scheduler, value: scheduler },
      { token: Preferences, value: this.preferences.of(bundle.symbolicName) },
      { token: BundleContext, value: context },
    ];
  }
}
