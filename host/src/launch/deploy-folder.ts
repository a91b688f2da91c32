import { join } from 'node:path';
import { HotDeploy } from '../deploy/hot-deploy';
import type { Extender } from '../framework/extender';
import type { HostFramework } from '../framework/host-framework';
import type { HostServices } from './host-services';

/** Watches the deploy folder while the framework runs (rule O5). */
export class DeployFolder implements Extender {
  readonly name = 'deploy folder';
  readonly phase = 'configuration';
  #deploy: HotDeploy | undefined;

  /** @param store - where it remembers what it did; default the folder itself */
  constructor(
    private readonly folder: string,
    private readonly services: HostServices,
    private readonly store = folder,
  ) {}

  open({ system, context }: HostFramework): void {
    const { clock, logging, configuration } = this.services;
    const { 'host.deploy.startNew': startNew, 'host.deploy.onRemove': onRemove } = configuration.settings;
    context.addFrameworkListener(({ type }) => {
      if (type !== 'STARTED') return;
      this.#deploy = new HotDeploy({
        folder: this.folder,
        stateFile: join(this.store, 'deployed.json'),
        framework: system,
        context,
        clock,
        log: logging.logger('host.deploy'),
        startNew,
        onRemove,
      });
    });
  }

  async closing(): Promise<void> {
    await this.#deploy?.[Symbol.asyncDispose]();
    this.#deploy = undefined;
  }
}
