import type { Bundle } from '@oxtender/bundle-api';

/** Tokens of the services that the bundle's manifest says it provides. */
export function declaredServices({ headers }: Bundle): readonly string[] {
  return (headers.services as { provides?: readonly string[] } | undefined)?.provides ?? [];
}
