import type { Bundle } from '@oxtender/bundle-api';
import type { ListenerEntry } from './listener-index';
import type { ServiceRecord } from './service-record';

/** What one bundle has in the registry: kept exact at all times (rule S17), and undone when it stops (rule L20). */
export class ServiceLedger {
  /** In order of registration. */
  readonly registered = new Set<ServiceRecord>();
  readonly used = new Set<ServiceRecord>();
  readonly listeners = new Set<ListenerEntry>();

  constructor(readonly bundle: Bundle) {}
}
