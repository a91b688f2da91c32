import type { Framework, HealthCheck, HealthResult } from '@oxtender/bundle-api';

/** The framework has arrived at its start level (rule B3). */
export function startLevelCheck(framework: Framework): HealthCheck {
  return {
    name: 'start level',
    tags: ['ready'],
    run: (): HealthResult =>
      framework.state === 'ACTIVE'
        ? { status: 'OK', details: { level: framework.startLevel.level } }
        : {
            status: 'TEMPORARILY_UNAVAILABLE',
            message: `the host is ${framework.state} at level ${framework.startLevel.level}`,
          },
  };
}
