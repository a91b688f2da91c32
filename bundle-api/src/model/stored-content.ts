import type { ByteStream } from '../services/groupware/calls';

/**
 * Bytes that are kept outside of memory by whoever gives them, because they may be many. They can be read, more than once, until
 * the call that they are given to has ended.
 *
 * @public
 */
export interface StoredContent {
  /** Bytes. */
  readonly length: number;
  /** The same for the same bytes: SHA-256, base64url. */
  readonly digest: string;
  /** From the first byte on. */
  stream(): ByteStream;
  /** All in memory: for those who can take them only so. */
  read(): Uint8Array;
}

/** Tells stored bytes from those in memory. @public */
export function isStoredContent(value: unknown): value is StoredContent {
  return typeof value === 'object' && value !== null && 'digest' in value && 'stream' in value;
}
