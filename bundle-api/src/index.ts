export * from './errors';
export * from './disposable';
export * from './framework/token';
export * from './framework/bundle';
export * from './framework/registry';
export * from './framework/clock';
export * from './components/decorators';
export * from './components/deferred-activator';
export {
  type Cardinality,
  type ComponentContext,
  type ComponentMetadata,
  type ComponentOptions,
  type DeactivationReason,
  type ParameterSource,
  type ReferenceOptions,
  componentMetadata,
} from './components/metadata';
export * from './model/stored-content';
export * from './model/values';
export * from './model/folder';
export * from './model/contact';
export * from './model/appointment';
export * from './model/task';
export * from './model/note';
export * from './model/message';
export * from './model/item';
export * from './services/logger';
export * from './services/http-connections';
export * from './services/http-whiteboard';
export * from './services/health-check';
export * from './services/diagnostic-check';
export * from './services/metrics';
export * from './services/tracer';
export * from './services/console-command';
export * from './services/operator-commands';
export * from './services/scheduler';
export * from './services/groupware/calls';
export * from './services/groupware/groupware-error';
export * from './services/groupware/groupware-bridge';
export * from './services/groupware/groupware-session';
export * from './services/groupware/items';
export * from './services/groupware/change-watch';
export * from './services/groupware/mail';
export * from './services/groupware/invitations';
export * from './services/groupware/directory';
export * from './services/groupware/free-busy';
export * from './services/groupware/out-of-office';
export * from './services/sync-engine';
export * from './services/device-registry';
export * from './services/database';
export * from './services/cluster-bus';
export * from './services/rate-limits';
export * from './services/configuration-admin';
export * from './services/event-admin';
export * from './services/component-runtime';
export * from './services/log-reader';
export * from './framework/manifest';
export * from './framework/hooks';
export * from './framework/framework';
export { type Comparison, type FilterNode, escapeFilterValue } from './framework/filter/node';
export { Filter, type PropertySource, type PropertyTable, createFilter } from './framework/filter/filter';
export * from './framework/filter/builder';
export { ServiceTracker, type ServiceTrackerCustomizer } from './framework/tracker/service-tracker';
export { AsyncServiceTracker, type AsyncServiceTrackerCustomizer } from './framework/tracker/async-service-tracker';
export { BundleTracker, type BundleTrackerCustomizer } from './framework/tracker/bundle-tracker';
export type { Customizer } from './framework/tracker/tracked';
export * from './services/preferences';
