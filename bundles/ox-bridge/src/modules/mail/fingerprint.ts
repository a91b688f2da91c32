import type { ItemVersion } from '@oxtender/bundle-api';

/** FNV-1a, 32 bits, and another prime for the second half. */
const offset = 0x811c9dc5;
const primes = [0x01000193, 0x0100022b] as const;

/**
 * Equal for equal listings; the order is the server's, and another order only costs a comparison. 64 bits that are no proof
 * against a forger, who would deceive himself alone, but cost a tenth of a digest's time in a large folder.
 */
export function fingerprint(items: readonly ItemVersion[]): string {
  let [first, second] = [offset, offset];
  const take = (text: string): void => {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      first = Math.imul(first ^ code, primes[0]);
      second = Math.imul(second ^ code, primes[1]);
    }
    // An end, so that no two texts are as good as another two.
    first = Math.imul(first ^ 0xff, primes[0]);
    second = Math.imul(second ^ 0xff, primes[1]);
  };
  for (const { id, version } of items) {
    take(id);
    take(version);
  }
  return `${(first >>> 0).toString(36)}.${(second >>> 0).toString(36)}.${items.length}`;
}
