import { type PropertyKey, propertyDefaults } from '../framework/framework-properties';

const flag = { enum: ['true', 'false'] } as const;

/** Of `host.disabled` the host itself keeps a list. */
type FrameworkKey = Exclude<PropertyKey, 'host.disabled'>;

/** What operators are told of the keys that the framework reads by itself. */
const keys: Readonly<Record<FrameworkKey, { readonly title: string; readonly enum?: readonly string[] }>> = {
  'host.lockTimeout': { title: 'Time that an operation waits for another of the same bundle, milliseconds' },
  'host.startTimeout': { title: 'Time that a bundle has to start, milliseconds; 0: any' },
  'host.stopTimeout': { title: 'Time that a bundle has to stop, milliseconds; 0: any' },
  'host.serviceDrain': { title: 'Time that users of a service have to finish when its bundle stops, milliseconds' },
  'host.beginningStartLevel': { title: 'Start level that the host goes to: bundles of higher levels are not started' },
  'host.safeMode': { title: 'Start level 1 only, as --safe-mode', ...flag },
  'host.requiredBundles': { title: 'Bundles without which the host does not start, by symbolic name, between commas' },
  'host.resolver.includePrerelease': { title: 'Ranges of versions admit pre-releases', ...flag },
  'host.update.onStopError': {
    title: 'When a bundle does not stop for its update: give the update up, or go on with it',
    enum: ['abort', 'continue'],
  },
  'host.update.onStartError': {
    title: 'When the new version of a bundle does not start: go back to the one before, or keep it',
    enum: ['rollback', 'keep'],
  },
  'host.update.preload': { title: 'Load a new version before the old one stops', ...flag },
  'host.integrity.policy': {
    title: 'Signatures of bundles: not looked at, told of in the log, or necessary',
    enum: ['off', 'warn', 'require'],
  },
  'host.integrity.trustedKeys': { title: 'Ed25519 public keys that may sign bundles: PEM texts, or files with them' },
  'host.integrity.allowDowngrade': { title: 'A signed bundle may be replaced by an older version', ...flag },
};

/** The part of the host's schema that the framework reads, as text, when it starts. */
export const frameworkSchema = Object.fromEntries(
  Object.entries(keys).map(([key, meaning]) => [
    key,
    { type: 'string', default: propertyDefaults[key as FrameworkKey], ...meaning, 'x-restart': 'host' },
  ]),
);
