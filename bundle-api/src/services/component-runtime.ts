import type { Bundle } from '../framework/bundle';
import { serviceToken } from '../framework/token';

/** Rule C8. @public */
export type ComponentState =
  'disabled' | 'unsatisfied-configuration' | 'unsatisfied-reference' | 'satisfied' | 'activating' | 'active' | 'failed';

/** One reference of a component as it stands. @public */
export interface ReferenceReport {
  readonly name: string;
  /** Id of the token. */
  readonly service: string;
  readonly target: string | undefined;
  readonly cardinality: string;
  readonly policy: string;
  readonly satisfied: boolean;
  /** `service.id` of the services bound. */
  readonly bound: readonly number[];
  /** For an unsatisfied one: what comes nearest, and why it does not do. */
  readonly candidates: readonly string[];
}

/** One component configuration (rule C30). @public */
export interface ComponentReport {
  readonly bundle: Bundle;
  readonly name: string;
  readonly state: ComponentState;
  readonly provides: readonly string[];
  readonly references: readonly ReferenceReport[];
  readonly properties: Readonly<Record<string, unknown>>;
  /** PIDs that it is configured by. */
  readonly pids: readonly string[];
  /** Why it is not active, in one sentence; undefined when it is, or could be. */
  readonly reason: string | undefined;
}

/** Looks into, enables and disables components. OSGi Compendium, "Service Component Runtime". @public */
export interface ServiceComponentRuntime {
  /** Components of all bundles, or of one. */
  list(bundle?: Bundle): ComponentReport[];
  /** Survives changes of configuration, not a restart of the bundle (rule C28). Resolves when it took effect. */
  setEnabled(bundle: Bundle, name: string, enabled: boolean): Promise<void>;
}

/** Its token: what it is registered and found by. @public */
export const ServiceComponentRuntime = serviceToken<ServiceComponentRuntime>('host.ServiceComponentRuntime');

/** Makes instances of a factory component; service property `component.factory` (rule C29). @public */
export interface ComponentFactory<T = unknown> {
  /** @throws what the activation threw */
  newInstance(properties?: Readonly<Record<string, unknown>>): Promise<ComponentInstance<T>>;
}

/** Its token: what it is registered and found by. @public */
export const ComponentFactory = serviceToken<ComponentFactory>('host.ComponentFactory');

/** What a {@link ComponentFactory} made. @public */
export interface ComponentInstance<T = unknown> extends AsyncDisposable {
  readonly instance: T;
  /** Deactivates it. Disposing it again does nothing. */
  dispose(): Promise<void>;
}
