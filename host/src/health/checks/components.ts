import type {
  ComponentReport,
  Framework,
  HealthCheck,
  HealthResult,
  ServiceComponentRuntime,
} from '@oxtender/bundle-api';
import type { HostConfigurationAdmin } from '../../configuration/configuration-admin';
import { worst } from '../status';
import { switchedOff } from './switched-off';

const unwell: ReadonlySet<ComponentReport['state']> = new Set(['unsatisfied-reference', 'activating', 'failed']);

/**
 * Every component has what it needs (rule B3). A factory's or one without its required configuration is idle, not ill,
 * unless there is one that is refused; one that waits for a bundle which the operator has disabled is a warning: it can
 * not be otherwise until that is enabled.
 */
export function componentsCheck(
  framework: Framework,
  runtime: ServiceComponentRuntime,
  configurations: Pick<HostConfigurationAdmin, 'rejectedOf'>,
): HealthCheck {
  const isRefused = ({ state, pids }: ComponentReport): boolean =>
    state === 'unsatisfied-configuration' && configurations.rejectedOf(pids).length > 0;
  return {
    name: 'components',
    tags: ['ready'],
    run: (): HealthResult => {
      const reports = runtime.list();
      const waiting = reports.filter((report) => unwell.has(report.state) || isRefused(report));
      if (waiting.length === 0) return { status: 'OK' };
      const off = switchedOff(framework, reports);
      return {
        status: worst(waiting.map((each) => statusOf(each, off))),
        message: waiting.map((each) => textOf(each, off)).join('; '),
      };
    },
  };
}

function statusOf(component: ComponentReport, off: ReadonlyMap<ComponentReport, string>): HealthResult['status'] {
  if (off.has(component)) return 'WARN';
  return component.state === 'failed' ? 'CRITICAL' : 'TEMPORARILY_UNAVAILABLE';
}

function textOf(component: ComponentReport, off: ReadonlyMap<ComponentReport, string>): string {
  const { name, state, reason } = component;
  const because = off.get(component) ?? reason;
  return `${name} is ${state}${because === undefined ? '' : `: ${because}`}`;
}
