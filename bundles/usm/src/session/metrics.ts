import type { Metrics } from '@oxtender/bundle-api';
import type { UsmServices } from './usm-services';

/** Figures that cost nothing until somebody looks. */
export function observe({ waits, watches, states }: UsmServices, metrics: Metrics): void {
  const gauge = (name: string, help: string, collect: () => number): unknown => metrics.gauge({ name, help, collect });
  gauge('usm_waiting_devices', 'Devices that wait for changes', () => waits.count);
  gauge('usm_watched_users', 'Users whose folders are watched', () => watches.count);
  gauge('usm_state_cache_bytes', 'Bytes of sync states in memory', () => states.cache.size);
}
