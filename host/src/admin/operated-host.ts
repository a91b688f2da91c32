import type { BundleContext, Clock, Framework, Logger } from '@oxtender/bundle-api';
import type { ComponentExtender } from '../components/component-extender';
import type { HostConfiguration } from '../launch/host-configuration';
import type { ConfigurationExtender } from '../configuration/configuration-extender';
import type { Doctor } from '../doctor/doctor';
import type { PreferenceFiles } from '../configuration/preferences';
import type { HostEventAdmin } from '../events/event-admin';
import type { HealthService } from '../health/health-service';
import type { HttpWhiteboard } from '../http/whiteboard';
import type { Logging } from '../log/logging';
import type { MetricsRegistry } from '../metrics/metrics-registry';
import type { Schedulers } from '../scheduler/scheduler';
import type { AuditTrail } from './audit-trail';

/** What the host's own commands look into and act on. */
export interface OperatedHost {
  readonly framework: Framework;
  /** Of the framework. */
  readonly context: BundleContext;
  readonly clock: Clock;
  readonly components: ComponentExtender;
  readonly configuration: HostConfiguration;
  readonly configurations: ConfigurationExtender;
  readonly events: HostEventAdmin;
  readonly health: HealthService;
  readonly doctor: Doctor;
  readonly whiteboard: HttpWhiteboard;
  readonly logging: Logging;
  readonly metrics: MetricsRegistry;
  readonly preferences: PreferenceFiles;
  readonly schedulers: Schedulers;
  readonly audit: AuditTrail;
  readonly log: Logger;
  /** Absolute path of the data folder. */
  readonly data: string;
}
