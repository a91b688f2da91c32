import {
  Activate,
  Clock,
  Component,
  type ComponentContext,
  Config,
  Deactivate,
  DiagnosticCheck,
  DisposableStore,
  Inject,
} from '@oxtender/bundle-api';
import type { EasConfig } from '../config';
import { autodiscoverCheck } from './autodiscover';
import { heartbeatCheck } from './heartbeat';
import { Probe } from './probe';
import { publicAddressCheck } from './public-address';

/** What `oxtender doctor` looks at from outside, as a device would. There even while the endpoint is not. */
@Component({ name: 'eas.diagnosis', immediate: true, configurationPid: ['eas'] })
export class EasDiagnosis {
  readonly #held = new DisposableStore();

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Config() private readonly config: EasConfig,
  ) {}

  @Activate()
  activate({ bundleContext }: ComponentContext): void {
    const { clock, config } = this;
    const alias = config['com.openexchange.usm.eas.alias'];
    const openProbe = (): Probe => new Probe(bundleContext, clock, alias);
    const checks = [
      publicAddressCheck({ alias, largestBody: config['com.openexchange.usm.eas.max_request_size'], openProbe }),
      heartbeatCheck({ longest: config['com.openexchange.usm.eas.ping.max_heartbeat'], clock, openProbe }),
      autodiscoverCheck(alias),
    ];
    for (const check of checks) this.#held.add(bundleContext.registerService(DiagnosticCheck, check));
  }

  @Deactivate()
  deactivate(): Promise<void> {
    return this.#held.dispose();
  }
}
