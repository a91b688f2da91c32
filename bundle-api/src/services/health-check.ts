import { serviceToken } from '../framework/token';

/** Worst last (rule B1). @public */
export type HealthStatus = 'OK' | 'WARN' | 'TEMPORARILY_UNAVAILABLE' | 'CRITICAL' | 'HEALTH_CHECK_ERROR';

/** @public */
export interface HealthResult {
  readonly status: HealthStatus;
  /** One sentence for the operator: what is wrong and what to do. */
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Register as a service; `health.tags` (array of strings) and `health.name` are service properties. @public */
export interface HealthCheck {
  readonly name: string;
  readonly tags?: readonly string[];
  run(options: { signal: AbortSignal }): HealthResult | Promise<HealthResult>;
}

/** @public */
export const HealthCheck = serviceToken<HealthCheck>('host.HealthCheck');
