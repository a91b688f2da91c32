import type { Framework, HealthCheck } from '@oxtender/bundle-api';
import { bundlesCheck } from '../health/checks/bundles';
import { componentsCheck } from '../health/checks/components';
import { configurationCheck } from '../health/checks/configuration';
import { leaksCheck } from '../health/checks/leaks';
import { diskCheck, eventLoopCheck, heapCheck } from '../health/checks/process';
import { startLevelCheck } from '../health/checks/start-level';
import { taintedCheck } from '../health/checks/tainted';
import type { HostServices } from './host-services';

/** The host's checks of itself (rule B3). */
export class HostHealth {
  #eventLoop: (HealthCheck & Disposable) | undefined;

  /** @param folder - whose disk must have room; none: nothing is written */
  constructor(
    private readonly services: Pick<HostServices, 'components' | 'configuration'>,
    private readonly folder: string | undefined,
  ) {}

  /** From here on the event loop is watched. */
  open(framework: Framework): HealthCheck[] {
    const { components, configuration } = this.services;
    this.#eventLoop = eventLoopCheck();
    return [
      startLevelCheck(framework),
      bundlesCheck(framework),
      componentsCheck(framework, components, configuration.admin),
      configurationCheck(configuration.admin),
      taintedCheck(framework),
      leaksCheck(framework),
      this.#eventLoop,
      heapCheck(),
      ...(this.folder === undefined ? [] : [diskCheck(this.folder)]),
    ];
  }

  close(): void {
    this.#eventLoop?.[Symbol.dispose]();
    this.#eventLoop = undefined;
  }
}
