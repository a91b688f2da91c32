import { randomBytes } from 'node:crypto';

/** Not to be guessed: 192 bits, as text that may stand in a URL. */
export function randomToken(): string {
  return randomBytes(24).toString('base64url');
}
