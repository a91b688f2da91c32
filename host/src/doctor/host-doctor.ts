import type { BundleContext, Clock } from '@oxtender/bundle-api';
import { basePid, factoryPidOf } from '../configuration/pid';
import type { HealthService } from '../health/health-service';
import type { HostConfiguration } from '../launch/host-configuration';
import { certificateCheck } from './checks/certificate';
import { healthCheck } from './checks/health';
import { permissionsCheck } from './checks/permissions';
import { diskSpaceCheck, nodeCheck, openFilesCheck } from './checks/process';
import { Doctor } from './doctor';
import type { SecretSource } from './secret-files';

export interface DoctorParts {
  readonly context: BundleContext;
  readonly clock: Clock;
  readonly data: string;
  readonly configuration: HostConfiguration;
  readonly health: HealthService;
}

/** The doctor with the host's own checks; bundles bring theirs. */
export function hostDoctor({ context, clock, data, configuration, health }: DoctorParts): Doctor {
  const own = [
    nodeCheck,
    openFilesCheck,
    diskSpaceCheck(data),
    permissionsCheck(data, () => {
      // Whoever asks has perhaps just written the file, and the folder's watcher has not told of it yet.
      configuration.admin.rescan();
      return secretSources(configuration);
    }),
    healthCheck(health),
    certificateCheck(clock),
  ];
  return new Doctor({ context, clock, own });
}

/** The configurations there are, as far as secrets stand in them. */
export function secretSources({ admin, schemas }: Pick<HostConfiguration, 'admin' | 'schemas'>): SecretSource[] {
  return admin.listConfigurations().map(({ pid }) => {
    const text = admin.textOf(pid) ?? '';
    const values = admin.evaluationOf(pid).properties ?? {};
    const schema = schemas.get(factoryPidOf(pid) ?? basePid(pid));
    const secrets = Object.entries(values).filter(
      ([key, value]) => schema?.isSecret(key) === true && typeof value === 'string' && value !== '',
    );
    // What comes from elsewhere does not stand in the file.
    const hasSecret = secrets.some(([, value]) => text.includes(String(value)));
    return { file: admin.fileOf(pid), text, hasSecret, values };
  });
}
