import type { Framework, Logger } from '@oxtender/bundle-api';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFramework } from '../framework/host-framework';
import type { LogOutput } from '../log/destination';
import { installBundles } from './bundle-folders';
import type { HostOptions } from './command-line';
import { assemble } from './create-framework';
import type { HostServices } from './host-services';

/** The framework as a program: everything below one data folder, the bundles of the folders that it is given. */
export class Host {
  readonly services: HostServices;
  readonly #framework: HostFramework;

  /** @throws Error when a setting of the host itself is wrong */
  constructor(
    readonly options: HostOptions,
    output: LogOutput,
  ) {
    const { data, overrides, safeMode } = options;
    const below = (name: string): string => join(data, name);
    for (const folder of [data, below('conf')]) mkdirSync(folder, { recursive: true, mode: 0o750 });
    const { framework, services } = assemble({
      store: below('store'),
      dataFolder: below('bundles'),
      bundleFolder: below('bundle.d'),
      configurationFolder: below('conf'),
      configuration: Object.fromEntries(overrides),
      properties: { 'host.data': data, ...(safeMode && { 'host.safeMode': 'true' }) },
      log: output,
      http: true,
      adminFolder: data,
      deployFolder: below('deploy'),
      guardProcess: true,
    });
    this.services = services;
    this.#framework = framework;
    services.metrics.collectProcess();
  }

  get framework(): Framework {
    return this.#framework.system;
  }

  get log(): Logger {
    return this.services.log;
  }

  /** Listens, and starts the bundles. @returns the URL of the host. @throws Error when another host runs on the data folder */
  async start(): Promise<string> {
    const { framework } = this;
    await framework.init();
    const { context, properties } = this.#framework;
    await installBundles(context, {
      folders: this.options.bundles,
      settingsFolder: join(this.options.data, 'bundle.d'),
      log: this.log,
      operator: framework.operator,
    });
    await framework.start();
    return properties.get('host.url') ?? '';
  }

  /** Resolves when the checks tagged `ready`, and those of the `backend`, let phones synchronise, some perhaps with a warning; says once what it waits for. */
  async ready(signal: AbortSignal): Promise<void> {
    const { health, clock } = this.services;
    let told = '';
    for (;;) {
      const { status, checks } = await health.report(['ready', 'backend']);
      if (status === 'OK' || status === 'WARN') return;
      const waiting = checks
        .flatMap(({ message, status: each }) => (each === 'OK' || message === undefined ? [] : [message]))
        .join('; ');
      if (waiting !== told) this.log.info('not ready yet', { waiting });
      told = waiting;
      await clock.sleep(100, { signal });
    }
  }

  /** Requests in flight finish, bundles stop, everything is closed. */
  async stop(): Promise<void> {
    await this.framework.stop();
  }
}
