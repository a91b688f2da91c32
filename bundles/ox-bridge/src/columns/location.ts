import type { Location } from '@oxtender/bundle-api';

/** A place as the one line that OX keeps. */
export function oneLine({ displayName, street, city, state, postalCode, country }: Location): string {
  if (displayName !== undefined) return displayName;
  return [street, [postalCode, city].filter(Boolean).join(' '), state, country].filter(Boolean).join(', ');
}
