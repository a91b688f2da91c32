import { createHash, timingSafeEqual } from 'node:crypto';
import { AjpError } from '../ajp-error';

/** What the web server must say with each request; empty: nothing. */
export class Secret {
  readonly #digest: Buffer | undefined;

  constructor(secret: string) {
    this.#digest = secret === '' ? undefined : digestOf(secret);
  }

  /** @throws AjpError FORBIDDEN */
  check(said: string | undefined): void {
    if (!this.#digest) return;
    if (said === undefined) throw new AjpError('FORBIDDEN', 'a request without a secret: set secret= in Apache');
    if (!timingSafeEqual(digestOf(said), this.#digest))
      throw new AjpError('FORBIDDEN', 'a request with another secret');
  }
}

/** Of one length whatever was said. */
function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'latin1').digest();
}
