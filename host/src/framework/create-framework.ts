import type { Framework } from '@oxtender/bundle-api';
import { type FrameworkOptions, HostFramework } from './host-framework';

/**
 * Makes a framework that knows bundles, services and modules, and no components, HTTP or configuration: what the
 * extenders add. Returns the system bundle; nothing runs before `init` or `start`.
 */
export function createFramework(options: FrameworkOptions = {}): Framework {
  return new HostFramework(options).system;
}
