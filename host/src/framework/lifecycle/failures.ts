import { BundleError } from '@oxtender/bundle-api';
import type { HostFramework } from '../host-framework';
import type { Installation } from '../installation';

/** What extenders say that failed of the bundle: a component that does not activate leaves its bundle ACTIVE. */
export function failuresOf({ extenders }: HostFramework, { bundle }: Installation): ReadonlyMap<string, string> {
  return new Map(extenders.flatMap((extender) => [...(extender.failures?.(bundle) ?? [])]));
}

/** @throws BundleError when a part fails that did not fail in the generation before */
export function assertNothingBroke(
  host: HostFramework,
  installation: Installation,
  before: ReadonlyMap<string, string>,
): void {
  const broken = [...failuresOf(host, installation)].filter(([part]) => !before.has(part));
  if (broken.length === 0) return;
  const text = broken.map(([part, reason]) => `${part}: ${reason}`).join('; ');
  throw new BundleError('ACTIVATOR_ERROR', text);
}
