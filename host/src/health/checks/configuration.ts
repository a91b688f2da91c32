import type { HealthCheck, HealthResult } from '@oxtender/bundle-api';
import { describeFaults, type HostConfigurationAdmin } from '../../configuration/configuration-admin';

/** No configuration is refused, none waits for a restart (rules B3, G16, G17). */
export function configurationCheck(admin: HostConfigurationAdmin): HealthCheck {
  return {
    name: 'configuration',
    run: (): HealthResult => {
      const refused = admin.rejected.map(({ file, faults }) => describeFaults(file, faults));
      if (refused.length > 0)
        return { status: 'WARN', message: `refused, the last good values stay: ${refused.join('; ')}` };
      const waiting = admin.waitingForRestart.map(({ pid, key }) => `${key} of ${pid}`);
      if (waiting.length > 0)
        return { status: 'WARN', message: `waits for a restart of the host: ${waiting.join(', ')}` };
      return { status: 'OK' };
    },
  };
}
