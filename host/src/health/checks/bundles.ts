import type { Bundle, Framework, HealthCheck, HealthResult } from '@oxtender/bundle-api';

/** Every bundle that should run does (rule B3). */
export function bundlesCheck(framework: Framework): HealthCheck {
  return {
    name: 'bundles',
    tags: ['ready'],
    run: (): HealthResult => {
      const down = (framework.context?.getBundles() ?? []).filter(
        (bundle) => isExpected(framework, bundle) && !isUp(bundle),
      );
      if (down.length === 0) return { status: 'OK' };
      const texts = down.map((bundle) => {
        const { lastError } = framework.operator.status(bundle);
        return `${bundle.symbolicName} is ${bundle.state}${lastError === undefined ? '' : ` (${lastError})`}`;
      });
      return { status: 'TEMPORARILY_UNAVAILABLE', message: `${texts.join('; ')}. See: oxtender explain NAME` };
    },
  };
}

function isExpected(framework: Framework, bundle: Bundle): boolean {
  if (bundle.id === 0) return false;
  const { autostart, disabled, startLevel } = framework.operator.status(bundle);
  return autostart !== 'stopped' && !disabled && startLevel <= framework.startLevel.level;
}

/** A lazy bundle waits in STARTING for its first use (rule L17). */
function isUp(bundle: Bundle): boolean {
  return bundle.state === 'ACTIVE' || (bundle.state === 'STARTING' && bundle.headers.activation === 'lazy');
}
