import { createHash } from 'node:crypto';
import { type ClientChange, isStoredContent } from '@oxtender/bundle-api';

/** Hash of what a device sent; empty when it cannot be told, so that it equals nothing. */
export function contentHash(change: ClientChange): string {
  if (change.kind !== 'change') return hashOf(change);
  if (change.fingerprint !== undefined) return hashOf([change.serverId, change.occurrence, change.fingerprint]);
  return typeof change.patch === 'function' ? '' : hashOf(change);
}

/** 27 characters. */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('base64');
    return isStoredContent(part) ? part.digest : part;
  });
  return createHash('sha1').update(text).digest('base64url');
}

/** A text of the form of a UUID, the same for the same parts. */
export function stableUuid(...parts: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
