import { serviceToken } from '../framework/token';

/** Worst last (rule B1). @public */
export type HealthStatus = 'OK' | 'WARN' | 'TEMPORARILY_UNAVAILABLE' | 'CRITICAL' | 'HEALTH_CHECK_ERROR';

/** What a check found. @public */
export interface HealthResult {
  readonly status: HealthStatus;
  /** One sentence for the operator: what is wrong and what to do. */
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Register as a service; `health.tags` (array of strings) and `health.name` are service properties. @consumer @public */
export interface HealthCheck {
  readonly name: string;
  readonly tags?: readonly string[];
  /** Called at most every 2 seconds, with a limit of 2 seconds (rule B1). Throwing is HEALTH_CHECK_ERROR. */
  run(options: { signal: AbortSignal }): HealthResult | Promise<HealthResult>;
}

/** Its token: what it is registered and found by. @public */
export const HealthCheck = serviceToken<HealthCheck>('host.HealthCheck');
