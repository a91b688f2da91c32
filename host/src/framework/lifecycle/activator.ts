import type { BundleActivator } from '@oxtender/bundle-api';

/**
 * Makes the activator from its module's default export: a class or an object with `start`.
 *
 * @throws TypeError when it is neither (rule L13)
 */
export function createActivator(exports: unknown, path: string): BundleActivator {
  const exported = defaultExport(exports);
  const activator: unknown = typeof exported === 'function' ? new (exported as new () => unknown)() : exported;
  if (!isActivator(activator)) throw new TypeError(`${path} exports no activator: a class or an object with start()`);
  return activator;
}

function defaultExport(exports: unknown): unknown {
  if (typeof exports === 'object' && exports !== null && 'default' in exports) return exports.default;
  return exports;
}

function isActivator(value: unknown): value is BundleActivator {
  return typeof value === 'object' && value !== null && typeof (value as Partial<BundleActivator>).start === 'function';
}
