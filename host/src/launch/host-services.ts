import type { Clock, FrameworkOperator, Logger } from '@oxtender/bundle-api';
import {
  BundleContext,
  Clock as ClockToken,
  EventAdmin,
  HealthCheck,
  HttpConnections,
  HttpRoutes,
  Logger as LoggerToken,
  LogReader,
  Metrics,
  Preferences,
  Scheduler,
  Tracer,
  untraced,
} from '@oxtender/bundle-api';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { HostConstant } from '../components/bundle-container';
import { ComponentExtender } from '../components/component-extender';
import { ConfigurationExtender } from '../configuration/configuration-extender';
import { PreferenceFiles } from '../configuration/preferences';
import { HostEventAdmin } from '../events/event-admin';
import { EventBridge } from '../events/event-bridge';
import type { Extender, StartedGeneration } from '../framework/extender';
import type { HostFramework } from '../framework/host-framework';
import { HealthService } from '../health/health-service';
import { healthRoutes } from '../health/health-routes';
import { Logging } from '../log/logging';
import { MetricsRegistry } from '../metrics/metrics-registry';
import { metricsRoutes } from '../metrics/metrics-routes';
import { Schedulers } from '../scheduler/scheduler';
import { openTracing, type Tracing } from '../tracing/open-tracing';
import type { FrameworkOptions } from './framework-options';
import { type HostConfiguration, loadConfiguration } from './host-configuration';
import { HostHealth } from './host-health';
import { logLevelsOf } from './host-settings';
import { HttpFront } from './http-front';

/** Milliseconds that requests in flight have when the host stops: with the bundles' own stops within ten seconds. */
const shutdownDrain = 7000;

/** All that a framework has for its bundles beyond its core: the services of OSGi's Compendium, and the parts behind them. */
export class HostServices implements Extender {
  readonly name = 'services';
  readonly phase = 'configuration';
  readonly clock: Clock;
  readonly logging: Logging;
  readonly log: Logger;
  readonly metrics = new MetricsRegistry();
  readonly preferences: PreferenceFiles;
  readonly schedulers: Schedulers;
  readonly health: HealthService;
  readonly events: HostEventAdmin;
  readonly configuration: HostConfiguration;
  readonly configurations: ConfigurationExtender;
  readonly components: ComponentExtender;
  readonly http: HttpFront;
  readonly #hostHealth: HostHealth;
  #tracing: Tracing | undefined;
  /** While the framework runs. */
  #operator: FrameworkOperator | undefined;
  #requestTracer: Tracer | undefined;

  constructor(private readonly options: FrameworkOptions & { readonly clock: Clock }) {
    const { clock, store, log = { write: () => undefined } } = options;
    this.clock = clock;
    this.logging = new Logging({ clock, destination: log });
    this.log = this.logging.logger('host');
    this.schedulers = new Schedulers({ clock });
    this.preferences = new PreferenceFiles(store === undefined ? undefined : join(store, 'preferences'));
    this.configuration = loadConfiguration(options, this.logging.logger('host.configuration'));
    const { admin, schemas, folder } = this.configuration;
    this.logging.setLevels(logLevelsOf(this.configuration.settings));
    admin.onChange(({ pid }) => {
      if (pid === 'host') this.#settingsChanged();
    });
    const configurationLog = this.logging.logger('host.configuration');
    this.configurations = new ConfigurationExtender({ admin, schemas, clock, log: configurationLog, folder });
    this.components = this.#createComponents();
    this.events = new HostEventAdmin({ clock, log: this.logging.logger('host.events') });
    this.health = new HealthService({ clock, expected: () => this.configuration.settings['host.health.expected'] });
    this.http = new HttpFront({
      clock,
      settings: () => this.configuration.settings,
      log: this.logging.logger('host.http'),
      bundleLog: (bundle) => this.loggerOf(bundle.symbolicName, bundle.id),
      metrics: this.metrics.createView(),
      tracer: () => this.#requestTracer,
    });
    this.#hostHealth = new HostHealth(this, store);
  }

  /** For the core; `host.disabled` is applied live, here. */
  get frameworkProperties(): Readonly<Record<string, string>> {
    return { ...Object.fromEntries(this.configuration.properties), 'host.disabled': '' };
  }

  loggerOf(bundle: string, id: number): Logger {
    return this.logging.logger(bundle, { 'bundle.id': id });
  }

  async prepare({ properties }: HostFramework): Promise<void> {
    this.preferences.sweep();
    this.#tracing = await openTracing(this.configuration.settings, this.logging.logger('host.tracing'));
    this.#requestTracer = this.#tracing?.tracer('host');
    if (!this.options.http) return;
    const url = await this.http.listen();
    this.configuration.properties.set('host.url', url);
    properties.define('host.url', url);
  }

  async open({ system, context }: HostFramework): Promise<void> {
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
    for (const check of [...this.#hostHealth.open(system), ...this.http.checks])
      context.registerService(HealthCheck, check);
    this.#operator = system.operator;
    await this.#applyDisabled(system.operator);
  }

  /** New connections are refused, requests in flight finish. */
  async closing(): Promise<void> {
    if (this.options.http) this.http.stopListening();
    await this.http.whiteboard.drainAll(shutdownDrain);
  }

  async close(): Promise<void> {
    this.#operator = undefined;
    this.#hostHealth.close();
    await this.http.close();
    this.#requestTracer = undefined;
    await this.#tracing?.[Symbol.asyncDispose]();
  }

  #settingsChanged(): void {
    this.logging.setLevels(logLevelsOf(this.configuration.settings));
    if (this.#operator) void this.#applyDisabled(this.#operator);
  }

  /** The patterns in the host's own configuration, live (rule P14). */
  async #applyDisabled(operator: FrameworkOperator): Promise<void> {
    const patterns = this.configuration.settings['host.disabled'];
    if (isDeepStrictEqual(operator.disabledPatterns, patterns)) return;
    try {
      await operator.setDisabledPatterns(patterns);
    } catch (error) {
      this.log.error('host.disabled could not be applied', { patterns, error });
    }
  }

  #createComponents(): ComponentExtender {
    const { settings } = this.configuration;
    return new ComponentExtender({
      clock: this.clock,
      configurations: this.configurations,
      constants: (generation) => this.#constants(generation),
      log: (bundle) => this.loggerOf(bundle.symbolicName, bundle.id),
      drain: settings['host.components.drainTimeout'],
      patience: settings['host.components.patience'],
    });
  }

  /** What a bundle may `@Inject`; its metrics and jobs end with it. */
  #constants({ bundle, context, number }: StartedGeneration): HostConstant[] {
    const { symbolicName } = bundle;
    const log = this.logging.logger(symbolicName, { 'bundle.id': bundle.id, generation: number });
    const metrics = context.subscriptions.add(this.metrics.createView());
    context.subscriptions.add(() => this.preferences.of(symbolicName).flush());
    const scheduler = context.subscriptions.add(this.schedulers.createScheduler(symbolicName, log));
    return [
      { token: LoggerToken, value: log },
      { token: ClockToken, value: this.clock },
      { token: Metrics, value: metrics },
      { token: Tracer, value: this.#tracing?.tracer(symbolicName) ?? untraced },
      { token: Scheduler, value: scheduler },
      { token: Preferences, value: this.preferences.of(symbolicName) },
      { token: BundleContext, value: context },
    ];
  }
}
