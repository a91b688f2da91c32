import { createHash, type Hash, randomUUID } from 'node:crypto';
import { type ClientChange, isStoredContent } from '@oxtender/bundle-api';

/** Bytes that are written to the hash at a time. */
const pieceLength = 4096;

/** Hash of what a device sent; empty when it cannot be told, so that it equals nothing. */
export function contentHash(change: ClientChange): string {
  if (change.kind !== 'change') return hashOf(change);
  if (change.fingerprint !== undefined) return hashOf([change.serverId, change.occurrence, change.fingerprint]);
  return typeof change.patch === 'function' ? '' : hashOf(change);
}

/**
 * 27 characters: the hash of the value as JSON. Hashes are stored, and a request that is repeated after an upgrade must
 * have the same one. In it a Buffer is a list of numbers, as its `toJSON` has it; that text is made piece by piece.
 */
export function hashOf(value: unknown): string {
  const buffers: Buffer[] = [];
  let mark = '';
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('base64');
    if (isStoredContent(part)) return part.digest;
    return replaceBuffers(part, (buffer) => `${(mark ||= randomUUID())}/${buffers.push(buffer) - 1}`);
  });
  const hash = createHash('sha1');
  const pieces = mark === '' ? [text] : text.split(new RegExp(`"${mark}/(\\d+)"`));
  for (const [at, piece] of pieces.entries()) {
    const buffer = at % 2 === 1 ? buffers[Number(piece)] : undefined;
    if (buffer) addNumbers(hash, buffer);
    else hash.update(piece);
  }
  return hash.digest('base64url');
}

/** The part of a value with other texts where it holds Buffers, before anybody calls their `toJSON`. */
function replaceBuffers(part: unknown, replace: (buffer: Buffer) => string): unknown {
  if (typeof part !== 'object' || part === null || !Object.values(part).some((one) => Buffer.isBuffer(one)))
    return part;
  const replaced = (one: unknown): unknown => (Buffer.isBuffer(one) ? replace(one) : one);
  if (Array.isArray(part)) return part.map(replaced);
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, replaced(one)]));
}

/** The text of `JSON.stringify(buffer)`. */
function addNumbers(hash: Hash, buffer: Buffer): void {
  hash.update('{"type":"Buffer","data":[');
  for (let at = 0; at < buffer.length; at += pieceLength) {
    if (at > 0) hash.update(',');
    hash.update(buffer.subarray(at, at + pieceLength).join(','));
  }
  hash.update(']}');
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
