import type {
  Bundle,
  BundlePermissions,
  Configuration,
  ConfigurationAdmin,
  ServiceFactory,
} from '@oxtender/bundle-api';
import { PermissionError } from '@oxtender/bundle-api';
import { anyOf } from '../framework/permissions';

/** Whether a bundle's manifest permits it a PID: those that it declares, and what `permissions` names (rule X4). */
export function mayConfigure({ headers }: Bundle, pid: string): boolean {
  const permitted = anyOf((headers.permissions as BundlePermissions | undefined)?.config?.pids);
  if (!permitted) return true;
  const base = pid.split(/[~|]/, 1)[0] ?? pid;
  return Object.hasOwn(headers.configuration ?? {}, base) || permitted.test(base) || permitted.test(pid);
}

/** Hands each bundle the configuration admin that its manifest permits it. */
export const permittedAdmins = (admin: ConfigurationAdmin): ServiceFactory<ConfigurationAdmin> => ({
  getService: (bundle) => {
    const { config } = (bundle.headers.permissions ?? {}) as BundlePermissions;
    return config?.pids ? new PermittedConfigurations(admin, bundle) : admin;
  },
  ungetService: () => undefined, // nothing is kept
});

class PermittedConfigurations implements ConfigurationAdmin {
  constructor(
    private readonly admin: ConfigurationAdmin,
    private readonly bundle: Bundle,
  ) {}

  /** @throws PermissionError */
  getConfiguration(pid: string, location?: string): Configuration {
    this.#assertPermitted(pid);
    return this.admin.getConfiguration(pid, location);
  }

  /** @throws PermissionError */
  getFactoryConfiguration(factoryPid: string, name: string, location?: string): Configuration {
    this.#assertPermitted(factoryPid);
    return this.admin.getFactoryConfiguration(factoryPid, name, location);
  }

  listConfigurations(filter?: string): Configuration[] {
    return this.admin.listConfigurations(filter).filter(({ pid }) => mayConfigure(this.bundle, pid));
  }

  #assertPermitted(pid: string): void {
    if (mayConfigure(this.bundle, pid)) return;
    throw new PermissionError(
      `${this.bundle.symbolicName} may not use the configuration ${pid}: its manifest does not permit it`,
    );
  }
}
