import type { Bundle } from '@oxtender/bundle-api';

/** Tokens that the bundle's `DeferredActivator` waits for, which its health check has as a property (rule C32). */
export function missingServices(bundle: Bundle): readonly string[] {
  return bundle.getRegisteredServices().flatMap((reference) => {
    const missing = reference.getProperty('services.missing');
    return Array.isArray(missing) ? (missing as string[]) : [];
  });
}
