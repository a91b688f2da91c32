import type { HealthCheck, HealthResult, ServiceComponentRuntime } from '@oxtender/bundle-api';

/** Every component has what it needs (rule B3). A factory's or one without its required configuration is idle, not ill. */
export function componentsCheck(runtime: ServiceComponentRuntime): HealthCheck {
  return {
    name: 'components',
    tags: ['ready'],
    run: (): HealthResult => {
      const waiting = runtime
        .list()
        .filter(({ state }) => state === 'unsatisfied-reference' || state === 'activating' || state === 'failed');
      if (waiting.length === 0) return { status: 'OK' };
      const texts = waiting.map(
        ({ name, state, reason }) => `${name} is ${state}${reason === undefined ? '' : `: ${reason}`}`,
      );
      const failed = waiting.some(({ state }) => state === 'failed');
      return { status: failed ? 'CRITICAL' : 'TEMPORARILY_UNAVAILABLE', message: texts.join('; ') };
    },
  };
}
