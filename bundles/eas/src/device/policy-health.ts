import type { HealthCheck } from '@oxtender/bundle-api';

/** Tells operators of settings in their policies that devices do not get. */
export function policyHealth(faults: readonly string[]): HealthCheck {
  return {
    name: 'eas.policy',
    run: () =>
      faults.length === 0
        ? { status: 'OK' }
        : { status: 'WARN', message: `correct policy settings in eas.properties: ${faults.join('; ')}` },
  };
}
