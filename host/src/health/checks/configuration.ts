import type { HealthCheck, HealthResult } from '@oxtender/bundle-api';
import { describeFaults, type HostConfigurationAdmin } from '../../configuration/configuration-admin';

/** No configuration is refused (rules B3, G16). */
export function configurationCheck(admin: HostConfigurationAdmin): HealthCheck {
  return {
    name: 'configuration',
    run: (): HealthResult => {
      const texts = admin.rejected.map(({ file, faults }) => describeFaults(file, faults));
      return texts.length === 0
        ? { status: 'OK' }
        : { status: 'WARN', message: `refused, the last good values stay: ${texts.join('; ')}` };
    },
  };
}
