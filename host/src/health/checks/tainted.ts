import type { Framework, HealthCheck, HealthResult } from '@oxtender/bundle-api';

/** No bundle was stopped by force, so that its code may still run (rules B3, L22). */
export function taintedCheck(framework: Framework): HealthCheck {
  return {
    name: 'tainted bundles',
    run: (): HealthResult => {
      const tainted = (framework.context?.getBundles() ?? []).filter(
        (bundle) => bundle.id !== 0 && framework.operator.status(bundle).tainted,
      );
      if (tainted.length === 0) return { status: 'OK' };
      const names = tainted.map(({ symbolicName }) => symbolicName).join(', ');
      return {
        status: 'WARN',
        message: `${names} did not stop in time, its code may still run: restart the host when you can`,
      };
    },
  };
}
