import type { HealthStatus } from '@oxtender/bundle-api';

/** Best first (rule B1). */
export const healthOrder: readonly HealthStatus[] = [
  'OK',
  'WARN',
  'TEMPORARILY_UNAVAILABLE',
  'CRITICAL',
  'HEALTH_CHECK_ERROR',
];

/** A composite is as bad as its worst part. */
export function worst(statuses: Iterable<HealthStatus>): HealthStatus {
  let rank = 0;
  for (const status of statuses) rank = Math.max(rank, healthOrder.indexOf(status));
  return healthOrder[rank] ?? 'OK';
}
