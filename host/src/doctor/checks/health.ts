import type { DiagnosticCheck, Finding, HealthStatus, Verdict } from '@oxtender/bundle-api';
import type { HealthService } from '../../health/health-service';

const verdicts: Readonly<Record<HealthStatus, Verdict>> = {
  OK: 'ok',
  WARN: 'warn',
  TEMPORARILY_UNAVAILABLE: 'fail',
  CRITICAL: 'fail',
  HEALTH_CHECK_ERROR: 'fail',
};

/** What the health checks find: bundles, components, configurations, memory. */
export function healthCheck(health: HealthService): DiagnosticCheck {
  return {
    name: 'health',
    run: async () => {
      const { checks } = await health.report();
      const findings = checks
        .filter(({ status }) => status !== 'OK')
        .map(({ name, status, message }): Finding => ({
          verdict: verdicts[status],
          message: `${name}: ${message ?? status}`,
          remedy: 'oxtender explain NAME says why a bundle or component does not run',
        }));
      return findings.length > 0 ? findings : [{ verdict: 'ok', message: `all ${checks.length} health checks are OK` }];
    },
  };
}
